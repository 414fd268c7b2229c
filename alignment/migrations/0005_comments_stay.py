"""What was said stays said, and both sides sign when a version takes effect.

A comment keeps its words; it can only be resolved, once. It goes with a discarded draft alone. The
moments of a proposal (from when it counts, until when it is open) can't be moved any more. A name
goes only under a proposal, or under a version in force.
"""

from importlib import import_module

from django.db import migrations

frozen = import_module("alignment.migrations.0002_immutable_versions")
before = import_module("alignment.migrations.0004_immutable_with_commitments")

VERSIONS = frozen.Frozen(
    parts=before.VERSIONS.parts,
    content=[*before.VERSIONS.content, "activate_at", "expires_at", "proposed_at"],
)
COMMENT = "alignment_comment"
SAID = "What was said stays, and is resolved once."
UNSIGNABLE = "A version takes names only while it is proposed or in force."
WORDS = ["version_id", "criterion_key", "by_id", "at", "text", "asks_for_changes", "is_objection"]
IS_OPEN = (
    "EXISTS (SELECT 1 FROM alignment_version WHERE id = NEW.version_id AND status IN ('proposed', 'active'))"
)


def rewritten(apart):
    words = " OR ".join(f'OLD."{column}" {apart} NEW."{column}"' for column in WORDS)
    return f"OLD.resolution <> '' OR {words}"


RULES = (  # name, table, event, when it is refused, what is said
    ("comment_update", COMMENT, "UPDATE", rewritten, SAID),
    ("comment_delete", COMMENT, "DELETE", lambda apart: frozen.not_draft("OLD"), SAID),
    ("signature_insert", frozen.SIGNATURE, "INSERT", lambda apart: f"NOT {IS_OPEN}", UNSIGNABLE),
)


def create(apps, schema_editor):
    for name, table, event, when, said in RULES:
        if schema_editor.connection.vendor == "postgresql":
            refuse = f"RAISE EXCEPTION USING MESSAGE = '{said}', ERRCODE = 'restrict_violation';"
            row = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION alignment_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {when('IS DISTINCT FROM')} THEN {refuse} END IF; RETURN {row}; END $$",
                params=None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER alignment_{name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION alignment_{name}()",
                params=None,
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER alignment_{name}_rule BEFORE {event} ON {table} "
                f"WHEN {when('IS NOT')} BEGIN SELECT RAISE(ABORT, '{said}'); END",
                params=None,
            )


def drop(apps, schema_editor):
    for name, *_ in RULES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION alignment_{name}() CASCADE", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER alignment_{name}_rule", params=None)


class Migration(migrations.Migration):
    dependencies = [("alignment", "0004_immutable_with_commitments")]

    operations = [before.VERSIONS.dropping, VERSIONS.creating, migrations.RunPython(create, drop)]
