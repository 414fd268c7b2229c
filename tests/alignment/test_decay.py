"""Decay is a table of whole numbers that only falls."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.decay import FULL, LEAST, LONGEST, NO_DECAY, Decay, DecayKind, parse_decay
from core.errors import Invalid

DAYS = st.integers(1, LONGEST)
DECAYS = st.one_of(
    st.just(NO_DECAY),
    st.builds(Decay, st.sampled_from([DecayKind.WINDOW, DecayKind.LINEAR, DecayKind.HALF_LIFE]), DAYS),
    st.builds(Decay, st.just(DecayKind.STEP), DAYS, st.integers(1, 99)),
)


@given(DECAYS)
def test_a_table_starts_in_full_never_rises_and_holds_no_zero(decay: Decay) -> None:
    table = decay.weights()
    assert table[0] == FULL
    assert all(later <= earlier for earlier, later in pairwise(table))
    assert table[-1] > 0
    assert len(table) <= LONGEST + 1


@given(DECAYS)
def test_what_is_stored_reads_back_as_the_same_decay(decay: Decay) -> None:
    assert parse_decay(decay.as_data()) == decay


@given(DECAYS, st.integers(-5, 2 * LONGEST))
def test_the_weight_at_an_age_is_the_table_and_nothing_beyond_it(decay: Decay, age: int) -> None:
    if decay.horizon is None:
        assert decay.weight(age) == FULL
    elif age > decay.horizon:
        assert decay.weight(age) == 0
    else:
        assert decay.weight(age) == decay.weights()[max(age, 0)]


@given(st.integers(1, 200), st.integers(0, LONGEST))
def test_a_half_life_is_the_power_of_two_rounded(days: int, age: int) -> None:
    exact = FULL * math.pow(2, -age / days)
    weight = Decay(DecayKind.HALF_LIFE, days).weight(age)
    assert abs(weight - exact) <= 0.5 + 1e-6 or (weight == 0 and exact < LEAST)


def test_a_window_counts_its_last_day_and_not_the_next() -> None:
    window = Decay(DecayKind.WINDOW, 30)
    assert (window.weight(30), window.weight(31)) == (FULL, 0)
    assert window.horizon == 30


def test_linear_is_half_at_half_the_time_and_nothing_at_the_end() -> None:
    linear = Decay(DecayKind.LINEAR, 90)
    assert (linear.weight(45), linear.weight(89), linear.weight(90)) == (500, 11, 0)


def test_a_half_life_halves_exactly_on_its_day() -> None:
    half = Decay(DecayKind.HALF_LIFE, 14)
    assert [half.weight(age) for age in (0, 14, 28, 42)] == [1000, 500, 250, 125]


def test_steps_keep_their_share_of_what_was_left() -> None:
    step = Decay(DecayKind.STEP, 30, 50)
    assert [step.weight(age) for age in (29, 30, 60, 90)] == [1000, 500, 250, 125]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"kind": "weekly"}, "kind"),
        ({"kind": ["none"]}, "kind"),
        ("half_life", "kind"),
        ({"kind": "window"}, "days"),
        ({"kind": "window", "days": 0}, "days"),
        ({"kind": "window", "days": "n/a"}, "days"),
        ({"kind": "window", "days": True}, "days"),
        ({"kind": "linear", "days": LONGEST + 1}, "days"),
        ({"kind": "step", "days": 30, "keep": 100}, "keep"),
        ({"kind": "window", "days": 30, "keep": 50}, "keep"),
        ({"kind": "none", "days": 30}, "days"),
    ],
)
def test_a_decay_that_makes_no_sense_says_where(raw: object, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_decay(raw)
    assert caught.value.problems[0].where == where
