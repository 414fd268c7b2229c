"""Terms say whether reps may pause the clock. SQLite rebuilds the table: the triggers go first and come back."""

from importlib import import_module

from django.db import migrations, models

VERSIONS = import_module("alignment.migrations.0005_comments_stay").VERSIONS


class Migration(migrations.Migration):
    dependencies = [("alignment", "0006_reopening_and_redo")]

    operations = [
        VERSIONS.dropping,
        migrations.AddField("slaterm", "may_pause", models.BooleanField(default=False)),
        VERSIONS.creating,
    ]
