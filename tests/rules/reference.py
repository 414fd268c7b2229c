"""The meaning of conditions in slow, obvious Python, to compare the SQL with. Tests only."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from core.text import fold
from rules.context import Context
from tests.rules.world import LEVELS, Facts

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def holds(data: dict[str, Any], facts: Facts, ctx: Context) -> bool:
    """Whether the tree ``data`` holds for ``facts``."""
    if "all" in data:
        return all(holds(child, facts, ctx) for child in data["all"])
    if "any" in data:
        return any(holds(child, facts, ctx) for child in data["any"])
    if "not" in data:
        return not holds(data["not"], facts, ctx)
    if "activity" in data:
        return _activities(data, facts, ctx)
    value = known_value(data["field"], facts, ctx)
    if data["op"] in ("known", "unknown"):
        return (value is None) is (data["op"] == "unknown")
    if value is None:
        return False
    kind = "text" if data["field"] in ("lead.title", "company.industry") else ""
    return bool(TEXT[data["op"]](fold(value), data["value"]) if kind else _compare(data, value, ctx))


def known_value(key: str, facts: Facts, ctx: Context) -> Any:
    """The value of a field, None if it is unknown."""
    industry, employees, revenue = facts.company or (None, None, None)
    values = {
        "lead.title": facts.title if fold(facts.title) else None,
        "company.industry": industry if industry and fold(industry) else None,
        "company.employees": employees,
        "company.revenue": revenue,
        "lead.nurture_until": facts.nurture_until,
        "lead.stopped": facts.stopped and facts.stopped.astimezone(ctx.zone).date(),
        "lead.do_not_call": facts.do_not_call,
        "lead.stage": facts.stage,
        "lead.country": facts.country or None,
        "bant.budget": _budget(facts, ctx),
        "attribute.seats": number(facts.extra.get("seats")),
        "attribute.renewal": date(facts.extra.get("renewal")),
        "attribute.opted": only(facts.extra.get("opted"), bool),
        "attribute.plan": only(facts.extra.get("plan"), str) or None,
    }
    return values[key]


def _budget(facts: Facts, ctx: Context) -> str | None:
    valid = [(at, number, level) for number, (level, at, end) in enumerate(facts.answers) if end > ctx.now]
    return LEVELS[max(valid)[2]] if valid else None


def only(value: Any, kind: type) -> Any:
    """``value`` if it has the type."""
    return value if isinstance(value, kind) else None


def number(value: Any) -> float | None:
    """``value`` if it is a number within the limits."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and -(10**15) <= value <= 10**15 else None


def date(value: Any) -> dt.date | None:
    """The day that ``value`` writes, if it writes one."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def like(pattern: str, text: str) -> bool:
    """Whether folded ``text`` is like ``pattern``, whose stars are any text."""
    pieces = [re.escape(piece) for piece in fold(pattern).split("*")]
    return re.fullmatch(".*".join(pieces), text, re.DOTALL) is not None


TEXT: dict[str, Callable[[str, Any], bool]] = {
    "is": lambda text, value: text == fold(value),
    "is_not": lambda text, value: text != fold(value),
    "contains": lambda text, value: fold(value) in text,
    "starts_with": lambda text, value: text.startswith(fold(value)),
    "matches_any": lambda text, value: any(like(pattern, text) for pattern in value),
    "in": lambda text, value: text in [fold(each) for each in value],
}
PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda known, value: known == value,
    "ne": lambda known, value: known != value,
    "gt": lambda known, value: known > value,
    "gte": lambda known, value: known >= value,
    "lt": lambda known, value: known < value,
    "lte": lambda known, value: known <= value,
    "before": lambda known, value: known < value,
    "after": lambda known, value: known > value,
    "on": lambda known, value: known == value,
    "between": lambda known, value: value[0] <= known <= value[1],
    "is": lambda known, value: known == value,
    "is_not": lambda known, value: known != value,
    "in": lambda known, value: known in value,
    "not_in": lambda known, value: known not in value,
    "at_least": lambda known, value: LEVELS.index(known) >= LEVELS.index(value),
}
RELATIVE: dict[str, Callable[[int, int], bool]] = {  # days from today to the value, and the days asked for
    "within_next_days": lambda ahead, days: 0 <= ahead <= days,
    "within_last_days": lambda ahead, days: 0 <= -ahead <= days,
    "more_than_days_ago": lambda ahead, days: -ahead > days,
    "more_than_days_ahead": lambda ahead, days: ahead > days,
}


def _compare(data: dict[str, Any], known: Any, ctx: Context) -> bool:
    value = data["value"]
    if data["op"] in RELATIVE:
        return RELATIVE[data["op"]]((known - ctx.today).days, value)
    if isinstance(known, dt.date):
        value = (
            [dt.date.fromisoformat(each) for each in value]
            if isinstance(value, list)
            else dt.date.fromisoformat(value)
        )
    return PLAIN[data["op"]](known, value)


def _activities(data: dict[str, Any], facts: Facts, ctx: Context) -> bool:
    match = data["activity"]
    kinds = match["kind"] if isinstance(match["kind"], list) else [match["kind"]]
    found = 0
    for kind, detail, at in facts.activities:
        age = (ctx.today - at.astimezone(ctx.zone).date()).days
        fits = "detail" not in match or like(match["detail"], fold(detail))
        recent = "within_days" not in data or age <= data["within_days"]
        found += kind in kinds and fits and recent and at <= ctx.now
    return bool(found >= data.get("at_least", 1))
