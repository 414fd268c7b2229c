"""What became of a score is only added to; a grade by hand ends once."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    replaces = [
        ("scoring", "0002_previews"),
        ("scoring", "0003_history_is_kept"),
        ("scoring", "0004_grades_by_hand"),
        ("scoring", "0005_grade_counts"),
    ]
    dependencies = [("core", "0002_history_is_kept"), ("scoring", "0001_initial")]

    operations = [
        KeepHistory("scoring.ScoreChange", cleared=("actor",)).creating,
        KeepHistory("scoring.GradeOverride", free=("ended_at", "ended_by"), cleared=("by",)).creating,
    ]
