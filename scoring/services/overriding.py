"""Setting a lead's grade by hand, ending that, and ending what is over."""

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from alignment.models import Grade
from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from leads.marks import mark
from leads.models import Lead
from scoring.models import GradeOverride, ScoreCause
from scoring.overriding import day_in_words, set_by_hand
from scoring.querysets import live_scores
from users.models import Organisation, User

LONGEST = 365  # days
REASON = 500  # characters
BATCH = 500


def set_override(
    *,
    lead: Lead,
    grade: str,
    reason: str,
    ends_on: date,
    by: User,
    now: datetime,
    replaces: int | None = None,
) -> GradeOverride:
    """Set the lead's grade by hand until the end of the day ``ends_on`` in the company's zone.

    ``replaces`` is the id of the open override that its author saw, which it ends. Conflict if another one
    is open by now, so that of two people the second is told of the first. Invalid if a value can't be taken
    or the lead has no grade that could be replaced. The lead is judged anew by the ordinary way.
    """
    ends_at = _checked(grade, reason.strip(), ends_on, now)
    try:
        with transaction.atomic():
            _check_graded(lead)
            _end_open(lead, replaces, by, now)
            override = GradeOverride.objects.create(
                lead=lead, grade=grade, reason=reason.strip(), by=by, at=now, ends_at=ends_at
            )
            detail = {"lead": lead.pk, "grade": grade, "ends_on": ends_on.isoformat()}
            audit.record(actor=by, action="override.set", target=override, detail=detail)
            mark([lead.pk], cause=ScoreCause.OVERRIDE, now=now)
    except IntegrityError as error:  # somebody else set one at the same moment
        raise _taken(_open(lead)) from error
    return override


@transaction.atomic
def end_override(*, lead: Lead, by: User, now: datetime) -> GradeOverride:
    """End it before its time: the computed grade counts again. Conflict if none counts (any more)."""
    override = locked(GradeOverride.objects.filter(lead=lead, ended_at__isnull=True)).first()
    if override is None or not override.counts_at(now):
        raise Conflict("No grade set by hand counts here (any more): it is the computed one.")
    _end(override, by, now)
    mark([lead.pk], cause=ScoreCause.OVERRIDE, now=now)
    return override


@transaction.atomic
def end_due_overrides(*, now: datetime) -> int:
    """End those whose time is over and mark their leads, at most ``BATCH``; gives how many.

    It looks at what is due, whenever it is asked, so a sweep that was missed is made good by the next.
    Two sweeps at once pass over each other's rows.
    """
    due = GradeOverride.objects.filter(ended_at__isnull=True, ends_at__lte=now)
    rows = list(locked(due, skip_locked=True)[:BATCH])
    for override in rows:
        override.ended_at = override.ends_at
    GradeOverride.objects.bulk_update(rows, ["ended_at"])
    if rows:
        detail = {"overrides": [row.pk for row in rows]}
        audit.record(actor=None, action="override.expire", target_type="gradeoverride", detail=detail)
        mark([row.lead_id for row in rows], cause=ScoreCause.OVERRIDE, now=now)
    return len(rows)


def _checked(grade: str, reason: str, ends_on: date, now: datetime) -> datetime:
    """The moment of its end; Invalid names each value that can't be taken."""
    zone = Organisation.current().tz
    today = now.astimezone(zone).date()
    problems = []
    if grade not in Grade.values:
        problems.append(Problem("Choose a grade from A to D.", "grade"))
    if not reason:
        problems.append(Problem("Say why: whoever works this lead reads it.", "reason"))
    elif len(reason) > REASON:
        problems.append(Problem(f"At most {REASON} characters; these are {len(reason)}.", "reason"))
    if not today <= ends_on <= today + timedelta(days=LONGEST):
        latest = day_in_words(today + timedelta(days=LONGEST))
        problems.append(
            Problem(f"Choose a day from today to {latest}: a grade by hand always ends.", "ends_on")
        )
    if problems:
        raise Invalid(problems[0].message, problems=tuple(problems))
    return datetime.combine(ends_on + timedelta(days=1), time.min, tzinfo=zone)


def _check_graded(lead: Lead) -> None:
    score = live_scores().filter(lead_id=lead.pk).first()
    if score is None:
        raise Invalid("This lead has no grade yet. One that is new gets it within seconds: try again then.")
    if score.version_id is None:
        raise Invalid("This lead is in no definition's scope: there is no grade to replace.")


def _open(lead: Lead) -> GradeOverride | None:
    rows = GradeOverride.objects.filter(lead=lead, ended_at__isnull=True).select_related("by")
    return rows.first()


def _end_open(lead: Lead, replaces: int | None, by: User, now: datetime) -> None:
    """Make room: end the one that is replaced, or whose time is over and no sweep came yet."""
    override = locked(GradeOverride.objects.filter(lead=lead, ended_at__isnull=True)).first()
    if override is None:
        if replaces is not None:
            raise Conflict("The grade set by hand that you saw has ended meanwhile. Look at the lead again.")
        return
    if override.counts_at(now) and override.pk != replaces:
        raise _taken(_open(lead))
    _end(override, by if override.counts_at(now) else None, now)


def _end(override: GradeOverride, by: User | None, now: datetime) -> None:
    override.ended_at, override.ended_by = min(now, override.ends_at), by
    override.save(update_fields=["ended_at", "ended_by"])
    audit.record(actor=by, action="override.end", target=override, detail={"lead": override.lead_id})


def _taken(override: GradeOverride | None) -> Conflict:
    if override is None:
        return Conflict("Somebody else changed this grade at the same moment. Look at the lead again.")
    theirs = set_by_hand(override, Organisation.current().tz)
    return Conflict(
        f"{theirs.words}: “{theirs.reason}”. Nothing of yours was saved. "
        "Look at the lead again; you can change that one."
    )
