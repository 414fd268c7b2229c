"""The content library; that a piece was used is history, which is only added to."""

import core.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_history_is_kept"),
        ("feedback", "0007_retained_and_churned"),
        ("leads", "0004_custom_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                (
                    "title_folded",
                    core.fields.FoldedField(
                        blank=True, default="", editable=False, max_length=400, source="title"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "Article"),
                            ("case_study", "Case study"),
                            ("price_sheet", "Price sheet"),
                            ("calculation", "Calculation"),
                            ("checklist", "Checklist"),
                            ("video", "Video"),
                            ("mail", "Template mail"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="link")),
                ("text", models.TextField(blank=True, verbose_name="text to copy")),
                (
                    "dimension",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("budget", "Budget"),
                            ("authority", "Authority"),
                            ("need", "Need"),
                            ("timeframe", "Timeframe"),
                            ("fit", "Fit"),
                            ("engagement", "Engagement"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason_key", models.SlugField(blank=True, db_index=False, max_length=60)),
                ("industry", models.CharField(blank=True, max_length=120)),
                (
                    "industry_folded",
                    core.fields.FoldedField(
                        blank=True, default="", editable=False, max_length=400, source="industry"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("inquiry", "Inquiry"),
                            ("sales_ready", "Sales-ready"),
                            ("accepted", "Accepted"),
                            ("qualified", "Qualified"),
                            ("customer", "Customer"),
                            ("lost", "Lost"),
                            ("disqualified", "Disqualified"),
                            ("nurture", "Nurture"),
                        ],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["title_folded", "id"],
            },
        ),
        migrations.CreateModel(
            name="ContentUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("text", "Text copied"), ("link", "Link copied"), ("mail", "Mail opened")],
                        max_length=5,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content_uses",
                        to="feedback.handoff",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content_uses",
                        to="leads.lead",
                    ),
                ),
                (
                    "piece",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="feedback.contentpiece",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="contentpiece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("url", ""), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="content_has_a_link_or_a_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="contentpiece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("url", ""),
                    ("url__startswith", "https://"),
                    ("url__startswith", "http://"),
                    _connector="OR",
                ),
                name="content_link_is_a_web_address",
            ),
        ),
        migrations.AddIndex(
            model_name="contentuse",
            index=models.Index(fields=["piece", "-at"], name="use_of_piece"),
        ),
        migrations.AddIndex(
            model_name="contentuse",
            index=models.Index(fields=["-at"], name="content_use_by_time"),
        ),
        KeepHistory("feedback.ContentUse").creating,
    ]
