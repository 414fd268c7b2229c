"""Criteria and a lead's values in words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from alignment.spec import CriterionSpec
from alignment.words import UNREADABLE
from core import display
from core.text import capital
from rules.fields import Field, FieldType, registry
from rules.nodes import Node, fields_in
from rules.words import activity_in_words, in_words
from scoring.engine.activities import Measure, measure_of_count
from scoring.engine.branch import counts_in, value_name

UNKNOWN = "unknown"


class Wording:
    """Words for one lead's row of facts; ``names`` are the columns of its numbers of activities."""

    def __init__(
        self, facts: Mapping[str, Any], names: Mapping[Measure, str], currency: str, zone: ZoneInfo
    ) -> None:
        self.facts, self.names, self.currency, self.zone = facts, names, currency, zone

    def of_tree(self, node: Node) -> str:
        """A condition as a sentence that begins with a capital."""
        words = in_words(node)
        return capital(words)

    def of(self, criterion: CriterionSpec) -> str:
        """The condition of a criterion, or what it counts and how it fades."""
        if criterion.is_broken:
            return capital(UNREADABLE)
        if criterion.condition is not None:
            return self.of_tree(criterion.condition)
        return criterion_in_words(criterion)

    def value_of(self, criterion: CriterionSpec) -> str:
        """What the lead has where the criterion looks."""
        if criterion.condition is None:
            return _times(int(self.facts[f"n{criterion.id}"]))
        return "; ".join(dict.fromkeys(self._values(criterion.condition)))

    def _values(self, node: Node) -> Iterator[str]:
        keys = fields_in(node)
        for key in keys:
            field = registry.get(key)
            text = self._shown(field, self.facts[value_name(key)])
            is_answer = field.type is FieldType.BOOLEAN and text != UNKNOWN  # “no” alone says nothing
            is_named = is_answer or len(keys) > 1
            yield f"{field.label}: {text}" if is_named else text
        counts = list(counts_in(node))
        for count in counts:
            number = int(self.facts[f"n_{self.names[measure_of_count(count)]}"])
            what = activity_in_words(count.match, number != 1)
            yield f"{number:,} {what}" if keys or len(counts) > 1 else _times(number)

    def _shown(self, field: Field, value: Any) -> str:
        if value is None or value == "":
            return UNKNOWN
        match field.type:
            case FieldType.NUMBER:
                return f"{display.number(value)} {field.unit}".strip()
            case FieldType.MONEY:
                return display.money(value, field.unit or self.currency)
            case FieldType.BOOLEAN:
                return "yes" if value else "no"
            case FieldType.DATE | FieldType.MOMENT:
                return self._day(value)
            case FieldType.CHOICE | FieldType.LEVEL:
                keys = {stored: key for key, stored in field.stored.items()}
                return dict(field.options()).get(str(keys.get(value, value)), str(value))
        return str(value)

    def _day(self, value: dt.date | str) -> str:
        """A day or moment; SQLite gives both as text."""
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(moment, dt.datetime):
            is_day = isinstance(value, str) and len(value) == len("2026-11-30")
            aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            moment = moment.date() if is_day else aware.astimezone(self.zone).date()
        return f"{moment.day} {moment:%B} {moment.year}"


def criterion_in_words(criterion: CriterionSpec) -> str:
    """A criterion on activities: what it counts, how often, and how it fades."""
    if criterion.activity is None:
        raise ValueError(f"Criterion {criterion.key} doesn't count activities.")
    what = activity_in_words(criterion.activity)
    parts = [capital(what)]
    parts.append("each time" if criterion.is_per_occurrence else "once")
    if criterion.is_per_occurrence and criterion.daily_cap is not None:
        parts.append(f"at most {_times(criterion.daily_cap)} a day")
    if criterion.cap is not None:
        parts.append(f"at most {criterion.cap} points")
    if fades := criterion.decay.in_words():
        parts.append(fades)
    return ", ".join(parts)


def _times(count: int) -> str:
    return "never" if count == 0 else "once" if count == 1 else f"{count:,} times"
