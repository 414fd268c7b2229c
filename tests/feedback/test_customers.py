"""What becomes of customers: they stay, again and again, or they leave."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid
from feedback.models import Assignment, Handoff, Outcome
from feedback.services import decisions, outcomes
from leads.models import Lead, Stage, StageChange
from tests.access import FORBIDDEN, OK, AccessTests
from tests.api.asking import Caller
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned
from users.models import Role, User

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
UNPROCESSABLE = 422


class TestWhoSeesCustomers(AccessTests):
    url_name = "feedback:customers"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: OK, Role.SALES_MANAGER: OK}
    other_team = OK


def won(rep: User) -> Assignment:
    row = assigned(rep, at=timezone.now())
    decisions.accept(assignment=row, by=rep, now=timezone.now())
    outcomes.win(assignment=row, amount="1200", currency="EUR", by=rep, now=timezone.now())
    return row


@pytest.fixture
def row(rep: User) -> Assignment:
    return won(rep)


def test_a_customer_may_be_retained_every_year(row: Assignment, rep: User) -> None:
    now = timezone.now()
    for year in range(3):
        outcomes.retain(assignment=row, by=rep, now=now + year * YEAR)
    assert list(Outcome.objects.order_by("pk").values_list("kind", flat=True)) == ["won", *["retained"] * 3]
    assert (Lead.objects.get().stage, Handoff.objects.get().state) == (Stage.CUSTOMER, "won")


def test_one_that_churned_is_lost_and_stays_on_record_as_won(row: Assignment, rep: User) -> None:
    outcomes.churn(assignment=row, text=" Too dear. ", by=rep, now=timezone.now())
    assert (Lead.objects.get().stage, Handoff.objects.get().state) == (Stage.LOST, "won")
    assert Outcome.objects.get(kind="churned").text == "Too dear."
    assert StageChange.objects.latest("pk").cause == "churned"
    for again in (outcomes.retain, outcomes.churn):
        with pytest.raises(Conflict, match="left before: that stays on record"):
            again(assignment=row, text="Again.", by=rep, now=timezone.now())


def test_why_they_left_is_needed(row: Assignment, rep: User) -> None:
    with pytest.raises(Invalid, match="why they left") as refused:
        outcomes.churn(assignment=row, text=" ", by=rep, now=timezone.now())
    assert refused.value.problems[0].where == "text"


def test_only_a_customer_is_retained(rep: User) -> None:
    with pytest.raises(Conflict, match="it is assigned"):
        outcomes.retain(assignment=assigned(rep), by=rep, now=timezone.now())


def test_a_customer_isnt_won_twice(row: Assignment, rep: User) -> None:
    with pytest.raises(Conflict, match="is already won"):
        outcomes.win(assignment=row, amount="1", currency="EUR", by=rep, now=timezone.now())


class TestPage:
    kinds: ClassVar[tuple[str, ...]] = ("retained", "churned")

    def test_it_lists_who_bought_with_what_was_told_last(
        self, signed_in: Client, rep: User, row: Assignment
    ) -> None:
        won(UserFactory())
        page = signed_in.get(reverse("feedback:customers")).content.decode()
        assert "1 lead that bought" in page
        assert "Nothing told yet" in page
        address = reverse("feedback:outcome", args=[row.pk])
        page = signed_in.post(address, {"kind": "retained"}, follow=True).content.decode()
        assert "stays a customer." in page
        assert "Retained" in page
        page = signed_in.post(address, {"kind": "churned", "text": "Too dear."}, follow=True).content.decode()
        assert "is no customer any more." in page
        assert ">Stays<" not in page

    def test_a_reason_is_asked_for_and_nothing_is_lost(self, signed_in: Client, row: Assignment) -> None:
        response = signed_in.post(reverse("feedback:outcome", args=[row.pk]), {"kind": "churned"})
        assert response.status_code == UNPROCESSABLE
        assert "Say in a few words why they left." in response.content.decode()
        assert not Outcome.objects.filter(kind="churned").exists()

    def test_without_any_it_says_what_will_be_here(self, signed_in: Client) -> None:
        assert "No customers yet" in signed_in.get(reverse("feedback:customers")).content.decode()

    @pytest.mark.parametrize("count", [1, 20])
    def test_queries_dont_grow_with_the_customers(
        self, signed_in: Client, rep: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(count):
            won(rep)
        with django_assert_max_num_queries(10):
            signed_in.get(reverse("feedback:customers"))


def test_a_program_tells_both(rep: User, row: Assignment) -> None:
    path = f"handoffs/{row.handoff_id}/outcome/"
    assert Caller(rep).post(path, {"kind": "retained"}).status_code == 201
    assert Caller(rep).post(path, {"kind": "churned"}).status_code == 400
    said = Caller(rep).post(path, {"kind": "churned", "text": "Too dear."})
    assert (said.status_code, said.json()["kind"]) == (201, "churned")


def test_a_manager_sees_those_of_all(client: Client, db: None) -> None:
    active_version()
    won(UserFactory())
    won(UserFactory())
    client.force_login(UserFactory(role=Role.SALES_MANAGER))
    assert "2 leads that bought" in client.get(reverse("feedback:customers")).content.decode()
