"""Weeks of follow-up that are counted once, what tells that one changed, and the indexes of the figures."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields

MOMENTS = ("assigned_at", "response_due_at", "decision_due_at", "decided_at")
"""The moments by which an assignment belongs to a week."""
OF = "ARRAY[" + ", ".join(f"{{row}}.{moment}" for moment in MOMENTS) + "]"
FUNCTIONS = f"""
CREATE FUNCTION feedback_note_weeks(moments timestamptz[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO feedback_changedweek (kept_id)
    SELECT kept.id FROM feedback_keptweek kept
    WHERE EXISTS (SELECT 1 FROM unnest(moments) moment WHERE moment >= kept.starts_at AND moment < kept.ends_at)
    AND NOT EXISTS (SELECT 1 FROM feedback_changedweek noted WHERE noted.kept_id = kept.id)
$$;
CREATE FUNCTION feedback_assignment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE same feedback_assignment%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        same := NEW;  -- all columns count but these, those added later too
        same.next_event_at := OLD.next_event_at;
        same.callback_at := OLD.callback_at;
        IF same IS NOT DISTINCT FROM OLD THEN RETURN NULL; END IF;
        IF NEW.owner_id <> OLD.owner_id THEN  -- steps of the ladder count for the owner's team
            PERFORM feedback_note_weeks(ARRAY(SELECT at FROM feedback_slaevent WHERE assignment_id = NEW.id));
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM feedback_note_weeks({OF.format(row="OLD")}); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM feedback_note_weeks({OF.format(row="NEW")}); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION feedback_slaevent_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM feedback_note_weeks(ARRAY[OLD.at]); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM feedback_note_weeks(ARRAY[NEW.at]); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION feedback_team_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO feedback_changedweek (kept_id) SELECT kept.id FROM feedback_keptweek kept;
    RETURN NULL;
END $$;
"""  # noqa: S608 - names of ours
TRIGGERS = """
CREATE TRIGGER feedback_assignment_noted AFTER INSERT OR UPDATE OR DELETE ON feedback_assignment
    FOR EACH ROW EXECUTE FUNCTION feedback_assignment_changed();
CREATE TRIGGER feedback_slaevent_noted AFTER INSERT OR UPDATE OR DELETE ON feedback_slaevent
    FOR EACH ROW EXECUTE FUNCTION feedback_slaevent_changed();
CREATE TRIGGER feedback_team_noted AFTER UPDATE OF team_id ON users_user FOR EACH ROW
    WHEN (OLD.team_id IS DISTINCT FROM NEW.team_id) EXECUTE FUNCTION feedback_team_changed();
"""
UNDONE = """
DROP TRIGGER feedback_assignment_noted ON feedback_assignment;
DROP TRIGGER feedback_slaevent_noted ON feedback_slaevent;
DROP TRIGGER feedback_team_noted ON users_user;
DROP FUNCTION feedback_assignment_changed();
DROP FUNCTION feedback_slaevent_changed();
DROP FUNCTION feedback_team_changed();
DROP FUNCTION feedback_note_weeks(timestamptz[]);
"""


def note(apps, editor):
    """Weeks are kept on PostgreSQL only, so only there changes are noted."""
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTIONS, params=None)
        editor.execute(TRIGGERS, params=None)


def note_no_more(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(UNDONE, params=None)


FILL = """
UPDATE feedback_assignment SET grade = handoff.grade, version_id = handoff.version_id, source = lead.source,
    source_folded = lead.source_folded, system_minutes = CASE
        WHEN assigned_at = handoff.first_assigned_at
        THEN GREATEST(FLOOR(EXTRACT(EPOCH FROM assigned_at - handoff.ready_at) / 60), 0) END
FROM feedback_handoff handoff JOIN leads_lead lead ON lead.id = handoff.lead_id
WHERE handoff.id = feedback_assignment.handoff_id;
SET CONSTRAINTS ALL IMMEDIATE
"""
CHUNK = 2_000


def fill(apps, editor):
    """What handoff and lead say today; on SQLite row by row, which has no exact difference of moments."""
    if editor.connection.vendor == "postgresql":
        editor.execute(FILL, params=None)
        return
    assignments = apps.get_model("feedback", "Assignment").objects
    rows = assignments.select_related("handoff__lead").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:CHUNK]):
        for row in batch:
            handoff, lead = row.handoff, row.handoff.lead
            row.grade, row.version_id = handoff.grade, handoff.version_id
            row.source, row.source_folded = lead.source, lead.source_folded
            if row.assigned_at == handoff.first_assigned_at:
                row.system_minutes = max((row.assigned_at - handoff.ready_at) // dt.timedelta(minutes=1), 0)
        columns = ["grade", "version", "source", "source_folded", "system_minutes"]
        assignments.bulk_update(batch, columns)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0006_reopening_and_redo"),
        ("feedback", "0009_routing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept_id", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeptWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField()),
                ("zone", models.CharField(max_length=60)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField()),
                ("is_counted", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["monday"],
            },
        ),
        migrations.CreateModel(
            name="KeptPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("team_id", models.BigIntegerField()),
                ("counts", models.BinaryField()),
                ("delays_grade", models.BinaryField()),
                ("delays_source", models.BinaryField()),
                ("delays_team", models.BinaryField()),
                ("delays_rep", models.BinaryField()),
                ("delays_version", models.BinaryField()),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="feedback.keptweek",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="keptpart",
            constraint=models.UniqueConstraint(fields=("week", "team_id"), name="kept_part_once_a_team"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="grade",
            field=models.CharField(
                choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], default="", max_length=1
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assignment",
            name="source",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assignment",
            name="source_folded",
            field=core.fields.FoldedField(
                blank=True, default="", editable=False, max_length=400, source="source"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="system_minutes",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="alignment.version",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="assignment",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="alignment.version",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(
                    ("ended_at", None),
                    models.Q(("responded_at", None), ("decided_at", None), _connector="OR"),
                ),
                fields=["id"],
                name="watched_assignment",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["assigned_at"], name="assignment_by_start"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["response_due_at"], name="assignment_by_response_due"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["decision_due_at"], name="assignment_by_decision_due"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["decided_at"], name="assignment_by_decision"),
        ),
        migrations.AddIndex(
            model_name="slaevent",
            index=models.Index(fields=["at"], name="sla_event_by_moment"),
        ),
        migrations.AddConstraint(
            model_name="keptweek",
            constraint=models.UniqueConstraint(fields=("monday", "zone"), name="week_is_kept_once_a_zone"),
        ),
        migrations.RunPython(note, note_no_more),
    ]
