"""Whatever befalls the sweep, afterwards every step that was due has happened once, and none that wasn't."""

import pytest

from feedback.models import Assignment, SlaEvent
from tests.feedback.faults import TURNS, Run, told_twice

pytestmark = pytest.mark.django_db
FEW, MANY = 20, 200


def play(seed: int) -> None:
    run = Run(seed)
    for _ in range(TURNS):
        run.turn()
    run.end()
    assert not told_twice()
    open_rows = Assignment.objects.filter(ended_at=None, next_event_at__lte=run.now)
    assert not open_rows.exists()


def play_all(seeds: range) -> None:
    for seed in seeds:
        play(seed)


@pytest.mark.parametrize("seed", range(FEW))
def test_no_step_is_missing_or_double_after_kills_delays_and_a_jumping_clock(seed: int) -> None:
    play(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(FEW, MANY))
def test_the_same_many_times_over(seed: int) -> None:
    play(seed)


def test_the_model_notices_a_step_that_is_taken_although_the_clock_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the second look at the facts the runs above must fail, or they prove nothing."""
    monkeypatch.setattr("feedback.clock.running_clocks", _all_clocks)
    with pytest.raises(AssertionError):
        play_all(range(FEW))


def _all_clocks(assignment: Assignment) -> list[tuple[object, object]]:
    return [
        (SlaEvent.Clock.RESPONSE, assignment.response_due_at),
        (SlaEvent.Clock.DECISION, assignment.decision_due_at),
    ]
