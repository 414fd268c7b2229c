"""The parts of a screen: what they say, and what they never say."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from core import display, drawing
from core.hooks import NavItem
from core.toasts import ToastsMiddleware, say

NOW = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def render(source: str, request: HttpRequest | None = None, **values: Any) -> str:
    template = engines["django"].from_string("{% load bantam %}" + source)
    return " ".join(template.render(values, request).split())


@pytest.fixture
def request_with_messages(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/leads/", {"q": "ana", "page": "4"}, headers={"HX-Request": "true"})
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # what the middleware sets
    return request


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_000_000, "1,000,000"),
        (0, "0"),
        (-5, "−5"),
        (Decimal("2.50"), "2.5"),
        (None, "–"),
        ("n/a", "–"),
        (float("nan"), "–"),
    ],
)
def test_a_number_is_grouped_and_what_is_none_is_a_dash(value: object, text: str) -> None:
    assert display.number(value) == text


@pytest.mark.parametrize(("points", "text"), [(15, "+15"), (-5, "−5"), (0, "0"), (None, "–")])
def test_points_carry_their_sign(points: int | None, text: str) -> None:
    assert display.signed(points) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1200, "EUR", "€1,200"),
        (Decimal("1200.5"), "CHF", "CHF 1,200.50"),
        (-3, "USD", "−$3"),
        (None, "EUR", "–"),
    ],
)
def test_money_names_its_currency(amount: object, currency: str, text: str) -> None:
    assert display.money(amount, currency) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (130, "2 h 10 min"), (-130, "2 h 10 min")],
)
def test_a_duration_reads_in_hours_and_minutes(minutes: int, text: str) -> None:
    assert display.duration(minutes) == text


def test_names_are_listed_as_a_person_says_them() -> None:
    assert display.listed([]) == ""
    assert display.listed(["Ana"]) == "Ana"
    assert display.listed(["Ana", "Ben"]) == "Ana and Ben"
    assert display.listed(["Ana", "Ben", "Cem"]) == "Ana, Ben and Cem"


def test_a_ratio_reads_as_per_cent_and_none_as_a_dash() -> None:
    assert display.percent(0.861) == "86 %"
    assert display.percent(None) == "–"


def test_a_moment_is_shown_in_the_viewers_zone_and_names_another_year() -> None:
    with timezone.override(BERLIN):
        assert display.moment(NOW, now=NOW) == "Mon 23 Nov, 11:40"
        assert display.moment(NOW - timedelta(days=365), now=NOW) == "Sun 23 Nov 2025, 11:40"
        assert display.exact_moment(NOW) == "Monday 23 November 2026, 11:40 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (-timedelta(days=2), "in 2 days"),
    ],
)
def test_ago_rounds_to_what_matters(gap: timedelta, text: str) -> None:
    assert display.ago(NOW - gap, now=NOW) == text


def test_ago_counts_days_as_the_viewers_calendar_does() -> None:
    evening = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    with timezone.override(BERLIN):
        assert display.ago(evening, now=NOW) == "3 days ago"  # Friday 23:30 to Monday 11:40: 60 hours
        assert display.ago(NOW, now=evening) == "in 3 days"
        assert display.ago(evening + timedelta(hours=1), now=NOW) == "2 days ago"  # already Saturday there
        midnight = datetime(2026, 10, 24, 22, 5, tzinfo=UTC)  # of a Sunday that is 25 hours long
        assert display.ago(midnight, now=midnight + timedelta(hours=24, minutes=30)) == "1 day ago"


def test_the_tooltip_of_a_moment_names_the_zone() -> None:
    with timezone.override(BERLIN):
        html = render("{% moment at %}", at=NOW)
    assert 'datetime="2026-11-23T10:40:00+00:00"' in html
    assert "(Europe/Berlin)" in html
    assert render("{% moment at %}", at=None) == "–"


def test_a_duration_says_when_it_is_working_time() -> None:
    assert render("{% duration 130 %}") == "2 h 10 min working time"
    assert render("{% duration 130 working=False %}") == "2 h 10 min"


@pytest.mark.parametrize(
    ("options", "state", "text"),
    [
        ("minutes=130", "calm", "due in 2 h 10 min"),
        ("minutes=40 at_risk=True", "risk", "due in 40 min"),
        ("minutes=-190 at_risk=True", "late", "overdue by 3 h"),
        ("minutes=130 paused=True", "paused", "paused"),
    ],
)
def test_a_due_chip_says_its_state_in_words(options: str, state: str, text: str) -> None:
    html = render("{% due at " + options + " %}", at=timezone.now() + timedelta(hours=3))
    assert f"is-{state}" in html
    assert f">{text}<" in html


def test_a_chip_that_is_due_when_work_begins_again_names_that_moment() -> None:
    monday = timezone.now() + timedelta(days=2)
    html = render("{% due at minutes=0 at_risk=True %}", at=monday)
    assert f">due {display.moment(monday, now=timezone.now())}<" in html
    assert ">due in 0 min<" in render("{% due at minutes=0 %}", at=timezone.now() + timedelta(seconds=20))


def test_a_due_chip_without_working_time_goes_by_the_moment() -> None:
    assert "overdue since" in render("{% due at %}", at=timezone.now() - timedelta(hours=1))
    assert "no due time" in render("{% due None %}")


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
def test_a_grade_is_told_by_its_letter_and_its_class(letter: str) -> None:
    html = render("{% grade letter %}", letter=letter)
    assert f"is-{letter.lower()}" in html
    assert "Grade" in html
    assert f"</span> {letter}" in html


def test_an_unknown_grade_is_shown_as_none_and_never_printed() -> None:
    html = render("{% grade letter %}", letter='"><script>')
    assert "No grade" in html
    assert "script" not in html


def test_bars_share_one_scale_and_name_what_was_cut() -> None:
    dimensions = [
        {"label": "Budget", "points": 30, "cap": 20, "cut": 10},
        {"label": "Need", "points": -5, "cap": 10},
    ]
    first, second = drawing.bars(dimensions)
    assert (first.track, first.fill) == (100, 100)
    assert (second.track, second.fill) == (50, 0)
    html = render("{% dimension_bars dimensions %}", dimensions=dimensions)
    assert "10 above the cap" in html
    assert "style=" not in html


def test_thin_bars_are_read_aloud_as_one_sentence() -> None:
    dimensions = [{"label": "Budget", "points": 5, "cap": 10}, {"label": "Need", "points": 0, "cap": 0}]
    html = render("{% thin_bars dimensions %}", dimensions=dimensions)
    assert 'aria-label="Budget 5 of 10, Need 0 of 0"' in html


def test_stacked_caps_end_to_end_say_what_is_missing() -> None:
    dimensions = [{"label": "Budget", "cap": 60}, {"label": "Need", "cap": 30}]
    parts = drawing.stack(dimensions, 100)
    assert [(part.start, part.width) for part in parts] == [(0, 60), (60, 30)]
    assert "10 of 100 not given yet" in render("{% caps_bar dimensions %}", dimensions=dimensions)


def test_caps_above_the_whole_shrink_and_are_told() -> None:
    dimensions = [{"label": "Budget", "cap": 100}, {"label": "Need", "cap": 100}]
    assert sum(part.width for part in drawing.stack(dimensions, 100)) == 100
    assert "200 given, 100 is the whole" in render("{% caps_bar dimensions %}", dimensions=dimensions)


def test_a_sparkline_breaks_at_a_gap_and_survives_one_value() -> None:
    assert len(drawing.polylines([1, 2, None, 3])) == 2
    assert drawing.polylines([None, None]) == []
    assert drawing.polylines([5]) == ["0.0,12.0 2.0,12.0"]


def test_a_chart_carries_its_raw_figures_in_a_table() -> None:
    rows = [["2 Nov", 1200], ["9 Nov", None]]
    html = render('{% chart "line" "Leads" columns rows %}', columns=["Week", "Leads"], rows=rows)
    assert 'data-value="1200">1,200</td>' in html
    assert 'data-value="">–</td>' in html


def test_a_chart_leads_to_its_lists_and_marks_what_began() -> None:
    rows = [["2 Nov", drawing.Linked(1200, "/leads/?a=1&b=2")], ["9 Nov", drawing.Linked(3)]]
    html = render(
        '{% chart "line" "Leads" columns rows marks=marks %}',
        columns=["Week", "Leads"],
        rows=rows,
        marks={"9 Nov": "v2 <new>"},
    )
    assert 'data-value="1200"><a href="/leads/?a=1&amp;b=2">1,200</a></td>' in html
    assert 'data-value="3">3</td>' in html
    assert html.count("data-mark=") == 1
    assert 'data-mark="v2 &lt;new&gt;"' in html


def test_two_definitions_on_a_page_never_share_an_id(rf: RequestFactory) -> None:
    html = render('{% definition "SLA" "Terms." %}{% definition "SLA" "Terms." %}', rf.get("/"))
    first, second = (part.split('"')[0] for part in html.split(' id="')[1:])
    assert first != second
    assert html.count(f'aria-describedby="{first}"') == 1


def test_a_head_turns_the_order_and_goes_back_to_the_first_page(rf: RequestFactory) -> None:
    request = rf.get("/leads/", {"q": "ana", "page": "4", "sort": "name"})
    html = render('{% sort_header "Name" "name" %}{% sort_header "Points" "points" %}', request)
    assert 'href="?q=ana&amp;sort=-name"' in html
    assert 'href="?q=ana&amp;sort=points"' in html
    assert html.count("aria-sort") == 1


def test_pages_keep_the_query_and_count_to_a_million(request_with_messages: HttpRequest) -> None:
    page = Paginator(range(1_000_000), 50).page(4)
    html = render('{% pagination page "leads" %}', request_with_messages, page=page)
    assert "151–200 of 1,000,000 leads" in html
    assert 'href="?q=ana&amp;page=5"' in html


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [
        (0, "leads", "No leads"),
        (1, "versions", "1 version"),
        (1, "people", "1 person"),
        (50, "pieces", "50 pieces"),
        (51, "pieces", "1–50 of 51 pieces"),
    ],
)
def test_a_list_of_one_page_is_only_counted(
    request_with_messages: HttpRequest, count: int, noun: str, said: str
) -> None:
    page = Paginator(range(count), 50).page(1)
    html = render(f'{{% pagination page "{noun}" %}}', request_with_messages, page=page)
    assert re.findall(r'class="muted">\s*(.*?)\s*</span>', html, re.DOTALL) == [said]


def test_the_entry_with_the_longest_matching_address_is_current(rf: RequestFactory) -> None:
    roles: frozenset[str] = frozenset()
    items = [
        NavItem("Health", "healthz", roles, 0, key="h"),
        NavItem("Gone", "nowhere:at_all", roles, 1),
    ]
    html = render("{% navigation %}", rf.get(reverse("healthz")), nav_items=items)
    assert html.count('aria-current="page"') == 1
    assert 'data-go="h"' in html
    assert "Gone" not in html


class SampleForm(forms.Form):
    amount = forms.IntegerField(help_text="Per year.")
    is_urgent = forms.BooleanField(required=False)


def test_a_wrong_field_points_to_its_help_and_its_error() -> None:
    html = render('{% field form.amount unit="EUR" %}', form=SampleForm({"amount": "n/a"}))
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert '<span class="unit">EUR</span>' in html


def test_a_whole_form_is_made_of_the_same_fields() -> None:
    html = render("{{ form }}", form=SampleForm())
    assert html.count('class="field') == 2
    assert html.count('class="required"') == 1


def test_a_dialog_posts_with_the_token_of_the_page(rf: RequestFactory) -> None:
    source = '{% confirm "sure" title="Sure?" text="Gone." action="/x/" verb="Delete" danger=True %}'
    html = render(source, rf.get("/"))
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'action="/x/"' in html


def test_a_notice_travels_with_a_fragment_and_can_be_undone(request_with_messages: HttpRequest) -> None:
    say(request_with_messages, "Accepted <b>.", undo_url="/undo/7/")
    response = ToastsMiddleware(lambda _: HttpResponse("<p>row</p>"))(request_with_messages)
    body = response.content.decode()
    assert body.startswith("<p>row</p>")
    assert 'hx-swap-oob="beforeend:#toasts"' in body
    assert 'action="/undo/7/"' in body
    assert "Accepted &lt;b&gt;." in body


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("{}", content_type="application/json"),
        HttpResponse(headers={"HX-Redirect": "/next/"}),
        HttpResponse("no", status=409),
    ],
)
def test_a_notice_waits_when_no_fragment_is_swapped_in(
    request_with_messages: HttpRequest, response: HttpResponse
) -> None:
    before = response.content
    say(request_with_messages, "Saved.", level=messages.INFO)
    assert ToastsMiddleware(lambda _: response)(request_with_messages).content == before
    assert [str(message) for message in messages.get_messages(request_with_messages)] == ["Saved."]


def test_a_notice_without_an_undo_has_no_form(rf: RequestFactory) -> None:
    html = render('{% include "components/toast.html" with message="" %}', rf.get("/"))
    assert "<form" not in html
    assert "is-error" in html
