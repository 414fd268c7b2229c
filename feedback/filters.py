"""What the lists of feedback can be narrowed to by their address."""

import datetime as dt
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils import timezone

from alignment.models import Dimension, Grade, Version
from core.errors import Invalid, Problem
from core.text import fold
from feedback.models import Assignment, Decision, SlaEvent
from feedback.reports import sla
from feedback.reports.links import NOBODY
from feedback.reports.now import HOURS, bands
from feedback.reports.weeks import last_weeks, monday_of, start_of, week_of
from users.models import Organisation, Team, User

FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_WEEKS = 520
SHOWS = {
    "open": "Open",
    "undecided": "Undecided",
    "at_risk": "At risk",
    "breached": "Overdue",
    "never_touched": "Never touched",
    "missed": "Missed",
}
"""The lists behind the SLA figures, in the order of their tabs."""
MORE_SHOWS = {
    "due": "the clock counts",
    "met": "it was in time",
    "first": "it was the first assignment",
    "responded": "there was a response",
    "decided": "the owner decided",
}
"""Lists without a tab, said as a condition."""
MOMENTS = ("due", "assigned", "decided", "step")
"""What *week* and *weeks* are about."""
Rows = QuerySet[Assignment]


class AssignmentFilter(django_filters.FilterSet):
    """Assignments by standing, clock, whose they are, and when they were due, assigned, decided or a step of
    the ladder was taken: in a week, or in the last ones."""

    show = django_filters.ChoiceFilter(choices=list((SHOWS | MORE_SHOWS).items()), method="by_standing")
    clock = django_filters.ChoiceFilter(choices=SlaEvent.Clock.choices, method="unfiltered")
    owner = django_filters.ModelChoiceFilter(queryset=User.objects.all())
    team = django_filters.ModelChoiceFilter(
        field_name="owner__team", queryset=Team.objects.all(), null_label="No team", null_value=NOBODY
    )
    grade = django_filters.ChoiceFilter(field_name="grade", choices=Grade.choices)
    source = django_filters.CharFilter(method="by_source")
    version = django_filters.ModelChoiceFilter(
        field_name="version", queryset=Version.objects.select_related("definition")
    )
    of = django_filters.ChoiceFilter(choices=[(each, each) for each in MOMENTS], method="unfiltered")
    week = django_filters.DateFilter(method="by_week")
    weeks = django_filters.NumberFilter(method="by_weeks", min_value=1, max_value=MOST_WEEKS)
    weekday = django_filters.NumberFilter(method="by_weekday", min_value=0, max_value=6)
    hour = django_filters.NumberFilter(method="by_hour", min_value=0, max_value=23)
    step = django_filters.CharFilter(method="by_step", max_length=20)
    coming = django_filters.ChoiceFilter(choices=[(str(each), each) for each in HOURS], method="by_coming")

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    @property
    def clock_shown(self) -> str:
        """The clock that *missed*, *week* and *weeks* are about; the response clock unless told otherwise."""
        return self.form.cleaned_data.get("clock") or SlaEvent.Clock.RESPONSE

    @property
    def of_shown(self) -> str:
        """One of ``MOMENTS``: *due* unless told otherwise."""
        return self.form.cleaned_data.get("of") or "due"

    def by_standing(self, assignments: Rows, name: str, show: str) -> Rows:
        now, clock = timezone.now(), self.clock_shown
        conditions = {
            "open": Q(ended_at=None),
            "undecided": sla.undecided(),
            "at_risk": sla.at_risk(now) & Q(ended_at=None),
            "breached": sla.breached(now) & Q(ended_at=None),
            "never_touched": sla.never_touched(),
            "missed": sla.missed(clock, now),
            "due": sla.counted(clock, now),
            "met": sla.met(clock),
            "first": Q(system_minutes__isnull=False),
            "responded": Q(response_minutes__isnull=False),
            "decided": Q(decision_minutes__isnull=False),
        }
        return assignments.filter(conditions[show])

    def by_source(self, assignments: Rows, name: str, source: str) -> Rows:
        return assignments.filter(source_folded="" if source == NOBODY else fold(source))

    def by_week(self, assignments: Rows, name: str, day: dt.date) -> Rows:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(f"There is no week of {day}: give a year from {FIRST_YEAR} to {LAST_YEAR}.")
        zone = Organisation.current().tz
        week = week_of(monday_of(start_of(day, zone), zone), zone)
        return self._between(assignments, week.start, week.end)

    def by_weeks(self, assignments: Rows, name: str, weeks: Decimal) -> Rows:
        return self._between(assignments, *last_weeks(int(weeks), timezone.now(), Organisation.current().tz))

    def _between(self, assignments: Rows, start: dt.datetime, end: dt.datetime) -> Rows:
        if self.of_shown == "step":
            return assignments.filter(self._stepped(at__gte=start, at__lt=end))
        if self.of_shown == "due":
            return sla.due_between(assignments, self.clock_shown, start, end)
        if self.of_shown == "decided":
            own = assignments.filter(decided_at__gte=F("assigned_at"))
            return own.filter(decided_at__gte=start, decided_at__lt=end)
        return assignments.filter(assigned_at__gte=start, assigned_at__lt=end)

    def _stepped(self, **when: dt.datetime) -> Exists:
        """A step of the ladder was taken for the clock: the one asked for, if one is."""
        step = self.form.cleaned_data.get("step")
        named = {"step": step} if step else {}
        return Exists(
            SlaEvent.objects.filter(assignment=OuterRef("pk"), clock=self.clock_shown, **named, **when)
        )

    def by_weekday(self, assignments: Rows, name: str, weekday: Decimal) -> Rows:
        local = ExtractIsoWeekDay("assigned_at", tzinfo=Organisation.current().tz)
        return assignments.alias(weekday=local).filter(weekday=int(weekday) + 1)

    def by_hour(self, assignments: Rows, name: str, hour: Decimal) -> Rows:
        local = ExtractHour("assigned_at", tzinfo=Organisation.current().tz)
        return assignments.alias(hour=local).filter(hour=int(hour))

    def by_step(self, assignments: Rows, name: str, step: str) -> Rows:
        return assignments.filter(self._stepped())

    def by_coming(self, assignments: Rows, name: str, hours: str) -> Rows:
        band = bands(timezone.now())[HOURS.index(int(hours))]
        return assignments.filter(sla.due_within(*band), ended_at=None)

    def unfiltered(self, assignments: Rows, name: str, value: str) -> Rows:
        """What narrows nothing by itself: it says what *missed*, *week* and *weeks* mean."""
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
