"""Recycled, returned, marked as duplicate, disqualified, and taken back."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.history import KeepHistory

FREE = ("seen_at", "seen_by")


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0006_reopening_and_redo"),
        ("feedback", "0003_history_is_kept"),
        ("leads", "0004_custom_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        KeepHistory("feedback.Decision", free=FREE).dropping,
        migrations.RemoveConstraint(
            model_name="decision",
            name="rejection_has_a_reason",
        ),
        migrations.AddField(
            model_name="assignment",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="before",
            field=models.JSONField(
                blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="twin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="leads.lead",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="undone_by",
                to="feedback.decision",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="held_until",
            field=models.DateTimeField(
                blank=True,
                help_text="In the pool: it is not dealt before, but may be claimed.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("accept", "Accepted"),
                    ("reject", "Rejected"),
                    ("recycle", "Recycled"),
                    ("return", "Returned"),
                    ("duplicate", "Marked as duplicate"),
                    ("disqualify", "Disqualified"),
                    ("undo", "Took it back"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "In the pool"),
                    ("assigned", "Assigned"),
                    ("accepted", "Accepted"),
                    ("rejected", "Rejected"),
                    ("recycled", "Recycled"),
                    ("duplicate", "Duplicate"),
                    ("disqualified", "Disqualified"),
                    ("withdrawn", "Withdrawn"),
                    ("qualified", "Qualified"),
                    ("won", "Won"),
                    ("lost", "Lost"),
                ],
                default="waiting",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["reject", "disqualify"]), _negated=True),
                    ("reason__isnull", False),
                    _connector="OR",
                ),
                name="rejection_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "recycle"), _negated=True), ("until__isnull", False), _connector="OR"
                ),
                name="recycling_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), _negated=True), ("undoes__isnull", False), _connector="OR"
                ),
                name="undo_names_its_decision",
            ),
        ),
        KeepHistory("feedback.Decision", free=FREE, cleared=("twin",)).creating,
    ]
