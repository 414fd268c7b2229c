"""The pulse of the background work; until the first one comes, the installation counts as it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("core", "Pulse").objects.create(pk=1, at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("core", "0002_history_is_kept")]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="pulse_is_one_row")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
