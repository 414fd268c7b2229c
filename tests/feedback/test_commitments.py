"""What both sides promised and what came of it: counted again row by row, held against its time."""

import datetime as dt
from random import Random
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alignment.models import Commitment, Definition, Version
from feedback.intervals import Share
from feedback.models import Assignment, Decision, Handoff
from feedback.reports.commitments import (
    Kind,
    Line,
    Month,
    Standing,
    agreed_targets,
    commitments,
    one_target,
)
from feedback.reports.effects import version_effects
from tests.access import FORBIDDEN, OK, AccessTests
from tests.alignment.factories import make_draft
from tests.factories import UserFactory
from tests.feedback.past import decide
from tests.feedback.world import NOW, assigned, go_live, make_lead
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)
PROMISED: dict[tuple[str, str], int] = {
    (Kind.LEADS, ""): 20,
    (Kind.LEADS, "A"): 8,
    (Kind.ACCEPTANCE, ""): 60,
    (Kind.FOLLOW_UP, ""): 90,
    (Kind.FEEDBACK, ""): 80,
}


def in_force(
    promised: dict[tuple[str, str], int] | None = None,
    *,
    definition: Definition | None = None,
    since: dt.timedelta = 300 * DAY,
    until: dt.timedelta | None = None,
) -> Version:
    version = make_draft(definition)
    for (kind, grade), amount in (PROMISED if promised is None else promised).items():
        Commitment.objects.create(version=version, kind=kind, grade=grade, amount=amount)
    status = Version.Status.ACTIVE if until is None else Version.Status.RETIRED
    retired_at = None if until is None else NOW - until
    Version.objects.filter(pk=version.pk).update(
        status=status, activated_at=NOW - since, retired_at=retired_at
    )
    version.refresh_from_db()
    if until is None:
        go_live(version)
    return version


def lines(now: dt.datetime = NOW) -> dict[tuple[str, str], Line]:
    return {(line.kind, line.grade): line for line in commitments(now=now, zone=ZONE)}


def months_of_work(rep: User, number: int) -> None:
    """Handoffs of the last seven months, at the edges of months too, treated in every way."""
    chance = Random(7)  # noqa: S311 - made-up data
    edges = [dt.datetime(2026, month, 1, tzinfo=ZONE) for month in range(5, 12)]
    for each in range(number):
        at = NOW - chance.random() * 210 * DAY
        if each % 5 == 0:
            at = chance.choice(edges) - dt.timedelta(seconds=chance.choice([0, 1]))
        row = assigned(rep, make_lead(each), at=at, grade=chance.choice("AB"))
        response, decision = at + dt.timedelta(hours=2), at + 3 * DAY
        responded = chance.choice([None, response - dt.timedelta(1 / 24), response, response + DAY])
        decided = chance.choice([None, decision - DAY, decision, decision + DAY])
        kind = chance.choice(["accept", "accept", "reject"])
        ended = decided if decided and kind == "reject" else chance.choice([None, None, at + DAY])
        Assignment.objects.filter(pk=row.pk).update(
            response_due_at=response,
            decision_due_at=decision,
            responded_at=responded,
            decided_at=decided,
            ended_at=ended,
        )
        if decided and decided <= NOW:
            Decision.objects.create(
                handoff=row.handoff, kind=kind, by=rep, at=decided, version=row.handoff.version, facts={},
                reason=row.handoff.version.reasons.first() if kind == "reject" else None,
            )  # fmt: skip


def month_of(at: dt.datetime) -> dt.date:
    return at.astimezone(ZONE).date().replace(day=1)


def slowly(kind: str, grade: str, month: dt.date) -> tuple[int, int]:
    """The same figure, by looking at each row."""
    part = whole = 0
    if kind == Kind.LEADS:
        for handoff in Handoff.objects.all():
            part += month_of(handoff.ready_at) == month and handoff.grade in (grade or "ABCD")
        return part, part
    if kind == Kind.ACCEPTANCE:
        for decision in Decision.objects.all():
            if month_of(decision.at) == month:
                whole += 1
                part += decision.kind == "accept"
        return part, whole
    for row in Assignment.objects.all():
        due = row.response_due_at if kind == Kind.FOLLOW_UP else row.decision_due_at
        if month_of(due) != month:
            continue
        if kind == Kind.FOLLOW_UP:
            rejected = row.ended_at is not None and row.decided_at is not None and row.decided_at <= due
            in_time = (row.responded_at is not None and row.responded_at <= due) or rejected
        else:
            in_time = row.decided_at is not None and row.decided_at <= due
        had_it = row.ended_at is None or row.ended_at > due or row.decided_at is not None
        part += in_time
        whole += in_time or (due <= NOW and had_it)
    return part, whole


