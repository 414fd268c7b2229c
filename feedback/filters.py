"""What the lists of feedback can be narrowed to by their address."""

import datetime as dt
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from alignment.models import Dimension, Grade
from core.errors import Invalid, Problem
from feedback.models import Assignment, Decision, SlaEvent
from feedback.reports import sla
from feedback.reports.dashboard import last_weeks, monday_of, start_of
from users.models import Organisation, Role, User

FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_WEEKS = 520
SHOWS = {
    "open": "Open",
    "at_risk": "At risk",
    "breached": "Overdue",
    "never_touched": "Never touched",
    "missed": "Missed",
}
"""The lists behind the SLA figures, in the order of their tabs."""


class AssignmentFilter(django_filters.FilterSet):
    """Assignments by standing, clock, owner, grade and when they were due: in a week, or in the last ones."""

    show = django_filters.ChoiceFilter(choices=list(SHOWS.items()), method="by_standing")
    clock = django_filters.ChoiceFilter(choices=SlaEvent.Clock.choices, method="unfiltered")
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.filter(role=Role.REP))
    grade = django_filters.ChoiceFilter(field_name="handoff__grade", choices=Grade.choices)
    week = django_filters.DateFilter(method="by_week")
    weeks = django_filters.NumberFilter(method="by_weeks", min_value=1, max_value=MOST_WEEKS)

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    @property
    def clock_shown(self) -> str:
        """The clock that *missed*, *week* and *weeks* are about; the response clock unless told otherwise."""
        return self.form.cleaned_data.get("clock") or SlaEvent.Clock.RESPONSE

    def by_standing(self, assignments: QuerySet[Assignment], name: str, show: str) -> QuerySet[Assignment]:
        now = timezone.now()
        conditions = {
            "at_risk": sla.at_risk(now),
            "breached": sla.breached(now),
            "never_touched": sla.never_touched(),
            "missed": sla.missed(self.clock_shown, now),
        }
        if show == "open":
            return assignments.filter(ended_at=None)
        if show == "missed":
            return assignments.filter(conditions[show])
        return assignments.filter(conditions[show], ended_at=None)

    def by_week(self, assignments: QuerySet[Assignment], name: str, day: dt.date) -> QuerySet[Assignment]:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(f"There is no week of {day}: give a year from {FIRST_YEAR} to {LAST_YEAR}.")
        zone = Organisation.current().tz
        monday = monday_of(start_of(day, zone), zone)
        start, end = start_of(monday, zone), start_of(monday + dt.timedelta(weeks=1), zone)
        return sla.due_between(assignments, self.clock_shown, start, end)

    def by_weeks(self, assignments: QuerySet[Assignment], name: str, weeks: Decimal) -> QuerySet[Assignment]:
        start, end = last_weeks(int(weeks), timezone.now(), Organisation.current().tz)
        return sla.due_between(assignments, self.clock_shown, start, end)

    def unfiltered(self, assignments: QuerySet[Assignment], name: str, value: str) -> QuerySet[Assignment]:
        """The clock alone narrows nothing: it says what *missed*, *week* and *weeks* mean."""
        return assignments


def checked(filterset: django_filters.FilterSet) -> QuerySet[Any]:
    """The filtered rows; Invalid names each part of the address that can't be read."""
    if filterset.is_valid():
        rows: QuerySet[Any] = filterset.qs
        return rows
    errors = {name: [str(each) for each in found] for name, found in filterset.form.errors.items()}
    problems = tuple(
        Problem(message, where=name) for name, messages in errors.items() for message in messages
    )
    names = ", ".join(errors)
    raise Invalid(f"The address asks for something that isn't there: check {names}.", problems=problems)


class RejectionFilter(django_filters.FilterSet):
    """Rejections by what they are grouped by, and whether marketing has seen them."""

    reason = django_filters.CharFilter(field_name="reason__key")
    dimension = django_filters.ChoiceFilter(field_name="reason__dimension", choices=Dimension.choices)
    criterion = django_filters.CharFilter(field_name="reason__criterion_key")
    source = django_filters.CharFilter(field_name="handoff__lead__source")
    unseen = django_filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ()
