"""From *proposed* on a version can't be changed, and a signature never, whoever asks the database.

What was said stays said: a comment keeps its words and is settled once; it is opened again only where a row
beside it keeps how it had been settled, by whom and when. Both go with a discarded draft alone. A name goes
only under a proposal, or under a version in force.

A later migration that alters one of these tables on SQLite rebuilds the table and loses its triggers: it
begins with ``dropping`` and ends with ``creating`` of a ``Frozen`` with its own lists, and so for ``RULES``.
tests/alignment/test_immutability.py notices.
"""

from django.db import migrations

PARTS = [
    "alignment_versiondimension",
    "alignment_criterion",
    "alignment_disqualifier",
    "alignment_reason",
    "alignment_slaterm",
    "alignment_commitment",
]
CONTENT = [
    "definition_id",
    "number",
    "reason",
    "based_on_id",
    "created_at",
    "revision",
    "scope",
    "position",
    "floor_a",
    "floor_b",
    "floor_c",
    "gate_grade",
    "gate_bant_count",
    "gate_bant_level",
    "gate_must_have",
    "kind",
    "matrix",
    "activate_at",
    "expires_at",
    "proposed_at",
]
VERSION = "alignment_version"
SIGNATURE = "alignment_signature"
FROZEN = "A version that is no draft can't be changed."


