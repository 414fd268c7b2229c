"""The version that a benchmark judges by: the shipped template, or one of as many criteria as asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from alignment.document import Document
from alignment.shipped import BANT, Template

ON_ACTIVITIES = 8
DAILY = ("pricing_views", "mail_clicks")
"""The two with a daily cap: of two a day, so that neither is a mere yes or no."""

MORE_ON_ACTIVITIES: tuple[dict[str, Any], ...] = (
    {"key": "product_views", "points": 1, "kind": "page_view", "detail": "*product*", "days": 21},
    {"key": "downloads", "points": 2, "kind": "download", "detail": "", "days": 30},
)
MORE: tuple[dict[str, Any], ...] = (
    {"field": "company.country", "op": "in", "value": ["DE", "FR"]},
    {"field": "lead.source", "op": "matches_any", "value": ["*fair*", "*event*"]},
    {"field": "company.revenue", "op": "between", "value": [20_000, 900_000]},
    {"field": "lead.title", "op": "matches_any", "value": ["*finance*", "*financial*", "*controll*"]},
    {"field": "lead.do_not_call", "op": "is", "value": False},
    {"field": "company.industry", "op": "matches_any", "value": ["*retail*", "*media*"]},
    {"field": "lead.is_unsubscribed", "op": "is", "value": False},
    {"field": "bant.need.level", "op": "at_least", "value": "partial"},
    {"field": "lead.country", "op": "in", "value": ["BR", "US"]},
)


@dataclass(frozen=True, slots=True)
class Measured(Template):
    """The shipped BANT template cut or extended to ``criteria``: eight on activities, two capped by day."""

    criteria: int = 40

    @property
    def document(self) -> Document:
        """What it says."""
        if self.criteria <= ON_ACTIVITIES:
            raise SystemExit(f"--criteria must be more than the {ON_ACTIVITIES} on activities.")
        whole = BANT.document
        plain = [row for row in whole.criteria if row["condition"] is not None]
        plain += [_fact(number) for number in range(max(self.criteria - ON_ACTIVITIES - len(plain), 0))]
        rows = [*plain[: self.criteria - ON_ACTIVITIES], *_on_activities(whole)]
        placed = tuple({**row, "position": place} for place, row in enumerate(rows))
        return replace(whole, criteria=placed)


def template(criteria: int | None) -> Template:
    """The shipped template as it is, or one of ``criteria`` criteria."""
    if criteria is None:
        return BANT
    return Measured("measured", "Measured", "For benchmarks.", criteria)


def _on_activities(whole: Document) -> Iterator[dict[str, Any]]:
    rows = [row for row in whole.criteria if row["activity"] is not None]
    for row in rows:
        yield {**row, "daily_cap": row["daily_cap"] if row["key"] in DAILY else None}
    for more in MORE_ON_ACTIVITIES[: ON_ACTIVITIES - len(rows)]:
        activity = {"kind": more["kind"]} | ({"detail": more["detail"]} if more["detail"] else {})
        counted = {"activity": activity, "condition": None, "per": "occurrence", "cap": 6, "daily_cap": None}
        decay = {"kind": "half_life", "days": more["days"]}
        yield {**_row(more["key"], "engagement", more["points"]), **counted, "decay": decay}


def _fact(number: int) -> dict[str, Any]:
    turn, place = divmod(number, len(MORE))
    condition = MORE[place] if not turn else {"field": "company.employees", "op": "gte", "value": number * 7}
    dimension = ("fit", "budget", "need", "authority")[number % 4]
    return {**_row(f"more_{number}", dimension, 1), "condition": condition}


def _row(key: str, dimension: str, points: int) -> dict[str, Any]:
    row = {"key": key, "label": key.replace("_", " "), "dimension": dimension, "points": points}
    rest = {"is_on": True, "condition": None, "activity": None, "per": "once", "cap": None}
    return row | rest | {"daily_cap": None, "decay": None}
