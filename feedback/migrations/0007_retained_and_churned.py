"""Customers are retained, again and again, or churn."""

from django.conf import settings
from django.db import migrations, models

from core.history import KeepHistory

KEPT = KeepHistory("feedback.Outcome", free=("amount_reporting",))


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0006_reopening_and_redo"),
        ("feedback", "0006_notice_settings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        KEPT.dropping,
        migrations.RemoveConstraint(
            model_name="outcome",
            name="outcome_once_a_handoff",
        ),
        migrations.AlterField(
            model_name="outcome",
            name="kind",
            field=models.CharField(
                choices=[
                    ("qualified", "Qualified"),
                    ("won", "Won"),
                    ("lost", "Lost"),
                    ("retained", "Retained"),
                    ("churned", "Churned"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "retained"), _negated=True),
                fields=("handoff", "kind"),
                name="outcome_once_a_handoff",
            ),
        ),
        KEPT.creating,
    ]
