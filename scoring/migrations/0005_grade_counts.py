"""How the grades of the whole base stood, day by day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_grades_by_hand")]

    operations = [
        migrations.CreateModel(
            name="GradeCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.IntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day",), name="grades_are_counted_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeCountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("axis", models.CharField(max_length=10)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("is_rest", models.BooleanField(default=False)),
                ("grade", models.CharField(blank=True, max_length=1)),
                ("leads", models.PositiveIntegerField()),
                ("points", models.BigIntegerField()),
                ("ready", models.PositiveIntegerField()),
                (
                    "count",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="scoring.gradecount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("count", "axis", "key", "is_rest", "grade"), name="grade_count_line_is_one"
                    )
                ],
            },
        ),
    ]
