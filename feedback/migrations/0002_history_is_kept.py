"""Decisions, outcomes, uses of content and pauses are only added to; marketing marks a rejection as seen."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    replaces = [
        ("feedback", "0002_hindsight"),
        ("feedback", "0003_history_is_kept"),
        ("feedback", "0004_decisions"),
        ("feedback", "0005_ladder_takes"),
        ("feedback", "0006_notice_settings"),
        ("feedback", "0007_retained_and_churned"),
        ("feedback", "0008_content"),
        ("feedback", "0009_routing"),
        ("feedback", "0011_pool"),
        ("feedback", "0012_clock"),
    ]
    dependencies = [("core", "0002_history_is_kept"), ("feedback", "0001_initial")]

    operations = [
        KeepHistory("feedback.Decision", free=("seen_at", "seen_by"), cleared=("twin",)).creating,
        KeepHistory("feedback.Outcome", free=("amount_reporting",)).creating,
        KeepHistory("feedback.ContentUse").creating,
        KeepHistory("feedback.Pause", free=("ended_at",)).creating,
    ]