def test_every_month_is_what_looking_at_each_row_says() -> None:
    in_force()
    months_of_work(UserFactory(), 150)
    found = lines()
    assert found.keys() == PROMISED.keys()
    seen = 0
    for (kind, grade), line in found.items():
        assert [month.first.month for month in line.months] == [6, 7, 8, 9, 10, 11]
        for month in line.months:
            part, whole = slowly(kind, grade, month.first)
            assert (month.share.part, month.share.whole) == (part, whole), (kind, month.first)
            seen += whole
    assert seen > 300


def test_a_month_belongs_to_the_companys_zone() -> None:
    in_force()
    assigned(UserFactory(), at=dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC))  # November in Berlin
    assert [month.value for month in lines()[Kind.LEADS, ""].months][-2:] == [0, 1]


def test_a_month_is_held_against_what_was_agreed_at_its_end() -> None:
    definition = Definition.objects.create(name="All")
    in_force({(Kind.FOLLOW_UP, ""): 70}, definition=definition, since=130 * DAY, until=40 * DAY)
    in_force({(Kind.FOLLOW_UP, ""): 95}, definition=definition, since=40 * DAY)
    targets = [month.target for month in lines()[Kind.FOLLOW_UP, ""].months]
    assert targets == [None, 70, 70, 70, 95, 95]


def test_each_definition_answers_for_its_own_leads() -> None:
    rep = UserFactory()
    one = in_force({(Kind.LEADS, ""): 5})
    assigned(rep, at=NOW - DAY)
    other = in_force({(Kind.LEADS, ""): 5})
    found = {line.version: line.now.value for line in commitments(now=NOW, zone=ZONE)}
    assert found == {one: 1, other: 0}


def month(value: int, target: int | None, *, elapsed: float = 1.0, whole: int = 0) -> Month:
    return Month(dt.date(2026, 11, 1), Share(value, whole), target, elapsed, is_count=not whole)


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        (month(20, 20), Standing.KEPT),
        (month(19, 20), Standing.MISSED),
        (month(10, 20, elapsed=0.5), Standing.ON_THE_WAY),
        (month(9, 20, elapsed=0.5), Standing.BEHIND),
        (month(20, 20, elapsed=0.5), Standing.KEPT),
        (month(0, 20, elapsed=0.04), Standing.ON_THE_WAY),
        (month(0, 20, elapsed=0.06), Standing.BEHIND),
        (month(9, 90, whole=10), Standing.KEPT),
        (month(89, 90, whole=100), Standing.MISSED),
        (month(9, 90, whole=10, elapsed=0.2), Standing.ON_THE_WAY),
        (month(89, 90, whole=100, elapsed=0.2), Standing.BEHIND),
        (month(5, None), Standing.NOT_AGREED),
    ],
)
def test_how_a_month_stands(row: Month, standing: Standing) -> None:
    assert row.standing == standing
    assert row.standing.tone == ("good" if standing.is_good else "bad" if standing.is_bad else "")


def test_a_count_that_is_not_over_is_left_out_of_the_trend_and_a_share_is_not() -> None:
    rep = UserFactory()
    in_force()
    for number, ago in enumerate((1, 40, 41)):
        decide(rep, make_lead(number), ago=ago * DAY)
    found = lines()
    assert found[Kind.LEADS, ""].trend[-1] == 2
    assert found[Kind.LEADS, ""].now.value == 1
    assert found[Kind.ACCEPTANCE, ""].trend[-2:] == [100, 100]


def test_nothing_due_is_neither_kept_nor_missed() -> None:
    in_force()
    assert lines()[Kind.FOLLOW_UP, ""].now.standing == Standing.NOTHING


def test_the_queries_stay_the_same_for_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        in_force()
    months_of_work(UserFactory(), 10)
    with django_assert_num_queries(6):
        assert len(commitments(now=NOW, zone=ZONE)) == 15


# The target of the follow-up page


