"""Whose turn it is: fair in any span, and what is said of those who were passed over."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.models import RoutingRule
from feedback.routing import Deal, Rep, Roster, Route, Turn
from feedback.routing.reps import ramped
from feedback.routing.roster import MOST_LISTED, NEVER
from feedback.routing.trace import read_trace, trace_of
from tests.feedback.world import NOW

Way = RoutingRule.Way
IN_TURN = Route(1, "All in turn", None, "", Way.ROUND_ROBIN)
BY_WEIGHT = Route(2, "By weight", None, "", Way.WEIGHTED)
WEIGHTS = st.lists(st.integers(1, 12), min_size=1, max_size=7)


def rep(number: int, **more: object) -> Rep:
    fields = {"capacity": 1000, "full": 1000} | more
    return Rep(number, f"Rep {number}", 1, **fields)  # type: ignore[arg-type]  # any of a rep's fields


def dealt(roster: Roster, route: Route, count: int) -> list[int]:
    """Who gets each of so many leads that come at once."""
    choices = [roster.choose(Deal(route), now=NOW) for _ in range(count)]
    return [choice.rep.id for choice in choices if choice.rep]


@given(open_leads=st.lists(st.integers(0, 6), min_size=1, max_size=8), count=st.integers(0, 60))
def test_the_least_loaded_come_first_whatever_they_hold_already(open_leads: list[int], count: int) -> None:
    reps = [rep(number, open=held) for number, held in enumerate(open_leads)]
    roster = Roster(reps)
    dealt(roster, Route(), count)
    given_out = [each for each in reps if each.last_at != NEVER]
    if given_out:
        assert max(each.open for each in given_out) - min(each.open for each in reps) <= 1


@given(size=st.integers(1, 6), count=st.integers(0, 40))
def test_equal_reps_get_equal_shares_in_any_window(size: int, count: int) -> None:
    for route in (Route(), IN_TURN):
        assert_even(dealt(Roster([rep(each) for each in range(size)]), route, count), range(size))


@given(
    places=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    works=st.lists(st.booleans(), min_size=6, max_size=6),
    blocked=st.lists(st.integers(0, 5), max_size=30),
    count=st.integers(0, 40),
)
def test_in_turn_those_with_room_are_even_whoever_else_comes_and_goes(
    places: list[int], works: list[bool], blocked: list[int], count: int
) -> None:
    """The last rep has limits that come and go; the others' shares stay even in every window."""
    size = len(places)
    reps = [rep(each, works_now=works[each]) for each in range(size)]
    reps.append(rep(size))
    turns = {(1, each): Turn(place=place) for each, place in enumerate(places)}
    roster, owners = Roster(reps, turns=turns), []
    for step in range(count):
        reps[-1].away = "away" if step in blocked else ""
        owners += dealt(roster, IN_TURN, 1)
    assert_even([each for each in owners if each != size], range(size))


def assert_even(owners: list[int], among: range) -> None:
    for start, end in combinations(range(len(owners) + 1), 2):
        window = Counter(dict.fromkeys(among, 0))
        window.update(owners[start:end])
        assert max(window.values()) - min(window.values()) <= 1


@given(weights=WEIGHTS, count=st.integers(0, 80))
def test_by_weight_nobody_is_ever_a_whole_lead_away_from_their_share(weights: list[int], count: int) -> None:
    roster = Roster([rep(number, weight=weight) for number, weight in enumerate(weights)])
    owners, total = dealt(roster, BY_WEIGHT, count), sum(weights)
    for taken in range(count + 1):
        counts = Counter(owners[:taken])
        assert all(abs(counts[each] * total - taken * weight) < total for each, weight in enumerate(weights))


@given(weights=WEIGHTS, count=st.integers(0, 50), data=st.data())
def test_by_weight_any_window_is_within_two_leads_of_the_share(
    weights: list[int], count: int, data: st.DataObject
) -> None:
    roster = Roster([rep(number, weight=weight) for number, weight in enumerate(weights)])
    owners, total = dealt(roster, BY_WEIGHT, count), sum(weights)
    start = data.draw(st.integers(0, count))
    counts, size = Counter(owners[start:]), count - start
    assert all(abs(counts[each] * total - size * weight) < 2 * total for each, weight in enumerate(weights))


def test_who_was_away_isnt_flooded_on_coming_back() -> None:
    absent, present, other = reps = [rep(1), rep(2), rep(3)]
    roster = Roster(reps)
    absent.away = "away"
    dealt(roster, BY_WEIGHT, 30)
    absent.away = ""
    owners = dealt(roster, BY_WEIGHT, 9)
    assert Counter(owners) == {absent.id: 3, present.id: 3, other.id: 3}
    assert owners[:2] != [absent.id, absent.id]


def test_turns_go_on_where_an_earlier_batch_left_off() -> None:
    first = Roster([rep(1), rep(2), rep(3)])
    assert dealt(first, IN_TURN, 2) == [1, 2]
    again = Roster([rep(1), rep(2), rep(3)], turns=first.turns)
    assert dealt(again, IN_TURN, 2) == [3, 1]
    assert set(again.changed) == {(1, 3), (1, 1)}


def test_each_rule_has_turns_of_its_own() -> None:
    roster, other = Roster([rep(1), rep(2)]), Route(9, "Other", None, "", Way.ROUND_ROBIN)
    assert [*dealt(roster, IN_TURN, 1), *dealt(roster, other, 1), *dealt(roster, IN_TURN, 1)] == [1, 1, 2]


