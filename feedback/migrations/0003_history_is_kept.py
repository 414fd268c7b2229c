"""Decisions and outcomes are only added to; marketing marks a rejection as seen."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("core", "0003_history_is_kept"), ("feedback", "0002_hindsight")]

    operations = [
        KeepHistory("feedback.Decision", free=("seen_at", "seen_by")).creating,
        KeepHistory("feedback.Outcome", free=("amount_reporting",)).creating,
    ]
