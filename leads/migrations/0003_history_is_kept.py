"""Moves of stage and BANT answers are only added to. Converted amounts are no history: they follow the currency."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("core", "0003_history_is_kept"), ("leads", "0002_search_by_trigrams")]

    operations = [
        KeepHistory("leads.StageChange", cleared=("by",)).creating,
        KeepHistory("leads.BantAnswer", free=("amount_reporting",), cleared=("author",)).creating,
    ]
