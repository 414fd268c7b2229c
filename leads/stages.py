"""The one table of allowed moves between stages."""

from leads.models import Stage

S = Stage
MOVES: dict[str, frozenset[str]] = {
    S.INQUIRY: frozenset({S.SALES_READY, S.NURTURE, S.DISQUALIFIED, S.LOST}),
    S.SALES_READY: frozenset({S.ACCEPTED, S.INQUIRY, S.NURTURE, S.DISQUALIFIED, S.LOST}),
    S.ACCEPTED: frozenset({S.QUALIFIED, S.LOST, S.NURTURE, S.DISQUALIFIED, S.INQUIRY, S.SALES_READY}),
    S.QUALIFIED: frozenset({S.CUSTOMER, S.LOST, S.NURTURE, S.ACCEPTED}),
    S.CUSTOMER: frozenset({S.LOST, S.QUALIFIED}),
    S.LOST: frozenset({S.NURTURE, S.INQUIRY, S.SALES_READY, S.ACCEPTED, S.QUALIFIED, S.CUSTOMER}),
    S.DISQUALIFIED: frozenset({S.INQUIRY, S.SALES_READY, S.ACCEPTED}),
    S.NURTURE: frozenset({S.INQUIRY, S.SALES_READY, S.ACCEPTED, S.DISQUALIFIED, S.LOST}),
}
"""From a stage to those it may move to. The moves backwards undo a decision."""


def may_move(from_stage: str, to_stage: str) -> bool:
    """Whether a lead may move so; staying where it is is no move."""
    return to_stage in MOVES[from_stage]
