"""Triggers that keep a table append-only, whoever asks the database; for hand-written migrations.

A later migration that alters such a table on SQLite rebuilds it and loses its triggers: it begins with
``KeepHistory(...).dropping`` and ends with ``.creating``, which also covers columns that were added.
tests/core/test_history.py notices.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ERASING = "core_erasing"
MESSAGE = "History is only added to: rows of {table} are neither changed nor deleted."


@dataclass(frozen=True, slots=True)
class KeepHistory:
    """The rows of ``model`` (``app.Model``) stay as they were written.

    ``free`` are fields that may change, because they say nothing of what happened; ``cleared`` are
    references that may become null, when what they name is gone. ``may_go`` lets rows be deleted.
    Nothing looks at an insert, so adding many rows costs what it did.
    """

    model: str
    free: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    may_go: bool = False

    @property
    def creating(self) -> migrations.RunPython:
        return migrations.RunPython(self.create, self.drop)

    @property
    def dropping(self) -> migrations.RunPython:
        return migrations.RunPython(self.drop, self.create)

    def create(self, apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table, columns, cleared = self._names(apps)
        write = _on_postgresql if editor.connection.vendor == "postgresql" else _on_sqlite
        for event in self._events:
            condition = _changed(columns, cleared, editor) if event == "UPDATE" else ""
            for statement in write(table, event, condition):
                editor.execute(statement, params=None)

    def drop(self, apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table = self._names(apps)[0]
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for event in self._events:
            editor.execute(f"DROP TRIGGER {_name(table, event)}{on}", params=None)

    @property
    def _events(self) -> tuple[str, ...]:
        return ("UPDATE",) if self.may_go else ("UPDATE", "DELETE")

    def _names(self, apps: StateApps) -> tuple[str, list[str], list[str]]:
        meta: Any = apps.get_model(self.model)._meta
        fields = [field for field in meta.concrete_fields if field.name not in self.free]
        kept = [field.column for field in fields if field.name not in self.cleared]
        return meta.db_table, kept, [field.column for field in fields if field.name in self.cleared]


def _name(table: str, event: str) -> str:
    return f"{table}_kept_{event.lower()}"


def _changed(columns: list[str], cleared: list[str], editor: BaseDatabaseSchemaEditor) -> str:
    apart = "IS DISTINCT FROM" if editor.connection.vendor == "postgresql" else "IS NOT"
    tests = [f'OLD."{column}" {apart} NEW."{column}"' for column in columns]
    tests += [f'(NEW."{each}" IS NOT NULL AND OLD."{each}" {apart} NEW."{each}")' for each in cleared]
    return " OR ".join(tests)


def _on_sqlite(table: str, event: str, condition: str) -> Iterator[str]:
    locked = f"NOT EXISTS (SELECT 1 FROM {ERASING})"  # noqa: S608 - a name of ours
    when = f"{locked} AND ({condition})" if condition else locked
    yield (
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE.format(table=table)}'); END"
    )


def _on_postgresql(table: str, event: str, condition: str) -> Iterator[str]:
    when = f" WHEN ({condition})" if condition else ""
    yield (
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH ROW{when} EXECUTE FUNCTION core_history_is_kept()"
    )


def _create_function(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)


def _drop_function(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION core_history_is_kept()", params=None)


FUNCTION = f"""
CREATE FUNCTION core_history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM {ERASING}) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = replace('{MESSAGE}', '{{table}}', TG_TABLE_NAME);
END $$"""  # noqa: S608 - names of ours
CREATING_FUNCTION = migrations.RunPython(_create_function, _drop_function)
"""What the triggers of PostgreSQL call; core's migration makes it before any of them."""
