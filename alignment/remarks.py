"""What is worth a remark though it isn't wrong: a scope for nobody or everybody, a source that is new."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from alignment.matrix import read_matrix
from alignment.models import Criterion, Version
from alignment.parts import ScopeValues, TermValues
from alignment.parts.checks import POINTS
from alignment.querysets import active_versions
from alignment.spec import read_condition
from core.errors import Invalid
from core.text import fold
from leads.counting import count_matching
from leads.querysets import recent_sources
from rules.fields import Use


def remark_on(values: object, *, now: datetime) -> str:
    """A sentence on ``values`` of a part as they were just saved; empty if there is nothing to say."""
    if isinstance(values, ScopeValues):
        return scope_remark(values.scope, now=now)
    return _source_remark(values) if isinstance(values, TermValues) and values.source else ""


def proposal_remarks(draft: Version, *, now: datetime) -> list[str]:
    """What both sides should know of a draft before they are asked; none of it stands in the way."""
    found = [scope_remark(draft.scope, now=now), order_remark(draft), *_grade_remarks(draft)]
    return [remark for remark in found if remark]


def order_remark(draft: Version) -> str:
    """Whether a definition for all leads stands before it, or it before others. One query."""
    others = list(active_versions().exclude(definition=draft.definition_id).select_related("definition"))
    before = [each for each in others if each.position <= draft.position]
    after = [each for each in others if each.position > draft.position]
    for each in before:
        if each.scope is None:
            return f"“{each.definition}” comes before it and judges all leads: this one would judge nobody."
    if draft.scope is None and after:
        names = " and ".join(f"“{each.definition}”" for each in after)
        return f"It judges all leads: {names}, which would come after it, would judge nobody any more."
    return ""


def _grade_remarks(draft: Version) -> Iterator[str]:
    """Grades that no lead can reach, and a matrix in which more points bring a worse one."""
    try:
        matrix = read_matrix(draft.matrix)
    except Invalid:
        return
    earned = {row.dimension: min(row.cap, _most(draft, row.dimension)) for row in draft.dimensions.all()}
    if matrix is not None:
        yield from (f"Odd: {fall}." for fall in matrix.falls())
        return
    total = sum(earned.values())
    for letter, floor in (("A", draft.floor_a), ("B", draft.floor_b), ("C", draft.floor_c)):
        if floor > total:
            yield f"No lead reaches the {floor} points of grade {letter}: the criteria earn {total} at most."


def _most(draft: Version, dimension: str) -> int:
    """The most points that the criteria of a dimension can give; each time has no end of its own."""
    gains = [
        row for row in draft.criteria.all() if row.is_on and row.dimension == dimension and row.points > 0
    ]
    return sum(_most_of(row) for row in gains)


def _most_of(row: Criterion) -> int:
    points = POINTS if row.counts_activities and row.per == Criterion.Per.OCCURRENCE else row.points
    return points if row.cap is None else min(points, row.cap)


def scope_remark(scope: Any, *, now: datetime) -> str:
    """Whether a scope matches no lead, or all of them: both are meant seldom. A few queries."""
    try:
        node = read_condition(scope, Use.SCOPE)
    except Invalid:
        return ""
    counted = count_matching(node, now=now) if node else None
    if counted is None or counted.leads is None or not counted.total:
        return ""
    seen = "" if counted.margin is None else ", as far as a sample can tell"
    if counted.leads == 0:
        return f"No lead meets its scope now{seen}: it would judge nobody."
    if counted.leads == counted.total:
        return f"Every lead meets its scope now{seen}: definitions after it in the order judge nobody."
    return ""


def _source_remark(term: TermValues) -> str:
    if fold(term.source) in map(fold, recent_sources()):
        return ""
    return f"No recent lead has the source “{term.source}”: its term waits for the first."
