"""Follow-up, reasons, working hours, notices and the scoreboard: who sees them, and what they answer."""

import re
from datetime import date, timedelta
from html import unescape
from typing import ClassVar

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alignment.models import Reason
from core.models import AuditEntry
from feedback.calendars import holiday_countries
from feedback.models import Assignment, CompanyHoliday, Decision, Notification, RepSettings, WorkingCalendar
from feedback.services.notices import Notice, notify
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.factories import UserFactory
from tests.feedback.world import NOW, assigned
from users.models import Role, User

MANAGERS_ONLY = {
    Role.MARKETER: FORBIDDEN,
    Role.MARKETING_MANAGER: OK,
    Role.REP: FORBIDDEN,
    Role.SALES_MANAGER: OK,
    Role.MEDIATOR: OK,
    Role.EXECUTIVE: FORBIDDEN,
    Role.ADMIN: OK,
}


class TestWhoSeesFollowUp(AccessTests):
    url_name = "feedback:sla"
    expected: ClassVar = MANAGERS_ONLY
    other_team = FORBIDDEN


class TestWhoSeesTheLeadsBehindTheFigures(AccessTests):
    url_name = "feedback:sla_assignments"
    expected: ClassVar = MANAGERS_ONLY
    other_team = FORBIDDEN


class TestWhoSeesReasons(AccessTests):
    url_name = "feedback:reasons"
    expected: ClassVar = {**MANAGERS_ONLY, Role.MARKETER: OK}
    other_team = FORBIDDEN


class TestWhoMarksRejectionsAsSeen(AccessTests):
    url_name = "feedback:rejections_seen"
    method = "post"
    expected: ClassVar = {
        **dict.fromkeys(Role, FORBIDDEN),
        Role.MARKETER: MOVED,
        Role.MARKETING_MANAGER: MOVED,
    }
    other_team = FORBIDDEN


class TestWhoSeesTheScoreboard(AccessTests):
    url_name = "feedback:scoreboard"
    expected: ClassVar = {**MANAGERS_ONLY, Role.EXECUTIVE: OK}
    other_team = FORBIDDEN


class TestWhoSetsWorkingHours(AccessTests):
    url_name = "feedback:calendars"
    expected: ClassVar = {**dict.fromkeys(Role, FORBIDDEN), Role.SALES_MANAGER: OK, Role.ADMIN: OK}
    other_team = FORBIDDEN


class TestWhoAddsACalendar(TestWhoSetsWorkingHours):
    url_name = "feedback:calendar_new"


class TestWhoSetsARep(AccessTests):
    method = "post"
    expected: ClassVar = {**dict.fromkeys(Role, FORBIDDEN), Role.SALES_MANAGER: MOVED, Role.ADMIN: MOVED}
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse("feedback:rep_settings", args=[self.rep.pk])


class TestWhoKeepsCompanyHolidays(TestWhoSetsARep):
    data: ClassVar = {"day": "2026-12-30", "label": "Stocktaking"}

    def url(self) -> str:
        return reverse("feedback:holiday_add")


class TestWhoTakesACompanyHolidayOut(TestWhoSetsARep):
    def url(self) -> str:
        row = CompanyHoliday.objects.create(day=date(2026, 12, 30), label="Stocktaking")
        return reverse("feedback:holiday_remove", args=[row.pk])


class TestWhoSetsTheHoursOfATeam(TestWhoSetsARep):
    def url(self) -> str:
        return reverse("feedback:team_hours", args=[self.rep.team_id])


class TestWhoReadsNotices(AccessTests):
    url_name = "feedback:notices"
    expected: ClassVar = dict.fromkeys(Role, OK)
    other_team = OK


class TestWhoFollowsANotice(AccessTests):
    method = "post"
    expected: ClassVar = {**dict.fromkeys(Role, NOT_FOUND), Role.REP: MOVED}

    def url(self) -> str:
        with transaction.atomic():
            notify([Notice(self.rep.pk, "mine", "Look", "/queue/")], now=NOW)
        return reverse("feedback:notice", args=[Notification.objects.get().pk])


pytestmark = pytest.mark.django_db


def signed_in(role: Role, **fields: object) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, **fields))
    return client


def rejected(rep: User, text: str = "", **lead: str) -> Decision:
    row = assigned(rep, at=timezone.now() - timedelta(days=2))
    type(row.handoff.lead).objects.filter(pk=row.handoff.lead_id).update(**lead)
    reason = Reason.objects.filter(version=row.handoff.version).order_by("position").first()
    return Decision.objects.create(
        handoff=row.handoff,
        kind=Decision.Kind.REJECT,
        reason=reason,
        text=text,
        by=rep,
        at=timezone.now() - timedelta(days=1),
        version=row.handoff.version,
        facts={},
    )


