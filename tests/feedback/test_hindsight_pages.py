"""Backtest and load of a version: who sees them, what they say, and the leads behind each figure."""

from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alignment.models import Version
from core.erasing import erasing
from core.hooks import hooks
from feedback.hindsight_pages import BacktestPanel, LoadPanel
from feedback.models import Decision, Hindsight
from feedback.services import hindsight
from feedback.services.hindsight import sides_of
from scoring.services import start_preview
from tests.access import FORBIDDEN, NOT_FOUND, OK, AccessTests
from tests.factories import UserFactory
from tests.feedback.past import CHIEF, DAY, GERMAN, WEBINAR, activate, active, decide, drafted
from tests.feedback.test_load import attended
from tests.feedback.world import NOW, assigned, make_lead
from users.models import Role, User

pytestmark = pytest.mark.django_db
READ = {**dict.fromkeys(Role, OK), Role.REP: FORBIDDEN, Role.EXECUTIVE: FORBIDDEN}


class TestWhoSeesTheBacktestOfADraft(AccessTests):
    name: ClassVar = "feedback:backtest"
    expected: ClassVar = {**READ, Role.ADMIN: NOT_FOUND}  # admins see no drafts
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse(self.name, args=[drafted(GERMAN, activate(drafted(CHIEF)).definition).pk])


class TestWhoSeesTheLoadOfADraft(TestWhoSeesTheBacktestOfADraft):
    name: ClassVar = "feedback:load"


class TestWhoSeesTheLinesOfADraft(TestWhoSeesTheBacktestOfADraft):
    name: ClassVar = "feedback:rail"


