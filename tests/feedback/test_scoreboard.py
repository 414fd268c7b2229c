"""The scoreboard's six figures: what they count, over which time, and what they are compared with."""

import datetime as dt

import pytest

from feedback.models import Assignment, Decision, Handoff, Outcome
from feedback.reports.scoreboard import Figure, figures
from leads.models import Lead
from tests.factories import UserFactory
from tests.feedback.past import decide
from tests.feedback.world import NOW, assigned, make_lead

pytestmark = pytest.mark.django_db
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
FORTNIGHT = 14 * DAY


def board(now: dt.datetime = NOW) -> dict[str, Figure]:
    return {figure.label: figure for figure in figures(now=now, currency="EUR")}


def came_in(number: int, ago: dt.timedelta, now: dt.datetime = NOW) -> None:
    lead = make_lead(number)
    Lead.objects.filter(pk=lead.pk).update(created_at=now - ago)


@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 11, 22, 23, 1, tzinfo=dt.UTC),  # a Monday has just begun in Berlin
        dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC),  # a Sunday is about to end there
        dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),  # the hour that comes twice
    ],
)
def test_figures_cover_28_days_and_are_compared_with_28_whatever_day_it_is(now: dt.datetime) -> None:
    this = [MINUTE, 6 * DAY, 28 * DAY]
    before = [28 * DAY + MINUTE, 30 * DAY, 55 * DAY, 56 * DAY]
    other = [56 * DAY + MINUTE, 84 * DAY, 84 * DAY + MINUTE, -MINUTE]
    for number, ago in enumerate(this + before + other):
        came_in(number, ago, now)
    figure = board(now)["New leads"]
    assert (figure.text, figure.sentence) == ("3", "4 in the 28 days before.")
    assert figure.weeks == [1, 0, 0, 1, 2, 0, 0, 2, 1, 0, 0, 2]


def test_handed_over_is_by_the_moment_a_lead_became_sales_ready() -> None:
    rep = UserFactory()
    for ago in (DAY, 27 * DAY, 40 * DAY):
        assigned(rep, at=NOW - ago)
    figure = board()["Handed to sales"]
    assert (figure.text, figure.sentence) == ("2", "1 in the 28 days before.")


def promised(due: dt.timedelta, answered: dt.timedelta | None) -> None:
    """An assignment whose first response was due so long ago and came so long ago."""
    row = assigned(UserFactory(), at=NOW - due - DAY)
    Assignment.objects.filter(pk=row.pk).update(
        response_due_at=NOW - due, responded_at=None if answered is None else NOW - answered
    )


def test_followed_up_in_time_is_of_the_first_responses_that_were_due() -> None:
    promised(DAY, 2 * DAY)
    promised(2 * DAY, DAY)
    promised(3 * DAY, None)
    promised(-DAY, DAY)  # answered, but not due before tomorrow
    promised(-DAY, None)
    promised(30 * DAY, 31 * DAY)
    figure = board()["Followed up in time"]
    assert (figure.text, figure.sentence) == ("33 %", "1 of 3; 100 % in the 28 days before.")


def test_accepted_is_of_the_leads_that_were_decided_on() -> None:
    rep = UserFactory()
    this = [("accept", DAY), ("reject", 2 * DAY), ("reject", 3 * DAY), ("accept", FORTNIGHT)]
    before = [("accept", 30 * DAY), ("reject", 40 * DAY), ("reject", 50 * DAY)]
    for number, (kind, ago) in enumerate(this + before):
        decide(rep, make_lead(number), kind, ago=ago)
    undone = decide(rep, make_lead(20), "accept")
    Decision.objects.create(
        handoff=undone.handoff, kind="undo", undoes=undone, by=rep, at=NOW, version=undone.version, facts={}
    )
    figure = board()["Accepted by sales"]
    assert (figure.text, figure.sentence) == ("50 %", "2 of 4; 33 % in the 28 days before.")


def outcome(kind: str, ago: dt.timedelta, amount: str = "") -> None:
    row = assigned(UserFactory(), at=NOW - ago - DAY)
    money = {"amount": 9999, "currency": "CHF", "amount_reporting": amount} if amount else {}
    Outcome.objects.create(
        handoff=row.handoff,
        kind=kind,
        by=row.owner,
        at=NOW - ago,
        version=row.handoff.version,
        facts={},
        **money,
    )


def test_won_adds_up_the_amounts_in_the_reporting_currency_to_the_whole_unit() -> None:
    outcome("won", DAY, "1200.30")
    outcome("won", FORTNIGHT, "800.30")
    outcome("won", 29 * DAY, "5000")
    outcome("qualified", DAY)
    outcome("lost", DAY)
    shown = board()
    assert (shown["Won"].text, shown["Won"].sentence) == ("€2,001", "€5,000 in the 28 days before.")
    assert (shown["Qualified"].text, shown["Qualified"].sentence) == ("1", "0 in the 28 days before.")


def test_without_any_rows_shares_are_a_dash_and_counts_are_nought() -> None:
    shown = board()
    assert [each.text for each in shown.values()] == ["0", "0", "–", "–", "0", "€0"]
    assert shown["Followed up in time"].sentence == "0 of 0; – in the 28 days before."
    assert shown["Followed up in time"].weeks == [None] * 12
    assert not Handoff.objects.exists()
