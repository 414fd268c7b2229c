"""The forms by which a rep lets go of a lead: what they ask, what they refuse, where they lead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Assignment, Decision, Handoff
from feedback.services import decisions
from leads.models import Company, Lead
from tests.access import OK
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import assigned, make_lead
from users.models import User

UNPROCESSABLE = 422


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep, at=timezone.now())


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


class TestRecycling:
    def test_one_of_the_days_offered_is_taken(self, signed_in: Client, row: Assignment) -> None:
        page = signed_in.get(reverse("feedback:handoff", args=[row.pk])).content.decode()
        assert f'value="{in_days(28)}"' in page
        response = signed_in.post(
            reverse("feedback:recycle", args=[row.pk]), {"until": in_days(28)}, follow=True
        )
        assert "Lead 1 rests until" in response.content.decode()
        assert Decision.objects.get().until == Lead.objects.get().nurture_until

    def test_a_typed_day_comes_before_one_that_was_offered(self, signed_in: Client, row: Assignment) -> None:
        typed = {"until": in_days(28), "day": in_days(5), "text": "After the fair."}
        signed_in.post(reverse("feedback:recycle", args=[row.pk]), typed)
        found = Decision.objects.get()
        assert (str(found.until), found.text) == (in_days(5), "After the fair.")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({}, "Choose when it may come again."),
            ({"until": "2026-99-99"}, "Choose one of the days."),
            ({"day": "soon"}, "Choose a day, such as"),
            ({"day": "2020-01-01"}, "Choose a day that is still to come."),
            ({"day": "2099-01-01"}, "Choose a day within three years."),
        ],
    )
    def test_what_cant_be_comes_back_with_what_was_typed(
        self, signed_in: Client, row: Assignment, typed: dict[str, str], said: str
    ) -> None:
        response = signed_in.post(reverse("feedback:recycle", args=[row.pk]), typed | {"text": "Kept words."})
        page = response.content.decode()
        assert response.status_code == UNPROCESSABLE
        assert said in page
        assert "Kept words." in page
        assert Handoff.objects.get().state == "assigned"


class TestPickingATwin:
    def page(self, client: Client, row: Assignment, q: str = "") -> str:
        response = client.get(reverse("feedback:duplicate", args=[row.pk]), {"q": q})
        assert response.status_code == OK
        return response.content.decode()

    def test_who_has_the_same_mail_phone_or_name_is_offered(self, signed_in: Client, rep: User) -> None:
        acme = Company.objects.create(name="Acme")
        one = make_lead(1, name="Eva Ohm", email="eva@acme.example", company=acme)
        own = {"owner": rep, "team": rep.team}
        make_lead(2, name="By Mail", email="EVA@acme.example", **own)
        make_lead(3, name="eva öhm", company=acme, **own)
        make_lead(4, name="Stranger", **own)
        page = self.page(signed_in, assigned(rep, one))
        assert "By Mail" in page
        assert "eva öhm" in page
        assert "Stranger" not in page

    def test_a_search_finds_others_and_says_when_there_is_none(
        self, signed_in: Client, rep: User, row: Assignment
    ) -> None:
        make_lead(4, name="Stranger", owner=rep, team=rep.team)
        assert "Stranger" in self.page(signed_in, row, "strang")
        assert "Nobody is called “x\ufffd”." in self.page(signed_in, row, "x\ufffd")
        assert "Nobody has the same e-mail" in self.page(signed_in, row)

    def test_a_lead_that_the_rep_may_not_see_is_neither_offered_nor_taken(
        self, signed_in: Client, row: Assignment
    ) -> None:
        south = UserFactory(team=TeamFactory(name="South"))
        hidden = make_lead(9, name="Hidden", email=row.handoff.lead.email, owner=south, team=south.team)
        assert "Hidden" not in self.page(signed_in, row)
        for wrong in (hidden.pk, 10**30, -1):
            response = signed_in.post(reverse("feedback:duplicate", args=[row.pk]), {"twin": wrong})
            assert response.status_code == UNPROCESSABLE
            assert "Choose the other lead, the one to keep." in response.content.decode()
        assert not Decision.objects.exists()

    def test_picking_one_closes_the_lead_and_opens_the_next(
        self, signed_in: Client, rep: User, row: Assignment
    ) -> None:
        following = assigned(rep, at=timezone.now() + timedelta(minutes=1))
        twin = make_lead(4, name="Twin", owner=rep, team=rep.team)
        response = signed_in.post(
            reverse("feedback:duplicate", args=[row.pk]), {"twin": twin.pk}, follow=True
        )
        assert response.redirect_chain[-1][0] == reverse("feedback:handoff", args=[following.pk])
        assert "Marked Lead 1 as a duplicate of Twin." in response.content.decode()


class TestWhatTheNextOwnerReads:
    def test_why_it_was_returned(self, signed_in: Client, rep: User) -> None:
        other = UserFactory(name="Ben")
        row = assigned(other)
        decisions.give_back(assignment=row, text="Is in Austria.", by=other, now=timezone.now())
        Handoff.objects.update(state="assigned", pooled_at=None, pool_due_at=None, pool_event_at=None)
        again = Assignment.objects.create(
            handoff=row.handoff,
            owner=rep,
            assigned_at=timezone.now(),
            response_due_at=timezone.now(),
            decision_due_at=timezone.now(),
        )
        page = signed_in.get(reverse("feedback:handoff", args=[again.pk])).content.decode()
        assert "Returned by Ben" in page
        assert "“Is in Austria.”" in page

    def test_why_it_was_recycled_the_time_before(self, signed_in: Client, rep: User, row: Assignment) -> None:
        day = (timezone.now() + timedelta(days=1)).date()
        decisions.recycle(assignment=row, until=day, text="After the fair.", by=rep, now=timezone.now())
        second = assigned(rep, row.handoff.lead, at=timezone.now())
        page = signed_in.get(reverse("feedback:handoff", args=[second.pk])).content.decode()
        assert "second time" in page
        assert "Recycled until" in page
        assert "“After the fair.”" in page

    def test_nothing_of_a_decision_that_was_taken_back(
        self, signed_in: Client, rep: User, row: Assignment
    ) -> None:
        decision = decisions.give_back(assignment=row, text="Oops.", by=rep, now=timezone.now())
        decisions.undo(decision=decision, by=rep, now=timezone.now())
        page = signed_in.get(reverse("feedback:handoff", args=[row.pk])).content.decode()
        assert "Oops." not in page
