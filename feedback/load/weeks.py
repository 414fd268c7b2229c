"""Which leads became sales-ready in the last weeks, had these versions been in force all along.

The leads are judged at the end of each week by what they had done and answered by then; a lead that came
later isn't there yet. Their other facts are those of today, as nobody stores the facts of leads that
weren't handed over. What sales never works (customers and disqualified from before) is left out.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from alignment.models import SlaTerm
from alignment.spec import VersionSpec
from feedback.models import Handoff
from feedback.querysets import MAY_BE_HANDED_OVER
from leads.days import day_number
from leads.models import Lead, Stage
from scoring.engine import given
from scoring.engine.given import PastJudge
from scoring.sampling import sample_ids

WEEKS = 8
WEEK = dt.timedelta(weeks=1)
SAMPLE = 10_000
"""All leads of a base up to this size, else so many drawn by chance: nine judgements of them take seconds."""
SETTLED = (Stage.CUSTOMER, Stage.DISQUALIFIED)


class Turn(NamedTuple):
    """A lead that became or is sales-ready.

    ``week`` is the one in which it first became so, 1 the last; 0 if it didn't in these weeks. ``grade``
    is that of today, empty unless it is sales-ready today. ``is_free`` says that sales might get it now.
    """

    lead_id: int
    week: int
    grade: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class Weeks:
    """What was found among ``size`` leads of ``total``."""

    leads: tuple[Turn, ...]
    size: int
    total: int

    def to_json(self) -> dict[str, Any]:
        """As ``Hindsight`` stores it."""
        return {"leads": [list(turn) for turn in self.leads], "size": self.size, "total": self.total}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Weeks":
        """Back from ``to_json``."""
        return cls(tuple(Turn(*turn) for turn in data["leads"]), data["size"], data["total"])


def look_back(specs: Sequence[VersionSpec], *, now: dt.datetime, zone: ZoneInfo) -> Weeks:
    """Judge the leads, or a sample that is the same all day, at the end of each week; nothing is written."""
    ids = sample_ids(SAMPLE, seed=day_number(now, zone))
    total = Lead.objects.count()
    settled = Q(stage__in=SETTLED, stage_at__lt=now - WEEKS * WEEK)
    born = dict(Lead.objects.filter(pk__in=ids).exclude(settled).values_list("pk", "created_at"))
    free = _free(born, now.astimezone(zone).date())
    given_over = _handed_over(specs)
    judge = PastJudge(specs, zone)
    ready: list[dict[int, str]] = []
    for ago in range(WEEKS, -1, -1):
        at = now - ago * WEEK
        rows = [given.Past(pk, pk, at) for pk, created in born.items() if created <= at]
        verdicts = [each.judged for each in judge.judge(rows)]
        ready.append(
            {
                each.lead_id: each.grade or ""
                for each in verdicts
                if each.is_ready and (each.version_id, each.grade) in given_over
            }
        )
    return Weeks(tuple(_turns(ready, free)), len(ids), max(total, len(ids)))


def _turns(ready: Sequence[Mapping[int, str]], free: set[int]) -> list[Turn]:
    """``ready`` are the sales-ready leads with their grade at each moment, the oldest first."""
    first: dict[int, int] = {}
    for place, (before, after) in enumerate(pairwise(ready)):
        for lead_id in after.keys() - before.keys():
            first.setdefault(lead_id, len(ready) - 1 - place)
    today = ready[-1]
    return [
        Turn(pk, first.get(pk, 0), today.get(pk, ""), pk in free)
        for pk in sorted(first.keys() | today.keys())
    ]


def _free(ids: Mapping[int, object], today: dt.date) -> set[int]:
    """Those that might be handed over today: at such a stage, past their cool-off, in nobody's hands."""
    rested = Q(nurture_until=None) | Q(nurture_until__lte=today)
    held = Handoff.objects.filter(lead=OuterRef("pk"), state__in=Handoff.OPEN)
    rows = Lead.objects.filter(rested, ~Exists(held), pk__in=list(ids), stage__in=MAY_BE_HANDED_OVER)
    return set(rows.values_list("pk", flat=True))


def _handed_over(specs: Sequence[VersionSpec]) -> set[tuple[int | None, str | None]]:
    """The grades of each version that go to sales; a term for one source alone doesn't count."""
    terms = SlaTerm.objects.filter(version__in=[spec.id for spec in specs], source="", is_handed_over=True)
    return set(terms.values_list("version_id", "grade"))
