"""How versions would have graded what sales decided on: judged as of the decision, counted honestly."""

from datetime import timedelta
from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from alignment import spec
from alignment.models import Version
from core.erasing import erasing
from feedback import backtest
from feedback.backtest import Decided, Past, compare
from feedback.backtest.figures import Side
from feedback.intervals import CONFIDENT, FEWEST, Share, wilson
from feedback.models import Decision, Hindsight
from feedback.services import hindsight
from leads.models import Lead
from tests.alignment.factories import make_draft
from tests.factories import UserFactory
from tests.feedback.past import CHIEF, DAY, GERMAN, activate, active, decide, drafted
from tests.feedback.world import NOW, make_lead
from tests.scoring.world import ZONE
from users.models import User


@pytest.fixture
def rep(db: None) -> User:
    activate(drafted(CHIEF))
    return UserFactory()


def draft() -> Version:
    """A draft of the version in force by which the country counts, not the title."""
    return drafted(GERMAN, active().definition)


def looked_back(version: Version) -> Past:
    return backtest.look_back([spec.read(version)], now=NOW, zone=ZONE)


# The judging


def test_a_decision_is_judged_on_the_facts_of_its_moment_whatever_became_of_the_lead(rep: User) -> None:
    lead = make_lead(title="Chief Executive")
    decide(rep, lead)
    Lead.objects.update(title="Student", title_folded="student")
    (row,) = looked_back(active()).rows
    assert (row.grade, row.total, row.is_ready, row.is_stored) == ("A", 20, True, True)
    with erasing(by=None, why="as the test has it"):
        Decision.objects.update(facts={})
    (row,) = looked_back(active()).rows
    assert (row.grade, row.is_stored) == ("D", False)


