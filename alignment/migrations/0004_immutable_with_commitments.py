"""The triggers of 0002 again, with what 0003 added to the content of a version."""

from importlib import import_module

from django.db import migrations

frozen = import_module("alignment.migrations.0002_immutable_versions")

VERSIONS = frozen.Frozen(
    parts=[*frozen.PARTS, "alignment_commitment"], content=[*frozen.CONTENT, "kind", "matrix"]
)


class Migration(migrations.Migration):
    dependencies = [("alignment", "0003_commitments_matrix_and_comments")]

    operations = [VERSIONS.creating]
