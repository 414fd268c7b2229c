"""The pages of the steps: who sees them, what they say and link to, what they cost."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alignment import services as alignment
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead
from leads.services import add_activities, create_lead
from scoring.explain import explain
from scoring.steps import next_steps
from scoring.steps.parts import Fact
from scoring.views import steps
from tests.access import FORBIDDEN, NOT_FOUND, OK, AccessTests
from tests.factories import UserFactory
from tests.scoring.previewing import go_live
from tests.ugly.world import counts
from users.models import Role, User

pytestmark = pytest.mark.django_db
NO_CONTENT = 204
EVERYTHING = tuple(
    AnswerFacts(dimension=dimension, level=BantLevel.MET)
    for dimension in (
        BantDimension.BUDGET,
        BantDimension.AUTHORITY,
        BantDimension.NEED,
        BantDimension.TIMEFRAME,
    )
)


class TestNextStepAccess(AccessTests):
    url_name = "steps:next"
    expected: ClassVar = {role: FORBIDDEN if role == Role.EXECUTIVE else OK for role in Role}
    other_team = NOT_FOUND

    def url(self) -> str:
        lead = create_lead(facts=LeadFacts(name="Rita"), by=self.rep, now=timezone.now())
        return reverse(self.url_name, args=[lead.pk])


@pytest.fixture
def rep(client: Client) -> User:
    """Who is signed in, with the shipped version in force."""
    person = UserFactory(role=Role.REP)
    client.force_login(person)
    alignment.install_template(by=None, now=timezone.now())
    go_live(timezone.now())
    return person


def make(rep: User, **facts: Any) -> Lead:
    company = CompanyFacts(name="Acme", employees=400, country="DE")
    plain: dict[str, Any] = {"name": "Rita <b>", "title": "CEO", "country": "DE", "company": company}
    return create_lead(facts=LeadFacts(**(plain | facts)), by=rep, now=timezone.now())


def asked(client: Client, lead: Lead, query: str = "") -> Any:
    return client.get(reverse("steps:next", args=[lead.pk]) + query)


def text_of(client: Client, lead: Lead, query: str = "") -> str:
    answer = asked(client, lead, query)
    assert answer.status_code == OK
    return str(answer.content.decode())


class TestPages:
    def test_the_page_names_the_steps_and_leads_to_where_they_are_written_down(
        self, client: Client, rep: User
    ) -> None:
        lead = make(rep)
        found = next_steps(lead, now=timezone.now())
        page = text_of(client, lead)
        assert found.steps
        for step in found.steps:
            assert step.text.replace("'", "&#x27;") in page
        assert reverse("leads:answer", args=[lead.pk]) + "?dimension=" in page
        assert "Rita &lt;b&gt;" in page

    def test_who_may_not_edit_gets_no_links_to_forms(self, client: Client, rep: User) -> None:
        lead = make(rep)
        client.force_login(UserFactory(role=Role.MEDIATOR))
        page = text_of(client, lead)
        assert "is worth" in page
        assert "?dimension=" not in page

    def test_the_lead_page_fetches_its_panel_and_links_to_the_page_without_scripts(
        self, client: Client, rep: User
    ) -> None:
        lead = make(rep)
        page = client.get(reverse("leads:lead", args=[lead.pk])).content.decode()
        assert f'hx-get="{reverse("steps:next", args=[lead.pk])}?in=panel"' in page
        assert f'href="{reverse("steps:next", args=[lead.pk])}"' in page
        panel = text_of(client, lead, "?in=panel")
        assert "<html" not in panel
        assert "is worth" in panel

    def test_in_the_queue_a_question_takes_the_place_of_the_one_that_stands_there(
        self, client: Client, rep: User
    ) -> None:
        lead = make(rep)
        answer = asked(client, lead, "?in=queue")
        assert "Ask " in answer.content.decode()
        assert "HX-Reswap" not in answer

    def test_in_the_queue_a_fact_to_look_up_comes_after_the_question(
        self, client: Client, rep: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead = make(rep)
        found = next_steps(lead, now=timezone.now())
        title = replace(found.steps[0], parts=(Fact("lead.title", "Head"),), text="Look up the job title.")
        monkeypatch.setattr(steps, "next_steps", lambda _lead, now: replace(found, steps=(title,)))
        answer = asked(client, lead, "?in=queue")
        assert answer["HX-Reswap"] == "beforeend"
        assert "Look up the job title." in answer.content.decode()

    def test_in_the_queue_nothing_is_swapped_where_nothing_lifts_the_lead(
        self, client: Client, rep: User
    ) -> None:
        lead = make(rep, answers=EVERYTHING)
        assert explain(lead.pk, now=timezone.now()).grade == "A"  # type: ignore[union-attr]  # it is there
        assert asked(client, lead, "?in=queue").status_code == NO_CONTENT
        assert "Grade A and sales-ready" in text_of(client, lead)

    def test_a_student_is_told_by_what_and_gets_no_steps(self, client: Client, rep: User) -> None:
        page = text_of(client, make(rep, title="Student"))
        assert "Studies or looks for work. Nothing lifts that." in page
        assert "is worth" not in page


class TestCost:
    def test_looking_leaves_nothing_behind(self, client: Client, rep: User) -> None:
        lead = make(rep)
        before = counts()
        for query in ("", "?in=panel", "?in=queue"):
            assert asked(client, lead, query).status_code == OK
        assert counts() == before

    def test_the_number_of_queries_is_the_same_for_few_and_many_activities(
        self, client: Client, rep: User
    ) -> None:
        lead = make(rep)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                text_of(client, lead, "?in=panel")
            return sum(each["sql"].startswith(("SELECT", "WITH")) for each in captured)

        queries()
        few = queries()
        now = timezone.now()
        items = [ActivityFacts(kind="email_open", at=now, lead_id=lead.pk) for _ in range(60)]
        add_activities(items=items, by=None, now=now)
        assert queries() == few <= 14  # four read the version, which is kept where its transaction commits