def test_an_overdue_lead_is_counted_and_listed_behind_the_figure() -> None:
    row = assigned(UserFactory(), at=timezone.now() - timedelta(days=30))
    client = signed_in(Role.SALES_MANAGER)
    assert b"Overdue: 1" in client.get(reverse("feedback:sla")).content
    page = client.get(reverse("feedback:sla_assignments"), {"show": "breached"})
    assert str(row.handoff.lead).encode() in page.content
    assert b"overdue by" in page.content


@pytest.mark.parametrize(
    "query",
    [
        {"grade": "E"},
        {"show": "all of them"},
        {"owner": "n/a"},
        {"owner": "9" * 30},
        {"week": "31.02."},
        {"clock": "x"},
        {"weeks": "0"},
        {"weeks": "9" * 30},
    ],
)
def test_an_address_that_asks_for_what_is_not_there_says_so(query: dict[str, str]) -> None:
    page = signed_in(Role.SALES_MANAGER).get(reverse("feedback:sla_assignments"), query)
    assert page.status_code == 400
    assert f"check {next(iter(query))}".encode() in page.content


def test_behind_what_was_missed_in_the_last_weeks_stands_nothing_older() -> None:
    old = assigned(UserFactory(), grade="A", at=timezone.now() - timedelta(days=90))
    late = assigned(UserFactory(), grade="A", at=timezone.now() - timedelta(days=10))
    client = signed_in(Role.SALES_MANAGER)
    whole = client.get(reverse("feedback:sla"), {"whole": "1"}).text
    address = re.search(r'href="([^"]*show=missed[^"]*)">1</a>', whole)
    assert address
    page = client.get(unescape(address[1])).text
    assert str(late.handoff.lead) in page
    assert str(old.handoff.lead) not in page
    assert "in the last 12 weeks" in page


def test_an_unknown_clock_is_refused_on_the_dashboard_too() -> None:
    assert signed_in(Role.SALES_MANAGER).get(reverse("feedback:sla"), {"clock": "sun"}).status_code == 400


def test_each_filter_narrows_the_list_and_can_be_lifted() -> None:
    first, second = assigned(UserFactory(), grade="A"), assigned(UserFactory(), grade="B")
    client = signed_in(Role.SALES_MANAGER)
    for query in ({"grade": "A"}, {"owner": str(first.owner_id)}):
        page = client.get(reverse("feedback:sla_assignments"), query).content.decode()
        assert str(first.handoff.lead) in page
        assert str(second.handoff.lead) not in page
        assert "Remove: " in page


def test_only_a_sales_manager_is_offered_to_reassign() -> None:
    assigned(UserFactory())
    address = reverse("feedback:sla_assignments")
    assert b"data-selection-bar" in signed_in(Role.SALES_MANAGER).get(address).content
    assert b"data-selection-bar" not in signed_in(Role.MARKETING_MANAGER).get(address).content


