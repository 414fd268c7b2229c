"""From *proposed* on a version can't be changed, and a signature never, whoever asks the database.

A later migration that alters one of these tables on SQLite rebuilds the table and loses its
triggers: it begins with ``Frozen(...).drop`` and is followed by one that creates them anew, with its
own lists (see 0003 and 0004). tests/alignment/test_immutability.py notices.
"""

from django.db import migrations

PARTS = [
    "alignment_versiondimension",
    "alignment_criterion",
    "alignment_disqualifier",
    "alignment_reason",
    "alignment_slaterm",
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


FROZEN_VERSIONS = Frozen(PARTS, CONTENT)


class Migration(migrations.Migration):
    dependencies = [("alignment", "0001_initial")]

    operations = [FROZEN_VERSIONS.creating]
