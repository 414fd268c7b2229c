"""Team hours, company holidays and pauses; a pause stays as it was written, but for its end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0011_pool"),
        ("users", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyHoliday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("label", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="TeamHours",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hours",
                        serialize=False,
                        to="users.team",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="feedback.workingcalendar",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "team hours",
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="feedback.assignment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["until"], name="pause_that_may_run"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("assignment",),
                        name="one_pause_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lt", models.F("until"))),
                        name="pause_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(
                                ("ended_at__gte", models.F("starts_at")), ("ended_at__lte", models.F("until"))
                            ),
                            _connector="OR",
                        ),
                        name="pause_is_ended_within_it",
                    ),
                ],
            },
        ),
        KeepHistory("feedback.Pause", free=("ended_at",)).creating,
    ]