def test_the_load_is_a_part_of_the_capacity() -> None:
    part_time, full_time = rep(1, capacity=10, open=4), rep(2, capacity=30, open=9)
    assert dealt(Roster([part_time, full_time]), Route(), 1) == [2]


def test_among_equals_whoever_works_now_comes_first() -> None:
    for route in (Route(), IN_TURN, BY_WEIGHT):
        assert dealt(Roster([rep(1, works_now=False), rep(2)]), route, 1) == [2]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"away": "away until Fri 4 Dec"}, "away until Fri 4 Dec"),
        ({"capacity": 25, "full": 25, "open": 25}, "at capacity 25 of 25"),
        ({"capacity": 8, "full": 25, "open": 8}, "ramp: 8 of 8 for now, 25 later"),
        ({"per_day": 5, "today": 5}, "had 5 of 5 for today"),
        ({"per_week": 20, "this_week": 21}, "had 21 of 20 for this week"),
        ({}, ""),
    ],
)
def test_it_is_said_why_somebody_is_passed_over(fields: dict[str, object], said: str) -> None:
    each = rep(1, **fields)
    assert (each.passed_over, each.room == 0) == (said, bool(said))
    choice = Roster([each]).choose(Deal(), now=NOW)
    assert (choice.rep is None, choice.looked) == (bool(said), [(each.name, said)] if said else [])


def test_a_days_limit_holds_within_a_batch() -> None:
    roster = Roster([rep(1, per_day=2), rep(2, per_week=1)])
    assert Counter(dealt(roster, IN_TURN, 9)) == {1: 2, 2: 1}


def test_the_owner_of_the_company_comes_first_unless_the_rule_says_no() -> None:
    for route, expected in ((Route(), 2), (Route(1, "Fair", None, "", Way.ROUND_ROBIN, False), 1)):
        roster = Roster([rep(1), rep(2, open=9)], company_owners={7: 2})
        choice = roster.choose(Deal(route, company_id=7), now=NOW)
        assert choice.rep is not None
        assert choice.rep.id == expected


def test_an_owner_of_the_company_without_room_is_named() -> None:
    roster = Roster([rep(1), rep(2, capacity=3, full=3, open=3)], company_owners={7: 2})
    choice = roster.choose(Deal(company_id=7), now=NOW)
    assert choice.looked == [("Rep 2", "at capacity 3 of 3")]


def test_colleagues_in_one_batch_go_to_one_rep() -> None:
    roster = Roster([rep(1), rep(2)])
    owners = [roster.choose(Deal(IN_TURN, company_id=7), now=NOW).rep for _ in range(3)]
    assert {each.id for each in owners if each} == {1}


def test_a_rule_keeps_to_its_team_also_if_nobody_there_has_room() -> None:
    north, south = rep(1, away="away"), Rep(2, "South", 2, 1000)
    choice = Roster([north, south]).choose(Deal(Route(1, "North", 1, "North")), now=NOW)
    assert (choice.rep, choice.why) == (None, "Rule “North”: nobody takes leads now.")


def test_who_had_it_before_comes_last_but_before_nobody() -> None:
    roster = Roster([rep(1), rep(2, open=500)], company_owners={7: 1})
    assert roster.choose(Deal(company_id=7, former=1), now=NOW).rep is roster.reps[2]
    assert Roster([rep(1)]).choose(Deal(former=1), now=NOW).rep is not None


def test_who_returned_it_never_gets_it_again_by_itself_and_the_trace_says_so() -> None:
    roster = Roster([rep(1), rep(2, open=500)], company_owners={7: 1})
    choice = roster.choose(Deal(company_id=7, barred={1: "returned it"}), now=NOW)
    assert choice.rep is roster.reps[2]
    assert choice.looked == [("Rep 1", "returned it")]
    assert Roster([rep(1)]).choose(Deal(barred={1: "returned it"}), now=NOW).rep is None


def test_an_accepted_lead_takes_no_room_but_is_dealt_evenly() -> None:
    roster = Roster([rep(1, capacity=0), rep(2, capacity=0), rep(3, away="away")])
    owners = [
        roster.choose(Deal(is_decided=True, barred={4: "hands it over"}), now=NOW).rep for _ in range(4)
    ]
    assert Counter(each.id for each in owners if each) == {1: 2, 2: 2}


def test_a_trace_has_a_bounded_size_and_reads_again() -> None:
    roster = Roster([rep(number, open=number) for number in range(1, 40)])
    trace = read_trace(trace_of(roster.choose(Deal(IN_TURN), now=NOW)))
    assert (len(trace.looked), trace.more, trace.rule) == (MOST_LISTED, 38 - MOST_LISTED, "All in turn")
    assert trace.why == "Rule “All in turn”: it was Rep 1’s turn."
    assert trace.looked[0].said == "comes later in turn"
    assert trace.how == "Rule “All in turn” matched: to any team, in turn (round robin)."


@given(capacity=st.integers(0, 60), weeks=st.integers(1, 26), days=st.integers(0, 200))
def test_a_ramp_grows_evenly_up_to_the_whole(capacity: int, weeks: int, days: int) -> None:
    start = date(2026, 11, 2)
    grown = ramped(capacity, start, weeks, start + timedelta(days=days))
    assert 0 <= grown <= capacity
    assert ramped(capacity, start, weeks, start - timedelta(days=1)) == 0
    assert ramped(capacity, start, weeks, start + timedelta(days=7 * weeks - 1)) == capacity
    assert abs(grown - min(capacity, capacity * (days + 1) / (7 * weeks))) < 1
