"""Judging one lead: a call of the engine with all of PostgreSQL's planning, without HTTP."""

import random
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it needs Django, which starts later
    from benchmarks.rescoring import Rescoring

CALLS = 400
WARM = 20


def one_lead(rescoring: "Rescoring", leads: int) -> dict[str, float]:
    """Milliseconds of a call, each for another lead: the median and the 95th percentile of 400.

    The text of the statement is kept for the day, as in a worker; nothing else is.
    """
    from django.db import transaction

    from scoring.engine.running import Judge
    from scoring.engine.statement import Leads

    dice = random.Random(7)  # noqa: S311 - a repeatable measurement
    milliseconds = []
    for number in range(CALLS + WARM):
        pk = dice.randint(1, leads)
        start = time.perf_counter()
        with transaction.atomic():
            judged = Judge([rescoring.spec], rescoring.now, rescoring.zone).judge(Leads(ids=[pk]))
        if number >= WARM:
            milliseconds.append((time.perf_counter() - start) * 1000)
        assert len(judged) == 1
    return {
        "one_lead_p50_ms": round(statistics.median(milliseconds), 2),
        "one_lead_p95_ms": round(statistics.quantiles(milliseconds, n=20)[-1], 2),
    }
