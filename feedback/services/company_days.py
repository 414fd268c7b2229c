"""Days off for everybody in the company, kept once."""

import datetime as dt

from django.db import transaction

from core import audit
from core.errors import Invalid, Problem
from core.locking import locked
from feedback.models import Assignment, CompanyHoliday
from feedback.routing.reps import company_day
from feedback.services.clocks import reset_clocks
from feedback.texts import checked_text
from users.models import Organisation, User

LABEL = 80
FAR = dt.timedelta(days=3_653)


@transaction.atomic
def add_company_holiday(*, day: dt.date, label: str, by: User, now: dt.datetime) -> CompanyHoliday:
    """A day on which nobody works; the clocks of all open leads are set anew.

    Invalid without a name, for a day more than ten years away and for one that is kept already.
    """
    _one_at_a_time()
    label = checked_text(label, limit=LABEL, where="label")
    if not label:
        raise _invalid("Say what day it is: the sum behind a due time names it.", "label")
    if abs(day - company_day(now)) > FAR:
        raise _invalid("Choose a day within ten years.", "day")
    if known := CompanyHoliday.objects.filter(day=day).first():
        raise _invalid(f"That day is a company holiday already: {known.label}.", "day")
    row = CompanyHoliday.objects.create(day=day, label=label)
    reset = reset_clocks(Assignment.objects.all(), now=now)
    detail = {"day": str(day), "clocks_reset": reset}
    audit.record(actor=by, action="company_holiday_added", target=row, detail=detail)
    return row


@transaction.atomic
def remove_company_holiday(*, holiday: CompanyHoliday, by: User, now: dt.datetime) -> None:
    """The day is worked again, by everybody whose calendar says so. A repeat changes nothing."""
    _one_at_a_time()
    if CompanyHoliday.objects.filter(pk=holiday.pk).delete()[0]:
        reset = reset_clocks(Assignment.objects.all(), now=now)
        detail = {"day": str(holiday.day), "clocks_reset": reset}
        audit.record(actor=by, action="company_holiday_removed", target=holiday, detail=detail)


def _one_at_a_time() -> None:
    """Two who name the same day at once: the second sees the first's."""
    locked(Organisation.objects.filter(pk=Organisation.current().pk)).get()


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
