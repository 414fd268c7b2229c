"""Setting a grade by hand on its page and through the API: who may, what is said, what is refused."""

import re
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from alignment import services as alignment
from leads.models import Lead
from scoring import services
from scoring.models import GradeOverride
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.factories import TeamFactory, UserFactory
from tests.scoring.previewing import go_live
from tests.scoring.world import NOW, Person, save
from users.models import MARKETING, Organisation, Role, User

pytestmark = pytest.mark.django_db
SETTING = {
    role: OK if role in MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR} else FORBIDDEN for role in Role
}
CONFLICT, UNPROCESSABLE = 409, 422


class TestFormAccess(AccessTests):
    expected: ClassVar = SETTING

    def url(self) -> str:
        return reverse("score:grade", args=[lead_of(self.rep).pk])


class TestEndAccess(AccessTests):
    method = "post"
    expected: ClassVar = {role: CONFLICT if status == OK else status for role, status in SETTING.items()}

    def url(self) -> str:
        return reverse("score:end_grade", args=[lead_of(self.rep).pk])


def lead_of(rep: User) -> Lead:
    return Lead.objects.create(name="Lea", owner=rep, team=rep.team)


@pytest.fixture
def someone(db: None) -> Lead:
    alignment.install_template(by=None, now=NOW)
    (pk,) = save([Person()])
    go_live()
    return Lead.objects.get(pk=pk)


@pytest.fixture
def marta(client: Client, db: None) -> User:
    person = UserFactory(role=Role.MARKETING_MANAGER, name="Marta Ortiz")
    client.force_login(person)
    return person


def typed(**values: Any) -> dict[str, Any]:
    return {"grade": "B", "reason": "They called us", "ends_on": ends_on()} | values


def ends_on(days: int = 8) -> str:
    today = timezone.now().astimezone(Organisation.current().tz).date()
    return (today + timedelta(days=days)).isoformat()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


class TestPage:
    def test_the_lead_page_says_who_set_it_why_until_when_and_what_was_computed(
        self, client: Client, marta: User, someone: Lead
    ) -> None:
        address = reverse("score:grade", args=[someone.pk])
        answer = client.post(address, typed(reason="They <b>called</b> us"))
        assert (answer.status_code, answer["Location"]) == (MOVED, reverse("leads:lead", args=[someone.pk]))
        services.judge_marked(now=timezone.now())
        page = text(client.get(reverse("leads:lead", args=[someone.pk])))
        assert "Grade B, set by hand by Marta Ortiz until" in page
        assert "They &lt;b&gt;called&lt;/b&gt; us" in page
        assert "Computed: D (0 points)" in page
        assert page.count("Set by hand") == 2  # the badge and its tag
        assert "Why B?" in page

    def test_changing_it_starts_from_what_is_there(self, client: Client, marta: User, someone: Lead) -> None:
        address = reverse("score:grade", args=[someone.pk])
        client.post(address, typed())
        page = text(client.get(address))
        first = GradeOverride.objects.get()
        assert "They called us" in page
        assert f'name="replaces" value="{first.pk}"' in page
        answer = client.post(address, typed(grade="C", replaces=first.pk))
        assert answer.status_code == MOVED
        assert GradeOverride.objects.get(ended_at=None).grade == "C"

    def test_the_second_of_two_sees_what_the_first_did_and_keeps_what_they_typed(
        self, client: Client, marta: User, someone: Lead
    ) -> None:
        address = reverse("score:grade", args=[someone.pk])
        client.post(address, typed())
        other = Client()
        other.force_login(UserFactory(role=Role.SALES_MANAGER))
        answer = other.post(address, typed(grade="A", reason="My own reason"))
        assert answer.status_code == CONFLICT
        assert "set by hand by Marta Ortiz" in text(answer)
        assert "My own reason" in text(answer)
        assert GradeOverride.objects.get().grade == "B"

    def test_ending_it_brings_the_computed_grade_back(
        self, client: Client, marta: User, someone: Lead
    ) -> None:
        client.post(reverse("score:grade", args=[someone.pk]), typed())
        assert client.post(reverse("score:end_grade", args=[someone.pk])).status_code == MOVED
        page = text(client.get(reverse("leads:lead", args=[someone.pk])))
        assert "The computed grade counts again." in page
        assert "set by hand by" not in page

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"grade": "Z"}, "Select a valid choice"),
            ({"reason": " "}, "required"),
            ({"reason": "x" * 501}, "at most 500 characters"),
            ({"ends_on": "31.12."}, "valid date"),
            ({"ends_on": "2001-01-01"}, "Choose a day from today"),
            ({"ends_on": "9999-12-31"}, "Choose a day from today"),
            ({"replaces": "x"}, "whole number"),
            ({"reason": "a\x00b"}, "Null characters"),
        ],
    )
    def test_what_can_not_be_taken_comes_back_with_its_reason(
        self, client: Client, marta: User, someone: Lead, values: dict[str, str], message: str
    ) -> None:
        answer = client.post(reverse("score:grade", args=[someone.pk]), typed(**values))
        assert answer.status_code == UNPROCESSABLE
        assert message in text(answer)
        assert not GradeOverride.objects.exists()

    def test_a_rep_reads_it_and_is_not_offered_to_change_it(self, client: Client, someone: Lead) -> None:
        rep = UserFactory(role=Role.REP)
        Lead.objects.filter(pk=someone.pk).update(owner=rep, team=rep.team)
        manager = UserFactory(role=Role.SALES_MANAGER)
        client.force_login(manager)
        client.post(reverse("score:grade", args=[someone.pk]), typed(reason="Asked"))
        client.force_login(rep)
        page = text(client.get(reverse("leads:lead", args=[someone.pk])))
        assert "Asked" in page
        assert reverse("score:grade", args=[someone.pk]) not in page
        assert "End it now" not in page


