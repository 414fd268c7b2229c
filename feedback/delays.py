"""The three delays of an episode, apart: what the system, the owner and the decision took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.display import duration, short_duration
from feedback.models import Assignment, Handoff

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Delays:
    """``system`` is elapsed time from sales-ready until assigned, all waits in the pool included.

    ``human`` and ``decision`` are working minutes from assignment, None where it has not come to that.
    ``is_waiting`` says that it waits for an owner now, ``is_open`` that the episode goes on.
    """

    system: timedelta
    human: int | None
    decision: int | None
    is_waiting: bool
    is_open: bool

    @property
    def in_words(self) -> str:
        """``2 h until assigned, 35 min working time until the first contact, not decided yet``."""
        if self.is_waiting:
            first = f"{short_duration(self.system / MINUTE)} without an owner so far"
        else:
            first = f"{short_duration(self.system / MINUTE)} until assigned"
        yet = " yet" if self.is_open else ""
        human, decision = f"not contacted{yet}", f"not decided{yet}"
        if self.human is not None:
            human = f"{duration(self.human)} working time until the first contact"
        if self.decision is not None:
            decision = f"{duration(self.decision)} working time until the decision"
        return ", ".join([first, human, decision])


def delays_of(handoff: Handoff, *, now: datetime) -> Delays:
    """The delays of an episode until ``now`` (1 query)."""
    rows = list(Assignment.objects.filter(handoff=handoff).order_by("pk"))
    return Delays(
        system=_without_owner(handoff, rows, now),
        human=next(
            (row.response_minutes for row in reversed(rows) if row.response_minutes is not None), None
        ),
        decision=next(
            (row.decision_minutes for row in reversed(rows) if row.decision_minutes is not None), None
        ),
        is_waiting=handoff.state == Handoff.State.WAITING,
        is_open=handoff.state in Handoff.OPEN,
    )


def _without_owner(handoff: Handoff, rows: Sequence[Assignment], now: datetime) -> timedelta:
    """From sales-ready to the first owner, between owners, and since the last one if it waits again."""
    total, since = timedelta(0), handoff.ready_at
    for row in rows:
        total += max(row.assigned_at - since, timedelta(0))
        since = row.ended_at or now
    if handoff.state == Handoff.State.WAITING or not rows:
        until = now if handoff.closed_at is None else handoff.closed_at
        total += max(until - since, timedelta(0))
    return total
