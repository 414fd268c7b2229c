"""Kept weeks of follow-up are told that they changed, whoever writes the rows that they were counted from."""

from django.db import migrations

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


class Migration(migrations.Migration):
    replaces = [("feedback", "0010_dashboard")]
    dependencies = [("feedback", "0002_history_is_kept"), ("users", "0001_initial")]

    operations = [migrations.RunPython(note, note_no_more)]