class TestWhoSeesTheBacktestOfAProposal(AccessTests):
    expected: ClassVar = READ
    other_team = FORBIDDEN

    def url(self) -> str:
        version = drafted(GERMAN, activate(drafted(CHIEF)).definition)
        Version.objects.filter(pk=version.pk).update(status=Version.Status.PROPOSED)
        return reverse("feedback:backtest", args=[version.pk])


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that answers as soon as it is asked."""
    monkeypatch.setattr(
        "feedback.services.hindsight._hint",
        lambda row: hindsight.answer(pk=row.pk, now=timezone.now()),
    )


@pytest.fixture
def rep() -> User:
    activate(drafted(CHIEF))
    return UserFactory(name="Ana")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    return client


def lately(version: Version, rep: User, number: int) -> list[Decision]:
    """Decisions of chiefs and of Germans, whose moment is a day before the real now."""
    found = []
    for each in range(number):
        lead = make_lead(each, title="Chief" if each % 2 else "Clerk", country="DE" if each % 3 else "FR")
        found.append(
            decide(rep, lead, "accept" if each % 3 else "reject", end="won" if each % 6 == 1 else "")
        )
    with erasing(by=None, why="as the test has it"):
        Decision.objects.update(at=timezone.now() - DAY)
    return found


def draft() -> Version:
    return drafted(GERMAN, active().definition)


def page(client: Client, name: str, version: Version, **query: str) -> str:
    client.get(reverse(f"feedback:{name}", args=[version.pk]))  # asks; the answer stands on the next page
    return client.get(reverse(f"feedback:{name}", args=[version.pk]), query).content.decode()


def test_the_backtest_shows_both_sides_with_counts_and_ranges(client: Client, rep: User) -> None:
    lately(active(), rep, 60)
    shown = page(client, "backtest", draft())
    version = Version.objects.get(status="draft")
    panel = BacktestPanel(version, sides_of(version, now=timezone.now()), now=timezone.now())
    assert panel.line == "A accepted 67 % → 100 % of 40"
    assert panel.line in shown
    assert "49 % to 81 %, of 30" in shown  # twenty of thirty chiefs, by Wilson
    assert "91 % to 100 %, of 40" in shown
    assert "1.50 ×" in shown


def test_too_few_are_said_to_be_too_few(client: Client, rep: User) -> None:
    lately(active(), rep, 7)
    shown = page(client, "backtest", draft())
    assert "too few to trust" in shown
    assert "4 of 7: too few" in shown


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ({}, 12),
        ({"old": "A"}, 6),
        ({"new": "A"}, 8),
        ({"old": "A", "new": "D"}, 2),
        ({"said": "accepted"}, 8),
        ({"said": "rejected"}, 4),
        ({"said": "won"}, 2),
        ({"said": "ended", "old": "A"}, 2),
        ({"ready": "new", "said": "rejected"}, 0),
        ({"ready": "now"}, 6),
        ({"moved": "yes"}, 6),
        ({"moved": "todays"}, 0),
        ({"old": "none"}, 0),
    ],
)
def test_each_figure_leads_to_the_rows_behind_it(
    client: Client, rep: User, query: dict[str, str], leads: int
) -> None:
    lately(active(), rep, 12)
    version = draft()
    page(client, "backtest", version)
    answer = client.get(reverse("feedback:backtest", args=[version.pk]), query)
    assert answer.context["page"].paginator.count == leads
    assert len(answer.context["rows"]) == leads
    assert len(answer.context["chips"]) == len(query)


def test_a_row_names_both_grades_and_facts_of_today_are_marked(client: Client, rep: User) -> None:
    (decision, *_) = lately(active(), rep, 2)
    with erasing(by=None, why="as the test has it"):
        Decision.objects.filter(pk=decision.pk).update(facts={})
    shown = page(client, "backtest", draft(), moved="todays")
    assert "of today" in shown
    assert str(decision.handoff.lead) in shown
    assert "so today’s had to do" in shown


@pytest.mark.parametrize("query", [{"old": "E"}, {"said": "maybe"}, {"moved": "1"}, {"ready": "soon"}])
def test_a_list_that_is_not_there_is_refused_and_asks_nothing(
    client: Client, rep: User, query: dict[str, str]
) -> None:
    answer = client.get(reverse("feedback:backtest", args=[draft().pk]), query)
    assert answer.status_code == 400
    assert next(iter(query)).encode() in answer.content
    load = client.get(reverse("feedback:load", args=[Version.objects.get(status="draft").pk]), {"show": "x"})
    assert load.status_code == 400
    assert not Hindsight.objects.exists()


def test_while_a_worker_is_at_it_the_page_waits_and_asks_again(
    client: Client, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.services.hindsight._hint", lambda row: None)
    version = draft()
    for name in ("backtest", "load", "rail"):
        assert 'hx-trigger="load delay' in page(client, name, version)
    part = client.get(reverse("feedback:backtest", args=[version.pk]), headers={"HX-Target": "backtest"})
    assert b"<html" not in part.content


def test_a_condition_that_can_not_be_read_is_told(client: Client, rep: User) -> None:
    version = drafted({"field": "lead.shoe_size", "op": "gte", "value": 40}, active().definition)
    for name in ("backtest", "load", "rail"):
        assert "lead.shoe_size" in page(client, name, version)


def test_before_any_decision_and_before_any_version_the_pages_say_so(client: Client, rep: User) -> None:
    assert "hasn’t decided on any lead" in page(client, "backtest", draft())


def test_without_a_version_in_force_there_is_nothing_to_compare_with(client: Client) -> None:
    version = drafted(GERMAN)
    for name in ("backtest", "load", "rail"):
        assert "in force" in page(client, name, version)
    assert not Hindsight.objects.exists()


def test_the_load_names_backlog_room_and_pace(client: Client, rep: User) -> None:
    gap = timezone.now() - NOW
    for ago in (2 * DAY, 9 * DAY, 50 * DAY):
        attended(ago - gap)
    assigned(rep, make_lead(90))
    version = drafted(WEBINAR, active().definition)
    shown = page(client, "load", version)
    panel = LoadPanel(version, sides_of(version, now=timezone.now()), now=timezone.now())
    assert panel.figures is not None
    assert (panel.figures.draft.leads, panel.figures.backlog_all.leads, panel.desks.room) == (3, 2, 24)
    assert panel.extra_text == "+0.4"
    assert panel.tone == "warn"
    assert "Room for 24 at once." in shown
    assert "never" in shown
    listed = client.get(reverse("feedback:load", args=[version.pk]))
    assert {lead.pk for lead in listed.context["rows"]} == set(panel.figures.backlog_ids)
    assert "of the backlog: response in 1 working hour" in shown


def test_without_reps_there_is_nobody_to_share_out_to(client: Client) -> None:
    activate(drafted(CHIEF))
    version = draft()
    assert "No rep takes leads now" in page(client, "load", version)
    assert "no rep takes leads now" in page(client, "rail", version)


def test_the_pages_cost_the_same_queries_for_many_decisions(
    client: Client, rep: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lately(active(), rep, 60)
    version = draft()
    for name, most in (("backtest", 16), ("load", 25), ("rail", 27)):
        page(client, name, version)
        with django_assert_max_num_queries(most):
            client.get(reverse(f"feedback:{name}", args=[version.pk]))


def test_the_preview_page_and_the_editor_show_them(client: Client, rep: User) -> None:
    lately(active(), rep, 3)
    version, marketer = draft(), User.objects.get(role=Role.MARKETER)
    start_preview(version_id=version.pk, by=marketer, now=timezone.now())
    address = reverse("scoring:preview", args=[version.pk])
    client.get(address)
    shown = client.get(address).content.decode()
    assert 'id="backtest"' in shown
    assert 'id="load"' in shown
    assert any(panel.template == "feedback/_rail.html" for panel in hooks.draft_panels)
    edit = client.get(reverse("alignment:edit", args=[version.pk])).content.decode()
    assert reverse("feedback:rail", args=[version.pk]) in edit
