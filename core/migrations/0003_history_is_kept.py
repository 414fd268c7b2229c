"""Audit rows are only added to; erasing a person is the one exception (core.erasing)."""

import django.utils.timezone
from django.db import migrations, models

from core.history import CREATING_FUNCTION, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("core", "0002_idempotent_request")]

    operations = [
        migrations.CreateModel(
            name="Erasing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        CREATING_FUNCTION,
        KeepHistory("core.AuditEntry", cleared=("actor",)).creating,
        KeepHistory("core.AuditValue", may_go=True).creating,
    ]
