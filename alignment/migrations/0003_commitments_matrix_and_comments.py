from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# SQLite rebuilds the tables: the triggers go first and come back in 0004.
frozen = import_module("alignment.migrations.0002_immutable_versions")


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0002_immutable_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        frozen.FROZEN_VERSIONS.dropping,
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leads", "Sales-ready leads a month"),
                            ("acceptance", "Accepted by sales"),
                            ("follow_up", "Followed up in time"),
                            ("feedback", "Decided in time"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True, choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1
                    ),
                ),
                ("amount", models.PositiveIntegerField(help_text="Leads a month, or percent.")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("what", models.CharField(help_text="The edit in words.", max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-revision"],
            },
        ),
        migrations.CreateModel(
            name="GlossaryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("meaning", models.CharField(blank=True, max_length=1000)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "glossary entries",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="criterion_key",
            field=models.SlugField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="comment",
            name="is_objection",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="mentions",
            field=models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolution",
            field=models.CharField(
                blank=True,
                choices=[("", "Open"), ("resolved", "Resolved"), ("overruled", "Overruled")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolution_text",
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reason",
            name="suggested_points",
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="expires_at",
            field=models.DateTimeField(blank=True, help_text="Until when a proposal is open.", null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="kind",
            field=models.CharField(
                choices=[("change", "Change"), ("rollback", "Rollback"), ("emergency", "Emergency rollback")],
                default="change",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="matrix",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="version",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("proposed", "Proposed"),
                    ("signed", "Signed"),
                    ("active", "Active"),
                    ("retired", "Retired"),
                    ("withdrawn", "Withdrawn"),
                    ("declined", "Changes asked for"),
                    ("expired", "Expired"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("resolution", ""), ("resolved_at__isnull", True), ("resolved_by__isnull", True)
                    ),
                    models.Q(
                        models.Q(("resolution", ""), _negated=True),
                        ("resolved_at__isnull", False),
                        ("resolved_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="resolution_names_who_and_when",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="commitments",
                to="alignment.version",
            ),
        ),
        migrations.AddField(
            model_name="draftedit",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="draftedit",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="alignment.version"
            ),
        ),
        migrations.AddField(
            model_name="glossaryentry",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                fields=("version", "kind", "grade"), name="commitment_once_a_kind_and_grade"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "leads"), models.Q(("amount__lte", 100), ("grade", "")), _connector="OR"
                ),
                name="commitment_in_percent_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftedit",
            constraint=models.UniqueConstraint(fields=("version", "revision"), name="edit_once_a_revision"),
        ),
        migrations.AddConstraint(
            model_name="glossaryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="glossary_entry_has_a_name"
            ),
        ),
    ]