class TestList:
    def test_the_list_marks_it_and_can_be_filtered_by_it(
        self, client: Client, marta: User, someone: Lead
    ) -> None:
        save([Person()])
        client.post(reverse("score:grade", args=[someone.pk]), typed())
        services.judge_marked(now=timezone.now())
        assert text(client.get(reverse("leads:list"))).count('title="Set by hand"') == 1
        page = text(client.get(reverse("leads:list") + "?score.is_by_hand=true"))
        assert "Lead 0" in page
        assert page.count('class="grade') == 1


class TestApi:
    @pytest.fixture
    def api(self, marta: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(marta)
        return client

    def address(self, lead: Lead) -> str:
        return reverse("api-override", args=[lead.pk])

    def send(self, api: APIClient, lead: Lead, **values: Any) -> Any:
        given = {"grade": "B", "reason": "They called us", "until": ends_on()} | values
        return api.post(self.address(lead), given, format="json")

    def test_it_is_set_read_and_ended(self, api: APIClient, someone: Lead) -> None:
        made = self.send(api, someone)
        assert made.status_code == 201
        assert made.data["by"] == "Marta Ortiz"
        assert made.data["until"] == ends_on()
        told = api.get(reverse("api-score", args=[someone.pk])).data["explanation"]
        assert (told["grade"], told["computed_grade"]) == ("B", "D")
        assert told["override"]["reason"] == "They called us"
        assert api.delete(self.address(someone)).status_code == OK
        assert api.get(reverse("api-score", args=[someone.pk])).data["explanation"]["override"] is None
        assert api.delete(self.address(someone)).status_code == CONFLICT

    def test_another_one_is_a_conflict_unless_it_is_named(self, api: APIClient, someone: Lead) -> None:
        first = self.send(api, someone).data["id"]
        assert self.send(api, someone, grade="C").status_code == CONFLICT
        assert self.send(api, someone, grade="C", replaces=first).status_code == 201

    @pytest.mark.parametrize(
        "values",
        [
            {"grade": "E"},
            {"reason": ""},
            {"until": "soon"},
            {"until": "2001-01-01"},
            {"replaces": 0},
            {"x": 1},
        ],
    )
    def test_what_can_not_be_taken_is_refused(
        self, api: APIClient, someone: Lead, values: dict[str, Any]
    ) -> None:
        assert self.send(api, someone, **values).status_code == 400
        assert not GradeOverride.objects.exists()

    def test_a_rep_of_the_lead_may_not_and_for_another_team_it_is_not_there(self, someone: Lead) -> None:
        rep = UserFactory(role=Role.REP)
        statuses = []
        for owner in (rep, UserFactory(role=Role.REP, team=TeamFactory(name="South"))):
            Lead.objects.filter(pk=someone.pk).update(owner=owner, team=owner.team)
            client = APIClient()
            client.force_authenticate(rep)
            statuses.append(self.send(client, someone).status_code)
        assert statuses == [FORBIDDEN, 404]
