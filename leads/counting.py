"""How many leads meet a condition now: exactly in a small base, from a sample with its margin in a large one.

The sample: the range of ids is cut into as many equal slices as leads are wanted, and from each slice one
id is drawn. So every lead has the same chance however the ids are spread over time, ids that are gone draw
nothing, and the share among those found is unbiased. The draw is always the same: two conditions are
compared on the same leads, and the figure moves only when the condition or the base does. The margin is
that of a simple random sample (95 %, after Agresti and Coull, so that “none found” has one too); drawing
from slices can only make the sample better than that.
"""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, Count, F, Max, Min, Q, When
from django.db.models.expressions import Func

from core.deadlines import TooSlow, at_most
from leads.models import Lead
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.nodes import ActivityCount, ActivityMatch, Node
from users.models import Organisation

EXACT_UP_TO = 20_000
SAMPLE = 10_000
PATIENCE = 1.5
"""Seconds until a count is given up."""
MOST_DRAWN = 20 * SAMPLE
"""No more ids than this are drawn, however many are missing."""
QUANTILE = 1.96
SEED = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """``leads`` of ``total`` match; ``margin`` is how far off that may be in 95 of 100 cases, None if exact.

    ``leads`` None: it was too slow to count.
    """

    leads: int | None
    total: int
    margin: int | None = None

    def __str__(self) -> str:
        """``about 12,400 of 1,000,000 leads (± 600)``, or ``fewer than 300 of 1,000,000 leads``."""
        if self.leads is None:
            return "Too slow to count."
        noun = "lead" if self.total == 1 else "leads"
        if self.margin is None:
            return f"{self.leads:,} of {self.total:,} {noun}"
        step = 10 ** max(0, math.floor(math.log10(max(1, self.margin))))
        about, margin = round(self.leads / step) * step, math.ceil(self.margin / step) * step
        if not about:
            return f"fewer than {margin:,} of {self.total:,} {noun}"
        return f"about {about:,} of {self.total:,} {noun} (± {margin:,})"


def count_matching(condition: Node | ActivityMatch, *, now: datetime) -> Counted:
    """How many leads meet ``condition`` now, or did what it matches at least once.

    Exact up to ``EXACT_UP_TO`` leads, otherwise from about ``SAMPLE`` of them. Takes ``PATIENCE`` seconds
    at most. RuleError if a field is no longer registered. A repeat counts the same.
    """
    node = ActivityCount(condition) if isinstance(condition, ActivityMatch) else condition
    ctx = Context(now, Organisation.current().tz)
    leads = prepare(Lead.objects.order_by(), node, ctx)
    matches = compile_q(node, ctx)
    total = 0
    try:
        with at_most(PATIENCE):
            ids = Lead.objects.order_by().aggregate(first=Min("pk"), last=Max("pk"), total=Count("pk"))
            total = ids["total"]
            if total <= EXACT_UP_TO:
                return Counted(leads.filter(matches).count() if total else 0, total)
            drawn = leads.filter(Q(IdIn(draw(ids["first"], ids["last"], total))))
            found = drawn.aggregate(seen=Count("pk"), met=Count(Case(When(matches, then=F("pk")))))
    except TooSlow:
        return Counted(None, total)
    return estimate(found["met"], found["seen"], total)


def draw(first: int, last: int, total: int, wanted: int = SAMPLE, *, seed: int | None = None) -> list[int]:
    """One id of each equal slice between ``first`` and ``last``; more slices where ids are missing."""
    span = last - first + 1
    slices = min(span, wanted * span // total, MOST_DRAWN)
    chance = random.Random(SEED if seed is None else seed)  # noqa: S311 - a sample, no secret
    return [first + int((place + chance.random()) * span / slices) for place in range(slices)]


def estimate(met: int, seen: int, total: int) -> Counted:
    """What ``met`` of ``seen`` says of ``total``, with the margin of 95 %."""
    if not seen:
        return Counted(None, total)
    share = (met + 2) / (seen + 4)
    error = math.sqrt(share * (1 - share) / seen * max(0.0, 1 - seen / total))
    return Counted(round(met / seen * total), total, max(1, math.ceil(QUANTILE * error * total)))


class IdIn(Func):
    """Whether a row's id is among ``ids``, however many: one parameter on either database."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(F("pk"))
        self.ids = tuple(ids)

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The ids as one JSON array."""
        column, params = compiler.compile(self.source_expressions[0])
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - the column is Django's
        return sql, (*params, json.dumps(self.ids))

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The ids as one array."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s)", (*params, list(self.ids))
