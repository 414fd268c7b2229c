"""Audit rows are only added to; erasing a person is the one exception (core.erasing)."""

from django.db import migrations

from core.history import CREATING_FUNCTION, KeepHistory


class Migration(migrations.Migration):
    replaces = [
        ("core", "0002_idempotent_request"),
        ("core", "0003_history_is_kept"),
        ("core", "0004_channels"),
    ]
    dependencies = [("core", "0001_initial")]

    operations = [
        CREATING_FUNCTION,
        KeepHistory("core.AuditEntry", cleared=("actor",)).creating,
        KeepHistory("core.AuditValue", may_go=True).creating,
    ]
