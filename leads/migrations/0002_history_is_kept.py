"""Moves of stage and BANT answers are only added to. Converted amounts are no history: they follow the currency."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    replaces = [
        ("leads", "0003_history_is_kept"),
        ("leads", "0004_custom_fields"),
        ("leads", "0005_buying_centre"),
        ("leads", "0006_outcomes_of_files"),
    ]
    dependencies = [("core", "0002_history_is_kept"), ("leads", "0001_initial")]

    operations = [
        KeepHistory("leads.StageChange", cleared=("by",)).creating,
        KeepHistory("leads.BantAnswer", free=("amount_reporting",), cleared=("author",)).creating,
    ]
