"""The history of a lead's score: as a plot, as a list, and what the lead and the rules did."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.access import READERS, get_lead
from scoring.causes import entries
from scoring.history import Point, changes_of, points_by_day, tell_apart
from scoring.overriding import day_in_words
from users.access import person, signed_in_as
from users.models import Organisation

PAGE = 25
USUAL = 90  # days
SPANS = ((30, "30 days"), (90, "90 days"), (365, "A year"))
EARLIEST = date(2000, 1, 1)


class SpanForm(forms.Form):
    """From the beginning of one day to the end of another, in the company's zone."""

    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, asked: dict[str, str], today: date) -> None:
        self.usual = {"since": today - timedelta(days=USUAL), "until": today}
        super().__init__({**self.usual, **asked})
        self.today = today

    def clean(self) -> dict[str, date]:
        values: dict[str, date] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and not EARLIEST <= since <= until <= self.today:
            message = f"Choose days from {day_in_words(EARLIEST)} to today, the first one first."
            raise forms.ValidationError(message)
        return values

    def span(self) -> tuple[date, date]:
        """The days, or the usual ones where what was asked for can't be taken."""
        values = self.cleaned_data if self.is_valid() else self.usual
        return values["since"], values["until"]


@require_safe
@signed_in_as(*READERS)
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """``?since=`` and ``?until=`` are days, ``?page=`` a page of the list."""
    lead, now = get_lead(person(request), pk), timezone.now()
    zone = Organisation.current().tz
    today = now.astimezone(zone).date()
    form = SpanForm({name: request.GET[name] for name in ("since", "until") if request.GET.get(name)}, today)
    first, last = form.span()
    since, end = start_of(first, zone), start_of(last + timedelta(days=1), zone)
    page = Paginator(changes_of(lead.pk, since, end), PAGE).get_page(request.GET.get("page"))
    context = {
        "lead": lead,
        "form": form,
        "since": first,
        "until": last,
        "is_today": last == today,
        "apart": tell_apart(lead.pk, since, None if last == today else end),
        "page": page,
        "entries": entries(list(page.object_list)),
        "plot": plot(points_by_day(lead.pk, first, last, zone)),
        "spans": [(label, today - timedelta(days=days), days) for days, label in SPANS],
        "days": (today - first).days if last == today else None,
    }
    return render(request, "scoring/history.html", context)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of ``day`` in ``zone``."""
    return datetime.combine(day, datetime.min.time(), tzinfo=zone)


def plot(points: list[Point]) -> dict[str, list[object]]:
    """Columns and rows of the chart: the total, and the floor of each grade where points make it."""
    has_floors = any(point.floors[0] is not None for point in points)
    columns: list[object] = ["Day", "Points", *(["A from", "B from", "C from"] if has_floors else [])]
    rows: list[object] = [
        [f"{point.day.day} {point.day:%b}", point.total, *(point.floors if has_floors else ())]
        for point in points
    ]
    return {"columns": columns, "rows": rows}
