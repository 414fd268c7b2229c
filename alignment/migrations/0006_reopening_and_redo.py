"""A settled comment can be reopened, on record; a step of a draft that was undone can be done again.

A comment is opened again only where a row beside it keeps how it had been settled, by whom and when.
That row stays, but for those of a discarded draft.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

frozen = import_module("alignment.migrations.0002_immutable_versions")
before = import_module("alignment.migrations.0005_comments_stay")

COMMENT, REOPENING = before.COMMENT, "alignment_reopening"
KEPT = "That a comment was opened again stays on record."
RECORDED = (
    f"(NEW.resolution = '' AND EXISTS (SELECT 1 FROM {REOPENING} AS kept WHERE kept.comment_id = OLD.id "  # noqa: S608 - names of ours
    "AND kept.was = OLD.resolution AND kept.was_by_id = OLD.resolved_by_id AND kept.was_at = OLD.resolved_at))"
)
OF_A_DRAFT = (
    f"EXISTS (SELECT 1 FROM {COMMENT} JOIN {frozen.VERSION} ON {frozen.VERSION}.id = {COMMENT}.version_id "  # noqa: S608 - names of ours
    f"WHERE {COMMENT}.id = OLD.comment_id AND {frozen.VERSION}.status = 'draft')"
)


def rewritten(apart):
    words = " OR ".join(f'OLD."{column}" {apart} NEW."{column}"' for column in before.WORDS)
    return f"(OLD.resolution <> '' AND NOT {RECORDED}) OR {words}"


def refusing(name, table, event, when, said, is_postgresql):
    """The statements of a trigger that refuses ``event`` on ``table`` when ``when``."""
    if not is_postgresql:
        yield f"CREATE TRIGGER {name}_rule BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        return
    row = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION USING MESSAGE = '{said}', ERRCODE = 'restrict_violation'; END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def dropping(name, is_postgresql):
    return f"DROP FUNCTION {name}() CASCADE" if is_postgresql else f"DROP TRIGGER {name}_rule"


def settle_again(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    apart = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    schema_editor.execute(dropping("alignment_comment_update", is_postgresql), params=None)
    rules = (
        ("alignment_comment_update", COMMENT, "UPDATE", rewritten(apart), before.SAID),
        ("alignment_reopening_update", REOPENING, "UPDATE", "1 = 1", KEPT),
        ("alignment_reopening_delete", REOPENING, "DELETE", f"NOT {OF_A_DRAFT}", KEPT),
    )
    for rule in rules:
        for statement in refusing(*rule, is_postgresql):
            schema_editor.execute(statement, params=None)


def settle_once(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in ("alignment_comment_update", "alignment_reopening_update", "alignment_reopening_delete"):
        schema_editor.execute(dropping(name, is_postgresql), params=None)
    apart = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    rule = ("alignment_comment_update", COMMENT, "UPDATE", before.rewritten(apart), before.SAID)
    for statement in refusing(*rule, is_postgresql):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0005_comments_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draftedit",
            name="is_undone",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "was",
                    models.CharField(
                        choices=[("", "Open"), ("resolved", "Resolved"), ("overruled", "Overruled")],
                        max_length=10,
                    ),
                ),
                ("was_text", models.CharField(blank=True, max_length=1000)),
                ("was_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="alignment.comment",
                    ),
                ),
                (
                    "was_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["at", "id"]},
        ),
        migrations.RunPython(settle_again, settle_once),
    ]