def test_only_the_last_year_counts_and_only_the_newest_so_many(
    rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young, youngest = (
        decide(rep, make_lead(number), ago=ago) for number, ago in enumerate((366 * DAY, 9 * DAY, 2 * DAY), 1)
    )
    assert [row.decision_id for row in looked_back(active()).rows] == [youngest.pk, young.pk]
    monkeypatch.setattr("feedback.backtest.past.MOST", 1)
    past = looked_back(active())
    assert ([row.decision_id for row in past.rows], past.found) == ([youngest.pk], 2)
    assert old.pk


def test_what_came_of_the_lead_is_told(rep: User) -> None:
    came = [("accept", "won"), ("accept", "lost"), ("accept", ""), ("reject", "")]
    for number, (kind, end) in enumerate(came):
        decide(rep, make_lead(number), kind, end=end, ago=number * DAY + DAY)
    rows = looked_back(active()).rows
    assert [(row.is_accepted, row.end) for row in rows] == [(kind == "accept", end) for kind, end in came]


def test_a_decision_more_costs_no_query_more_to_find(
    rep: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    same = NOW - DAY
    for number in range(6):
        decide(rep, make_lead(number))
    assert Decision.objects.filter(at=same).count() == 6
    version = active()
    with django_assert_max_num_queries(11):  # four of the version, three of the decisions, one statement
        looked_back(version)


# The figures


rows = st.builds(
    Decided,
    st.integers(1, 40),
    st.booleans(),
    st.sampled_from(["", "won", "lost"]),
    st.sampled_from(["A", "B", "C", "D", None]),
    st.just(0),
    st.booleans(),
    st.booleans(),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(rows, unique_by=lambda row: row.decision_id), st.randoms(use_true_random=False))
def test_every_figure_is_what_counting_one_by_one_says(old: list[Decided], chance: object) -> None:
    new = [row._replace(grade=chance.choice("ABCD"), is_ready=not row.is_ready) for row in old]  # type: ignore[attr-defined]  # a Random
    found = compare(Past(tuple(old), 99), Past(tuple(reversed(new)), 98))
    for side, judged in ((found.active, old), (found.draft, new)):
        check(side, judged)
    assert (found.size, found.found) == (len(old), 99)
    assert found.moved == sum(a.grade != b.grade for a, b in zip(old, new, strict=True))
    assert found.unstored == sum(not row.is_stored for row in old)


def check(side: Side, judged: list[Decided]) -> None:
    for grade in ("A", "B", "C", "D", None):
        accepted = decided = won = ended = 0
        for row in judged:
            if row.grade == grade:
                decided += 1
                accepted += row.is_accepted
                ended += bool(row.is_accepted and row.end)
                won += row.is_accepted and row.end == "won"
        assert side.of(grade).accepted == Share(accepted, decided)
        assert side.of(grade).won == Share(won, ended)
    hits = len([row for row in judged if row.is_ready and row.is_accepted])
    assert side.precision == Share(hits, len([row for row in judged if row.is_ready]))
    assert side.recall == Share(hits, len([row for row in judged if row.is_accepted]))
    best, every = side.of("A").accepted, side.all.accepted
    if best.whole and every.part:
        lift = Fraction(best.part, best.whole) / Fraction(every.part, every.whole)
        assert side.lift is not None
        assert isclose(side.lift.value, lift, abs_tol=1e-9)
        assert side.lift.low - 1e-9 <= side.lift.value <= side.lift.high + 1e-9
    else:
        assert side.lift is None


def test_decisions_judged_under_one_side_only_are_left_out() -> None:
    row = Decided(1, True, "", "A", 80, True, True)
    found = compare(Past((row, row._replace(decision_id=2)), 2), Past((row,), 1))
    assert [pair.old.decision_id for pair in found.pairs] == [1]


@given(st.integers(1, 500), st.data())
def test_the_ends_of_a_range_are_where_the_share_is_just_so_many_errors_away(
    whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    for end in wilson(part, whole):
        away = abs(part / whole - end)
        assert isclose(away, CONFIDENT * sqrt(end * (1 - end) / whole), abs_tol=1e-6)


def test_a_range_is_that_of_the_books() -> None:
    assert [round(end, 4) for end in wilson(10, 30)] == [0.1923, 0.5122]
    assert wilson(0, 0) == (0.0, 1.0)


def test_fewer_than_thirty_are_too_few_to_trust() -> None:
    assert Share(20, FEWEST - 1).is_thin
    assert not Share(20, FEWEST).is_thin
    low, high = wilson(FEWEST // 2, FEWEST)
    assert 0.15 < (high - low) / 2 < 0.18


# Asking


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The questions that were put to a worker."""
    found: list[int] = []
    monkeypatch.setattr("feedback.services.hindsight._hint", lambda row: found.append(row.pk))
    return found


def ask(version: Version, *, later: timedelta = timedelta(0)) -> hindsight.Answers:
    sides = hindsight.sides_of(version, now=NOW + later)
    assert sides is not None
    return hindsight.ask(kind="backtest", sides=sides, now=NOW + later)


def test_a_question_is_put_once_and_its_answer_kept_for_the_day(rep: User, sent: list[int]) -> None:
    decide(rep, make_lead(title="Chief", country="FR"))
    version = draft()
    first = ask(version)
    assert not first.are_done
    assert sent == [first.active.pk, first.draft.pk]
    assert ask(version) == first
    for pk in sent:
        assert hindsight.answer(pk=pk, now=NOW)
        assert not hindsight.answer(pk=pk, now=NOW)
    again = ask(version)
    assert again.are_done
    assert len(sent) == 2
    found = compare(Past.from_json(again.active.result), Past.from_json(again.draft.result))
    assert [(pair.old.grade, pair.new.grade) for pair in found.pairs] == [("A", "D")]
    assert not ask(version, later=DAY).are_done


def test_an_edit_asks_anew_and_drops_what_nobody_waits_for(rep: User, sent: list[int]) -> None:
    version = draft()
    old = ask(version)
    Version.objects.filter(pk=version.pk).update(revision=7)
    new = ask(version)
    assert (new.active.pk, new.draft.versions) == (old.active.pk, f"{version.pk}.7")
    assert not hindsight.answer(pk=old.draft.pk, now=NOW)
    assert not Hindsight.objects.filter(pk=old.draft.pk).exists()


def test_a_discarded_draft_leaves_no_question(rep: User, sent: list[int]) -> None:
    version = draft()
    asked = ask(version).draft
    Version.objects.filter(pk=version.pk).delete()
    assert not hindsight.answer(pk=asked.pk, now=NOW)
    assert not Hindsight.objects.filter(pk=asked.pk).exists()


def test_a_lost_message_is_sent_again_and_a_lost_worker_replaced(rep: User, sent: list[int]) -> None:
    version = draft()
    ask(version)
    ask(version, later=timedelta(seconds=59))
    assert len(sent) == 2
    asked = ask(version, later=timedelta(seconds=61))
    assert len(sent) == 4
    Hindsight.objects.update(taken_at=NOW)
    assert not hindsight.answer(pk=asked.draft.pk, now=NOW + timedelta(minutes=5))
    assert hindsight.answer(pk=asked.draft.pk, now=NOW + timedelta(minutes=11))


def test_a_draft_whose_field_is_gone_says_so(rep: User, sent: list[int]) -> None:
    version = drafted({"field": "lead.shoe_size", "op": "gte", "value": 40}, active().definition)
    assert hindsight.answer(pk=ask(version).draft.pk, now=NOW)
    answers = ask(version)
    assert "lead.shoe_size" in answers.error
    assert not answers.are_done


def test_what_goes_wrong_is_told_and_begun_anew_a_minute_later(
    rep: User, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = draft()
    pk = ask(version).draft.pk
    with monkeypatch.context() as patch:
        patch.setattr(hindsight, "_worked_out", lambda row, now: 1 // 0)
        assert hindsight.answer(pk=pk, now=NOW)
    assert "went wrong" in ask(version).error
    later = timedelta(seconds=61)
    assert not ask(version, later=later).error
    assert sent.count(pk) == 2
    assert hindsight.answer(pk=pk, now=NOW + later)


def test_answers_of_other_days_are_forgotten(rep: User, sent: list[int]) -> None:
    old = ask(draft()).draft
    new = ask(Version.objects.get(status="draft"), later=9 * DAY).draft
    hindsight.answer(pk=new.pk, now=NOW + 9 * DAY)
    assert not Hindsight.objects.filter(pk=old.pk).exists()


def test_nothing_is_asked_before_a_version_is_in_force(db: None) -> None:
    assert hindsight.sides_of(make_draft(), now=NOW) is None
