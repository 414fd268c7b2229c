"""What became of a score is only added to."""

from django.db import migrations

from core.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("core", "0003_history_is_kept"), ("scoring", "0002_previews")]

    operations = [KeepHistory("scoring.ScoreChange", cleared=("actor",)).creating]