class Frozen:
    """The triggers for ``parts`` (tables with a ``version_id``) and the ``content`` columns of a version."""

    def __init__(self, parts, content):
        self.parts = parts
        self.content = content

    def changed(self, apart):
        return " OR ".join(f'OLD."{column}" {apart} NEW."{column}"' for column in self.content)

    def on_sqlite(self):
        stop = f"BEGIN SELECT RAISE(ABORT, '{FROZEN.replace(chr(39), chr(39) * 2)}'); END"
        for table in self.parts:
            for event, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
                when = " OR ".join(not_draft(row) for row in rows)
                yield f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} WHEN {when} {stop}"
        when = f"OLD.status <> 'draft' AND (NEW.status = 'draft' OR {self.changed('IS NOT')})"
        yield f"CREATE TRIGGER {VERSION}_update BEFORE UPDATE ON {VERSION} WHEN {when} {stop}"
        yield f"CREATE TRIGGER {VERSION}_delete BEFORE DELETE ON {VERSION} WHEN OLD.status <> 'draft' {stop}"
        for event in ("UPDATE", "DELETE"):
            yield f"CREATE TRIGGER {SIGNATURE}_{event.lower()} BEFORE {event} ON {SIGNATURE} {stop}"

    def on_postgresql(self):
        # A part's triggers lock nothing: services hold the version's row while they write its parts.
        raising = f"RAISE EXCEPTION USING MESSAGE = '{FROZEN.replace(chr(39), chr(39) * 2)}', ERRCODE = 'restrict_violation';"
        yield f"""
            CREATE FUNCTION alignment_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' AND {not_draft("OLD")} THEN {raising} END IF;
                IF TG_OP <> 'DELETE' AND {not_draft("NEW")} THEN {raising} END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END $$"""
        yield f"""
            CREATE FUNCTION alignment_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.status = 'draft' THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
                IF TG_OP = 'DELETE' THEN {raising} END IF;
                IF NEW.status = 'draft' OR {self.changed("IS DISTINCT FROM")} THEN {raising} END IF;
                RETURN NEW;
            END $$"""
        yield f"""
            CREATE FUNCTION alignment_signature_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN {raising} END $$"""
        yield (
            f"CREATE TRIGGER {SIGNATURE}_frozen BEFORE UPDATE OR DELETE ON {SIGNATURE} "
            "FOR EACH ROW EXECUTE FUNCTION alignment_signature_is_frozen()"
        )
        for table in self.parts:
            yield (
                f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION alignment_part_is_frozen()"
            )
        yield (
            f"CREATE TRIGGER {VERSION}_frozen BEFORE UPDATE OR DELETE ON {VERSION} "
            "FOR EACH ROW EXECUTE FUNCTION alignment_version_is_frozen()"
        )

    def create(self, apps, schema_editor):
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        for statement in self.on_postgresql() if is_postgresql else self.on_sqlite():
            schema_editor.execute(statement, params=None)

    def drop(self, apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for name in ("part", "version", "signature"):
                schema_editor.execute(f"DROP FUNCTION alignment_{name}_is_frozen() CASCADE", params=None)
            return
        events = [(table, event) for table in self.parts for event in ("insert", "update", "delete")]
        events += [(table, event) for table in (VERSION, SIGNATURE) for event in ("update", "delete")]
        for table, event in events:
            schema_editor.execute(f"DROP TRIGGER {table}_{event}", params=None)

    @property
    def creating(self):
        return migrations.RunPython(self.create, self.drop)

    @property
    def dropping(self):
        return migrations.RunPython(self.drop, self.create)


def not_draft(row):
    return f"EXISTS (SELECT 1 FROM {VERSION} WHERE id = {row}.version_id AND status <> 'draft')"  # noqa: S608 - names of ours


VERSIONS = Frozen(PARTS, CONTENT)
COMMENT, REOPENING = "alignment_comment", "alignment_reopening"
SAID = "What was said stays, and is resolved once."
KEPT = "That a comment was opened again stays on record."
UNSIGNABLE = "A version takes names only while it is proposed or in force."
WORDS = ["version_id", "criterion_key", "by_id", "at", "text", "asks_for_changes", "is_objection"]
RECORDED = (
    f"(NEW.resolution = '' AND EXISTS (SELECT 1 FROM {REOPENING} AS kept WHERE kept.comment_id = OLD.id "  # noqa: S608 - names of ours
    "AND kept.was = OLD.resolution AND kept.was_by_id = OLD.resolved_by_id AND kept.was_at = OLD.resolved_at))"
)
OF_A_DRAFT = (
    f"EXISTS (SELECT 1 FROM {COMMENT} JOIN {VERSION} ON {VERSION}.id = {COMMENT}.version_id "  # noqa: S608 - names of ours
    f"WHERE {COMMENT}.id = OLD.comment_id AND {VERSION}.status = 'draft')"
)
IS_OPEN = f"EXISTS (SELECT 1 FROM {VERSION} WHERE id = NEW.version_id AND status IN ('proposed', 'active'))"  # noqa: S608 - names of ours


def rewritten(apart):
    words = " OR ".join(f'OLD."{column}" {apart} NEW."{column}"' for column in WORDS)
    return f"(OLD.resolution <> '' AND NOT {RECORDED}) OR {words}"


RULES = (  # name, table, event, when it is refused, what is said
    ("alignment_comment_update", COMMENT, "UPDATE", rewritten, SAID),
    ("alignment_comment_delete", COMMENT, "DELETE", lambda apart: not_draft("OLD"), SAID),
    ("alignment_signature_insert", SIGNATURE, "INSERT", lambda apart: f"NOT {IS_OPEN}", UNSIGNABLE),
    ("alignment_reopening_update", REOPENING, "UPDATE", lambda apart: "1 = 1", KEPT),
    ("alignment_reopening_delete", REOPENING, "DELETE", lambda apart: f"NOT {OF_A_DRAFT}", KEPT),
)


def refusing(name, table, event, when, said, is_postgresql):
    """The statements of a trigger that refuses ``event`` on ``table`` when ``when``."""
    if not is_postgresql:
        yield f"CREATE TRIGGER {name}_rule BEFORE {event} ON {table} WHEN {when('IS NOT')} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        return
    row = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when('IS DISTINCT FROM')} THEN "
        f"RAISE EXCEPTION USING MESSAGE = '{said}', ERRCODE = 'restrict_violation'; END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def refuse(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for rule in RULES:
        for statement in refusing(*rule, is_postgresql):
            schema_editor.execute(statement, params=None)


def allow(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, *_ in RULES:
        drop = f"DROP FUNCTION {name}() CASCADE" if is_postgresql else f"DROP TRIGGER {name}_rule"
        schema_editor.execute(drop, params=None)


class Migration(migrations.Migration):
    replaces = [
        ("alignment", "0002_immutable_versions"),
        ("alignment", "0003_commitments_matrix_and_comments"),
        ("alignment", "0004_immutable_with_commitments"),
        ("alignment", "0005_comments_stay"),
        ("alignment", "0006_reopening_and_redo"),
        ("alignment", "0007_may_pause"),
    ]
    dependencies = [("alignment", "0001_initial")]

    operations = [VERSIONS.creating, migrations.RunPython(refuse, allow)]
