"""How a rep works and how many new leads may come: calendar, absence, capacity, limits, ramp, leave."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction

from core import audit
from core.errors import Invalid, Problem
from core.locking import locked
from feedback.business_time import NoWorkingTime, add_working_time
from feedback.calendars import load_calendars
from feedback.models import Assignment, Leave, RepSettings, WorkingCalendar
from feedback.routing.reps import company_day
from feedback.services.clocks import reset_clocks
from users.models import User

MOST_LEADS, MOST_WEIGHT, MOST_WEEKS = 1_000, 100, 52
FAR = dt.timedelta(days=3_653)
LONGEST_LEAVE = dt.timedelta(days=731)
LONGEST_ABSENCE = dt.timedelta(days=1_096)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTerms:
    """What ``RepSettings`` says of a rep; None is the default calendar, the house's capacity, no limit."""

    calendar: WorkingCalendar | None = None
    is_away: bool = False
    capacity: int | None = None
    per_day: int | None = None
    per_week: int | None = None
    weight: int = 1
    ramp_from: dt.date | None = None
    ramp_weeks: int | None = None


@transaction.atomic
def set_rep(*, rep: User, terms: RepTerms, by: User, now: dt.datetime) -> RepSettings:
    """Set how a rep works and what may come. Invalid, with each place, for figures out of bounds.

    Away keeps new leads from them; those they have stay theirs and their clocks run on. Another calendar
    sets the clocks of their open leads anew. A repeat changes nothing.
    """
    _refuse(_problems(terms, company_day(now)))
    values = {name: getattr(terms, name) for name in RepTerms.__slots__}
    before = RepSettings.objects.filter(user=rep).first() or RepSettings(user=rep)
    changed = [name for name, value in values.items() if getattr(before, name) != value]
    row, is_new = RepSettings.objects.update_or_create(user=rep, defaults=values)
    if not changed and not is_new:
        return row
    reset = reset_clocks(Assignment.objects.filter(owner=rep), now=now) if "calendar" in changed else 0
    said = {
        **asdict(terms),
        "calendar": row.calendar_id,
        "ramp_from": terms.ramp_from and str(terms.ramp_from),
    }
    detail = {name: said[name] for name in changed} | {"clocks_reset": reset}
    audit.record(actor=by, action="rep_settings_changed", target=rep, detail=detail)
    return row


@transaction.atomic
def add_leave(*, rep: User, starts: dt.date, ends: dt.date, by: User, now: dt.datetime) -> Leave:
    """Plan days on which no new leads come and the clocks of a rep stand still, ``ends`` included.

    The due moments of their open leads move; what is overdue stays so. Invalid if it ends before it starts,
    is over already, lasts longer than two years, overlaps another or leaves no working day for three years.
    """
    locked(User.objects.filter(pk=rep.pk)).get()  # two who plan at once: the second sees the first's
    _refuse(_leave_problems(rep, starts, ends, company_day(now)))
    row = Leave.objects.create(rep=rep, starts=starts, ends=ends)
    _check_worked(rep, now)
    reset = reset_clocks(Assignment.objects.filter(owner=rep), now=now)
    detail = {"starts": str(starts), "ends": str(ends), "clocks_reset": reset}
    audit.record(actor=by, action="leave_added", target=rep, detail=detail)
    return row


@transaction.atomic
def remove_leave(*, leave: Leave, by: User, now: dt.datetime) -> None:
    """Take planned days off back: the clocks count those days again. A repeat changes nothing."""
    locked(User.objects.filter(pk=leave.rep_id)).get()
    if Leave.objects.filter(pk=leave.pk).delete()[0]:
        reset = reset_clocks(Assignment.objects.filter(owner=leave.rep_id), now=now)
        detail = {"starts": str(leave.starts), "ends": str(leave.ends), "clocks_reset": reset}
        audit.record(actor=by, action="leave_removed", target=leave.rep, detail=detail)


def _problems(terms: RepTerms, today: dt.date) -> Iterator[Problem]:
    bounds = {
        "capacity": (0, MOST_LEADS),
        "per_day": (1, MOST_LEADS),
        "per_week": (1, MOST_LEADS),
        "weight": (1, MOST_WEIGHT),
        "ramp_weeks": (1, MOST_WEEKS),
    }
    for name, (least, most) in bounds.items():
        value = getattr(terms, name)
        if value is not None and not least <= value <= most:
            yield Problem(f"Give a whole number from {least:,} to {most:,}.", name)
    if terms.ramp_from is not None and abs(terms.ramp_from - today) > FAR:
        yield Problem("Choose a day within ten years.", "ramp_from")
    if terms.ramp_from is not None and terms.ramp_weeks is None:
        yield Problem("Say in how many weeks the capacity grows, or leave both empty.", "ramp_weeks")
    if terms.ramp_weeks is not None and terms.ramp_from is None:
        yield Problem("Say on which day it starts to grow, or leave both empty.", "ramp_from")


def _leave_problems(rep: User, starts: dt.date, ends: dt.date, today: dt.date) -> Iterator[Problem]:
    if ends < starts:
        yield Problem("The last day comes before the first one.", "ends")
    elif ends < today:
        yield Problem("These days have passed. Plan days that are still to come.", "ends")
    elif ends - starts > LONGEST_LEAVE:
        yield Problem("Plan at most two years at once.", "ends")
    other = Leave.objects.filter(rep=rep, starts__lte=ends, ends__gte=starts).first()
    if other is not None:
        message = f"{rep} has leave from {other.starts:%Y-%m-%d} to {other.ends:%Y-%m-%d} already."
        yield Problem(message, "starts")


def _check_worked(rep: User, now: dt.datetime) -> None:
    """Raise Invalid if, leave after leave, no working day comes for years: no lead would ever be due."""
    try:
        first = add_working_time(load_calendars([rep.pk]).of(rep.pk), now, dt.timedelta(0)).at
    except NoWorkingTime:
        first = now + LONGEST_ABSENCE * 2
    if first - now > LONGEST_ABSENCE:
        message = "That leaves no working day for three years. Take the rep out of routing instead."
        raise Invalid(message, problems=(Problem(message, "ends"),))


def _refuse(found: Iterator[Problem]) -> None:
    problems = tuple(found)
    if problems:
        raise Invalid(problems[0].message, problems=problems)