def test_the_pages_cost_the_same_queries_for_one_lead_and_for_twenty(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    rep = UserFactory()
    for _ in range(20):
        assigned(rep)
    client = signed_in(Role.SALES_MANAGER)
    for name, most in (("sla", 17), ("sla_period", 15), ("sla_assignments", 15)):
        client.get(reverse(f"feedback:{name}"))
        with django_assert_max_num_queries(most):
            client.get(reverse(f"feedback:{name}"))


def test_rejections_are_counted_by_reason_and_shown_in_the_reps_words() -> None:
    rep = UserFactory()
    rejected(rep, "No money <b>this</b> year")
    rejected(rep, source="Trade fair")
    client = signed_in(Role.MARKETER)
    page = client.get(reverse("feedback:reasons")).content.decode()
    assert "2 rejections" in page
    assert "No money &lt;b&gt;this&lt;/b&gt; year" in page
    by_source = client.get(reverse("feedback:reasons"), {"by": "source"}).content.decode()
    assert "Trade fair" in by_source
    assert "No source" in by_source


@pytest.mark.parametrize("grouping", ["reason", "dimension", "criterion", "source"])
def test_every_grouping_shows_every_rejection(grouping: str) -> None:
    rejected(UserFactory())
    page = signed_in(Role.MARKETER).get(reverse("feedback:reasons"), {"by": grouping})
    assert page.context["total"] == 1


@pytest.mark.parametrize("query", [{"by": "moon"}, {"days": "7"}, {"days": "x"}, {"dimension": "luck"}])
def test_reasons_refuse_an_address_they_cannot_read(query: dict[str, str]) -> None:
    assert signed_in(Role.MARKETER).get(reverse("feedback:reasons"), query).status_code == 400


def test_a_rejection_is_marked_as_seen_once_with_its_audit_row() -> None:
    decision = rejected(UserFactory())
    client = signed_in(Role.MARKETER)
    for _ in range(2):
        client.post(reverse("feedback:rejections_seen"), {"decision": decision.pk})
    decision.refresh_from_db()
    assert decision.seen_at is not None
    assert AuditEntry.objects.filter(action="rejections_seen").count() == 1


def test_marking_nonsense_as_seen_is_refused_and_marks_nothing() -> None:
    decision = rejected(UserFactory())
    page = signed_in(Role.MARKETER).post(
        reverse("feedback:rejections_seen"), {"decision": [decision.pk, "1; drop"]}
    )
    decision.refresh_from_db()
    assert page.status_code == 400
    assert decision.seen_at is None


CALENDAR = {"name": "Berlin", "zone": "Europe/Berlin", "country": "DE", "monday": "9-12, 13-17"}


def test_a_new_calendar_is_the_default_if_it_is_the_first() -> None:
    client = signed_in(Role.SALES_MANAGER)
    client.post(reverse("feedback:calendar_new"), CALENDAR)
    client.post(reverse("feedback:calendar_new"), {**CALENDAR, "name": "Pune", "zone": "Asia/Kolkata"})
    assert list(WorkingCalendar.objects.values_list("name", "is_default")) == [
        ("Berlin", True),
        ("Pune", False),
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"monday": "nine"}, "can't be read"),
        ({"monday": ""}, "at least one day"),
        ({"zone": "Mars"}, "not a time zone"),
        ({"region": "XX"}, "No public holidays are known"),
        ({"country": "DEU"}, "not one of the available choices"),
        ({"days_off": "Christmas"}, "can't be read"),
        ({"name": ""}, "required"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_and_nothing_is_saved(
    change: dict[str, str], complaint: str
) -> None:
    page = signed_in(Role.SALES_MANAGER).post(reverse("feedback:calendar_new"), {**CALENDAR, **change})
    assert page.status_code == 422
    assert complaint in unescape(page.content.decode())
    assert not WorkingCalendar.objects.exists()


def test_the_countries_with_public_holidays_are_offered_by_name_and_once() -> None:
    offered = dict(holiday_countries())
    assert (offered["DE"], offered["GB"]) == ("Germany", "United Kingdom")
    assert not [code for code, name in offered.items() if len(code) != 2 or code == name]
    assert len(set(offered.values())) == len(offered)


def test_the_list_of_calendars_names_the_country_of_the_holidays() -> None:
    client = signed_in(Role.SALES_MANAGER)
    client.post(reverse("feedback:calendar_new"), {**CALENDAR, "region": "BE"})
    assert "Germany, BE" in client.get(reverse("feedback:calendars")).content.decode()


def test_a_changed_calendar_sets_open_clocks_anew_but_heals_no_breach() -> None:
    rep = UserFactory()
    client = signed_in(Role.SALES_MANAGER)
    late = assigned(rep, at=timezone.now() - timedelta(days=30))
    fresh = assigned(rep, at=timezone.now())
    before = {row.pk: row.decision_due_at for row in Assignment.objects.all()}
    always = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "0:00-23:59")
    weekend = dict.fromkeys(("saturday", "sunday"), "0:00-23:59")
    client.post(reverse("feedback:calendar_new"), {"name": "Round", "zone": "UTC", **always, **weekend})
    after = {row.pk: row.decision_due_at for row in Assignment.objects.all()}
    assert after[late.pk] == before[late.pk]
    assert after[fresh.pk] == fresh.assigned_at + timedelta(days=2)


def test_a_rep_is_set_away_and_to_a_calendar() -> None:
    rep = UserFactory()
    client = signed_in(Role.SALES_MANAGER)
    client.post(reverse("feedback:calendar_new"), CALENDAR)
    calendar = WorkingCalendar.objects.get()
    client.post(reverse("feedback:rep_settings", args=[rep.pk]), {"calendar": calendar.pk, "is_away": "on"})
    settings = RepSettings.objects.get(user=rep)
    assert (settings.calendar, settings.is_away) == (calendar, True)


def test_following_a_notice_reads_it_and_leads_to_its_page() -> None:
    person = UserFactory(role=Role.REP)
    with transaction.atomic():
        notify([Notice(person.pk, "mine", "Look", "/queue/")], now=NOW)
    client = Client()
    client.force_login(person)
    notice = Notification.objects.get()
    assert client.post(reverse("feedback:notice", args=[notice.pk]))["Location"] == "/queue/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_scoreboard_shows_six_figures_and_no_lead(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = assigned(UserFactory(), at=timezone.now()).handoff.lead
    client = signed_in(Role.EXECUTIVE)
    client.get(reverse("feedback:scoreboard"))
    with django_assert_max_num_queries(13):
        page = client.get(reverse("feedback:scoreboard"))
    assert len(page.context["figures"]) == 6
    assert str(lead).encode() not in page.content