def test_the_target_is_what_the_versions_in_force_agree_on() -> None:
    first = in_force({(Kind.FOLLOW_UP, ""): 90})
    assert one_target(agreed_targets("response")) == 90
    assert one_target(agreed_targets("decision")) is None
    in_force({(Kind.FOLLOW_UP, ""): 80})
    agreed = agreed_targets("response")
    assert [each.percent for each in agreed] == [90, 80]
    assert agreed[0].version == first
    assert one_target(agreed) is None


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def test_the_follow_up_page_names_what_was_agreed_and_where() -> None:
    client = signed_in(Role.SALES_MANAGER)
    page = client.get(reverse("feedback:sla")).content.decode()
    assert "No target agreed" in page
    assert reverse("feedback:commitments") in page
    version = in_force()
    page = client.get(reverse("feedback:sla")).content.decode()
    assert reverse("alignment:version", args=[version.pk]) in page
    assert "90 %" in page
    assert "80 %" in client.get(reverse("feedback:sla"), {"clock": "decision"}).content.decode()


# The page


class TestWhoSeesCommitments(AccessTests):
    url_name = "feedback:commitments"
    expected: ClassVar = {**dict.fromkeys(Role, OK), Role.REP: FORBIDDEN}
    other_team = FORBIDDEN


def test_the_page_says_how_each_stands_in_words(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": "Europe/Berlin"})
    # No lead of grade B comes, and of so many the first is owed within seconds.
    promised: dict[tuple[str, str], int] = {(Kind.LEADS, "B"): 1_000_000, (Kind.FOLLOW_UP, ""): 50}
    in_force(promised, since=timezone.now() - NOW + 90 * DAY)
    row = assigned(UserFactory(), at=timezone.now())
    Assignment.objects.filter(pk=row.pk).update(
        responded_at=timezone.now(), response_due_at=timezone.now() + dt.timedelta(seconds=1)
    )
    client = signed_in(Role.MARKETER)
    client.get(reverse("feedback:commitments"))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("feedback:commitments")).content.decode()
    for words in ("Marketing owes", "Sales owes", "On the way", "Behind"):
        assert words in page


def test_without_commitments_the_way_to_agree_on_one_is_shown_to_those_who_can() -> None:
    version = in_force({})
    address = reverse("alignment:version", args=[version.pk])
    assert address in signed_in(Role.SALES_MANAGER).get(reverse("feedback:commitments")).content.decode()
    for role in (Role.EXECUTIVE, Role.ADMIN):
        assert address not in signed_in(role).get(reverse("feedback:commitments")).content.decode()


def test_the_scoreboard_has_both_sides_and_no_link_an_executive_cannot_follow() -> None:
    in_force()
    page = signed_in(Role.EXECUTIVE).get(reverse("feedback:scoreboard")).content.decode()
    assert "marketing owes 20" in page
    assert "sales owes 90 %" in page
    commitments_page = signed_in(Role.EXECUTIVE).get(reverse("feedback:commitments")).content.decode()
    assert "/definition/versions/" not in page + commitments_page


# What a version did in force


def test_a_version_says_what_it_did_while_it_was_in_force(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    old = in_force(since=100 * DAY, until=30 * DAY)
    new = in_force(definition=old.definition, since=30 * DAY)
    draft = make_draft(old.definition)
    rep = UserFactory()
    for number in range(15):
        decide(rep, make_lead(number), "accept" if number % 3 else "reject", ago=DAY)
    Assignment.objects.update(responded_at=NOW - 20 * DAY)
    with django_assert_num_queries(4):
        found = version_effects([old.pk, new.pk, draft.pk], NOW)
    assert found.keys() == {old.pk, new.pk}
    assert [each.text for each in found[old.pk]] == ["0", "–", "–"]
    opened, accepted, answered = found[new.pk]
    assert (opened.text, opened.count) == ("3.5", "15 in 4 weeks")
    assert (accepted.text, accepted.count) == ("67 %", "of 15 decided, too few to trust")
    assert answered.text == "100 %"
    assert [each.label for each in found[old.pk]] == [each.label for each in found[new.pk]]


def test_a_version_of_some_days_says_how_many_there_were_so_far() -> None:
    version = in_force(since=2 * DAY)
    decide(UserFactory(), make_lead(1), ago=DAY)
    assert version_effects([version.pk], NOW)[version.pk][0].count == "in its first days"
    assert version_effects([], NOW) == {}
