"""How many leads meet each criterion of a version, counted together and remembered one by one.

A count belongs to what the criterion asks, not to its version: an edit counts one criterion anew, and all
others are known. Small bases are counted whole, large ones by the sample that the builder counts by.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from celery import Task
from django.core.cache import cache
from django.db.models import Case, Count, F, Max, Min, Q, When
from django.utils import timezone

from alignment import spec
from alignment.spec import CriterionSpec
from core.deadlines import TooSlow, at_most
from core.errors import ApplicationError
from core.hooks import Tally
from core.tasks import hint
from leads.counting import EXACT_UP_TO, SAMPLE, IdIn, draw, estimate
from leads.models import Lead
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.fields import registry
from rules.nodes import ActivityCount, Node, fields_in
from users.models import Organisation

QUICK = 2_000  # leads that are counted while the page waits
KEPT = 900  # seconds
PATIENCE = 1.0  # seconds until the page is shown without
MOST = 60.0  # seconds that a worker gives it
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A count as it is remembered; a *rough* one is replaced by a worker's. A margin of 0 is exact."""

    leads: int
    margin: int = 0
    is_rough: bool = False

    @property
    def tally(self) -> Tally:
        """As it is shown."""
        return Tally(self.leads, self.margin)


def criterion_counts(version_id: int) -> Mapping[str, Tally]:
    """About how many leads meet each criterion of the version that is switched on, by its key.

    What isn't known yet is counted among ``QUICK`` leads, and a worker is asked for a better count. Empty
    if a part of the version can't be read or it takes longer than ``PATIENCE``.
    """
    asked = _asked(version_id)
    known = _known(asked.values())
    if missing := [node for node in asked.values() if node not in known]:
        known |= _counted(missing, QUICK, PATIENCE)
        if any(each.is_rough for each in known.values()):
            hint(_task(), version_id)
    return {key: known[node].tally for key, node in asked.items() if node in known}


def refine_counts(version_id: int) -> int:
    """Replace the rough counts of a version's criteria; gives how many. A repeat counts nothing."""
    asked = _asked(version_id)
    known = _known(asked.values())
    rough = [node for node in asked.values() if node not in known or known[node].is_rough]
    return len(_counted(rough, EXACT_UP_TO, MOST)) if rough else 0


def _asked(version_id: int) -> dict[str, Node]:
    try:
        return {each.key: _node(each) for each in spec.load(version_id).criteria}
    except ApplicationError:
        return {}


def _task() -> Task[Any, Any]:
    from scoring.tasks import refine_counts as task

    return task


def _counted(nodes: list[Node], most: int, seconds: float) -> dict[Node, Known]:
    """Counted and remembered; nothing if it takes too long."""
    try:
        with at_most(seconds):
            fresh = _count(nodes, most, timezone.now())
    except (TooSlow, ApplicationError):
        return {}
    _keep({_name(node): (each.leads, each.margin, each.is_rough) for node, each in fresh.items()})
    return fresh


def _node(criterion: CriterionSpec) -> Node:
    """What a lead must be or have done for the criterion to give it anything."""
    if criterion.activity is not None:
        return ActivityCount(criterion.activity, within_days=criterion.decay.horizon)
    assert criterion.condition is not None  # noqa: S101 - one of the two is there, by constraint
    return criterion.condition


def _count(nodes: list[Node], most: int, now: datetime) -> dict[Node, Known]:
    """All of them in one pass: over every lead, or in a base of more than ``most`` over a sample."""
    ctx = Context(now, Organisation.current().tz)
    fields = {key: registry.get(key) for node in nodes for key in fields_in(node)}
    leads = prepare(Lead.objects.order_by(), list(fields.values()), ctx)
    ends = Lead.objects.order_by().aggregate(first=Min("pk"), last=Max("pk"), total=Count("pk"))
    total = ends["total"]
    if total > most:
        wanted = min(most, SAMPLE)
        leads = leads.filter(Q(IdIn(draw(ends["first"], ends["last"], total, wanted))))
    columns = {
        f"met_{place}": Count(Case(When(compile_q(node, ctx), then=F("pk"))))
        for place, node in enumerate(nodes)
    }
    found = leads.aggregate(seen=Count("pk"), **columns)
    is_rough = total > most and most < EXACT_UP_TO
    return {
        node: Known(*_all(found[f"met_{place}"], found["seen"], total), is_rough)
        for place, node in enumerate(nodes)
    }


def _all(met: int, seen: int, total: int) -> tuple[int, int]:
    """For the whole base, and its margin; an estimate is rounded to what it can tell, its margin up."""
    if seen >= total:
        return met, 0
    counted = estimate(met, seen, total)
    margin = counted.margin or total
    step: int = 10 ** max(0, len(str(margin)) - 1)
    return round((counted.leads or 0) / step) * step, -(-margin // step) * step


def _name(node: Node) -> str:
    return f"scoring.tally.{sha256(repr(node).encode()).hexdigest()}"


def _known(nodes: Iterable[Node]) -> dict[Node, Known]:
    names = {node: _name(node) for node in nodes}
    try:
        found = cache.get_many(names.values())
    except Exception:
        logger.warning("The cache is away: criteria are counted again.")
        return {}
    return {node: Known(*found[name]) for node, name in names.items() if name in found}


def _keep(counts: Mapping[str, tuple[int, int, bool]]) -> None:
    try:
        cache.set_many(dict(counts), KEPT)
    except Exception:
        logger.warning("The cache is away: counts of criteria are not kept.")
