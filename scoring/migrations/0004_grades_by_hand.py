"""Grades set by hand, which are history too, and the causes of a change that come with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_history_is_kept"),
        ("leads", "0003_history_is_kept"),
        ("scoring", "0003_history_is_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="scorechange",
            name="cause",
            field=models.CharField(
                choices=[
                    ("edit", "Edited"),
                    ("import", "Imported"),
                    ("answer", "BANT answer"),
                    ("activity", "Activity"),
                    ("company", "Company edited"),
                    ("decay", "Time passed"),
                    ("override", "Grade set by hand"),
                    ("recycle", "Released by sales"),
                    ("activation", "New version"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="GradeOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grade",
                    models.CharField(choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1),
                ),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(help_text="The end of a day in the company's zone.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["lead", "-id"], name="override_of_lead"),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["ends_at"],
                        name="override_to_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("lead",),
                        name="one_open_override_a_lead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("at"))),
                        name="override_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
                    ),
                ],
            },
        ),
        KeepHistory("scoring.GradeOverride", free=("ended_at", "ended_by"), cleared=("by",)).creating,
    ]
