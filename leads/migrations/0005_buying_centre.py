"""How companies buy, what drives a person, and who said so."""

import core.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0004_custom_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact", models.CharField(help_text="The name of the column.", max_length=30)),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "The lead"), ("rep", "A rep"), ("import", "An import")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="company",
            name="buying",
            field=models.CharField(
                blank=True,
                choices=[("central", "Central"), ("decentral", "Decentral"), ("mixed", "Mixed")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="by_rfp",
            field=models.BooleanField(blank=True, null=True, verbose_name="buys by request for proposal"),
        ),
        migrations.AddField(
            model_name="company",
            name="department_driver",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="company",
            name="department_driver_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=400, source="department_driver"
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="driver",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="company",
            name="driver_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=400, source="driver"
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="incumbent",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="company",
            name="incumbent_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=400, source="incumbent"
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="incumbent_relationship",
            field=models.CharField(
                blank=True,
                choices=[
                    ("none", "No supplier"),
                    ("weak", "Loose"),
                    ("strong", "Firm"),
                    ("at_risk", "Coming apart"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="politics",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="company",
            name="politics_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=1000, source="politics"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="driver",
            field=models.CharField(
                blank=True, default="", help_text="What drives the person.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="driver_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=400, source="driver"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("buying__in", ["", "central", "decentral", "mixed"])),
                name="company_buying_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("incumbent_relationship__in", ["", "none", "weak", "strong", "at_risk"])),
                name="company_incumbency_is_known",
            ),
        ),
        migrations.AddField(
            model_name="factsource",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="factsource",
            name="company",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fact_sources",
                to="leads.company",
            ),
        ),
        migrations.AddField(
            model_name="factsource",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fact_sources",
                to="leads.lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="factsource",
            constraint=models.UniqueConstraint(fields=("company", "fact"), name="fact_source_once_a_company"),
        ),
        migrations.AddConstraint(
            model_name="factsource",
            constraint=models.UniqueConstraint(fields=("lead", "fact"), name="fact_source_once_a_lead"),
        ),
        migrations.AddConstraint(
            model_name="factsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company", None), ("lead__isnull", False)),
                    models.Q(("company__isnull", False), ("lead", None)),
                    _connector="OR",
                ),
                name="fact_source_is_of_a_company_or_a_lead",
            ),
        ),
    ]
