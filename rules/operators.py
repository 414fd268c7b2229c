"""The operators, in one table: what they take, what they compile to and how they read.

To add one, add a line to the table of its type (and a case to tests/rules/reference.py). Every condition
is null or false for an unknown value, except "unknown"; "" counts as unknown where the column is text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.db.models import Value as Sql
from django.db.models.expressions import Combinable
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from core.text import fold
from rules import values
from rules.context import Context
from rules.fields import Field, FieldType
from rules.lookups import LikeAny, escape, like
from rules.nodes import Value
from rules.phrases import (
    Phrase,
    phrase,
    phrase_of_patterns,
    show_choice,
    show_date,
    show_days,
    show_number,
    show_text,
    show_yes,
)


class Arity(StrEnum):
    """How many values an operator takes: none, one, two in order, or a list."""

    NONE = "none"
    ONE = "one"
    PAIR = "pair"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Operand:
    """One field under one context, as the left side of a comparison."""

    field: Field
    ctx: Context

    @property
    def sql(self) -> Combinable:
        """The folded text, otherwise the value."""
        return self.field.comparable(self.ctx)

    @property
    def has_blank(self) -> bool:
        """Whether the column may hold "", which is unknown as well."""
        is_text = self.field.type in (FieldType.TEXT, FieldType.CHOICE, FieldType.LEVEL)
        return is_text and self.field.blank and not self.field.stored


Build = Callable[[Operand, Any], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """``key`` in the tree, ``label`` in the builder; ``check`` reads one value; ``build`` makes the SQL."""

    key: str
    label: str
    arity: Arity
    build: Build
    words: Phrase
    check: values.Check | None = None


def _stored(x: Operand, choices: tuple[str, ...]) -> list[object]:
    return [x.field.stored.get(choice, choice) for choice in choices]


def _in(x: Operand, stored: list[Any]) -> Q:
    return Q(In(x.sql, stored))


def _not_in(x: Operand, stored: list[Any]) -> Q:
    return ~_in(x, ["", *stored] if x.has_blank else stored)


def _unknown(x: Operand, _none: None) -> Q:
    empty = Q(IsNull(x.sql, True))
    return empty | _in(x, [""]) if x.has_blank else empty


def _known(x: Operand, _none: None) -> Q:
    return _not_in(x, []) if x.has_blank else Q(IsNull(x.sql, False))


def _at_least(x: Operand, level: str) -> Q:
    levels = [key for key, _label in x.field.options()]
    return _in(x, _stored(x, tuple(levels[levels.index(level) :])))


def _compare(lookup: type[Any]) -> Build:
    return lambda x, value: Q(lookup(x.sql, Sql(value)))


def _in_days(x: Operand, low: date | None, high: date | None) -> Q:
    """From the day ``low`` to the day ``high``, both included; a moment counts by the company's days."""
    condition = Q()
    moment = x.field.type is FieldType.MOMENT
    if low:
        condition &= Q(GreaterThanOrEqual(x.sql, Sql(x.ctx.start_of(low) if moment else low)))
    if high and moment:
        condition &= Q(LessThan(x.sql, Sql(x.ctx.start_of(high + timedelta(1)))))
    elif high:
        condition &= Q(LessThanOrEqual(x.sql, Sql(high)))
    return condition


def _from_today(x: Operand, low: int | None, high: int | None) -> Q:
    today = x.ctx.today
    return _in_days(
        x,
        None if low is None else today + timedelta(low),
        None if high is None else today + timedelta(high),
    )


def _table(*operators: Operator) -> Mapping[str, Operator]:
    known = Operator(key="known", label="is known", arity=Arity.NONE, build=_known, words=phrase("is known"))
    unknown = Operator(
        key="unknown", label="is unknown", arity=Arity.NONE, build=_unknown, words=phrase("is unknown")
    )
    return {operator.key: operator for operator in (*operators, known, unknown)}


def _one(key: str, label: str, check: values.Check, build: Build, words: Phrase) -> Operator:
    return Operator(key=key, label=label, arity=Arity.ONE, check=check, build=build, words=words)


def _pair(check: values.Check, build: Build, words: Phrase) -> Operator:
    return Operator(
        key="between", label="is between", arity=Arity.PAIR, check=check, build=build, words=words
    )


def _many(key: str, label: str, check: values.Check, build: Build, words: Phrase) -> Operator:
    return Operator(key=key, label=label, arity=Arity.MANY, check=check, build=build, words=words)


def _text() -> Mapping[str, Operator]:
    return _table(
        _one("is", "is", values.text, lambda x, v: _in(x, [fold(v)]), phrase("is {}", show_text)),
        _one(
            "is_not",
            "is known and is not",
            values.text,
            lambda x, v: _not_in(x, [fold(v)]),
            phrase("is known and is not {}", show_text),
        ),
        _one(
            "contains",
            "contains",
            values.text,
            lambda x, v: Q(LikeAny(x.sql, [f"%{escape(fold(v))}%"])),
            phrase("contains {}", show_text),
        ),
        _one(
            "starts_with",
            "starts with",
            values.text,
            lambda x, v: Q(LikeAny(x.sql, [f"{escape(fold(v))}%"])),
            phrase("starts with {}", show_text),
        ),
        _many(
            "matches_any",
            "matches one of",
            values.pattern,
            lambda x, v: Q(LikeAny(x.sql, [like(fold(pattern)) for pattern in v])),
            phrase_of_patterns,
        ),
        _many(
            "in",
            "is one of",
            values.text,
            lambda x, v: _in(x, [fold(each) for each in v]),
            phrase("is {}", show_text),
        ),
    )


def _number() -> Mapping[str, Operator]:
    def one(key: str, label: str, build: Build) -> Operator:
        return _one(key, label, values.number, build, phrase(label + " {}", show_number))

    return _table(
        one("eq", "is", _compare(Exact)),
        one("ne", "is known and is not", lambda x, v: ~_compare(Exact)(x, v)),
        one("gt", "is more than", _compare(GreaterThan)),
        one("gte", "is at least", _compare(GreaterThanOrEqual)),
        one("lt", "is less than", _compare(LessThan)),
        one("lte", "is at most", _compare(LessThanOrEqual)),
        _pair(
            values.number,
            lambda x, v: _compare(GreaterThanOrEqual)(x, v[0]) & _compare(LessThanOrEqual)(x, v[1]),
            phrase("is between {} and {}", show_number),
        ),
    )


def _date() -> Mapping[str, Operator]:
    def one(key: str, label: str, build: Build) -> Operator:
        return _one(key, label, values.day, build, phrase(label + " {}", show_date))

    def relative(key: str, label: str, template: str, build: Build) -> Operator:
        return _one(key, label, values.days, build, phrase(template, show_days))

    return _table(
        one("before", "is before", lambda x, v: _in_days(x, None, v - timedelta(1))),
        one("after", "is after", lambda x, v: _in_days(x, v + timedelta(1), None)),
        one("on", "is on", lambda x, v: _in_days(x, v, v)),
        _pair(values.day, lambda x, v: _in_days(x, *v), phrase("is between {} and {}", show_date)),
        relative(
            "within_next_days",
            "is within the next days",
            "is within the next {}",
            lambda x, v: _from_today(x, 0, v),
        ),
        relative(
            "within_last_days",
            "is within the last days",
            "is within the last {}",
            lambda x, v: _from_today(x, -v, 0),
        ),
        relative(
            "more_than_days_ago",
            "is more than days ago",
            "is more than {} ago",
            lambda x, v: _from_today(x, None, -v - 1),
        ),
        relative(
            "more_than_days_ahead",
            "is more than days ahead",
            "is more than {} ahead",
            lambda x, v: _from_today(x, v + 1, None),
        ),
    )


def _boolean() -> Mapping[str, Operator]:
    return _table(_one("is", "is", values.boolean, _compare(Exact), phrase("is {}", show_yes)))


def _choice() -> Mapping[str, Operator]:
    check = values.choice
    return _table(
        _one("is", "is", check, lambda x, v: _in(x, _stored(x, (v,))), phrase("is {}", show_choice)),
        _one(
            "is_not",
            "is known and is not",
            check,
            lambda x, v: _not_in(x, _stored(x, (v,))),
            phrase("is known and is not {}", show_choice),
        ),
        _many("in", "is one of", check, lambda x, v: _in(x, _stored(x, v)), phrase("is {}", show_choice)),
        _many(
            "not_in",
            "is known and is none of",
            check,
            lambda x, v: _not_in(x, _stored(x, v)),
            phrase("is known and is not {}", show_choice),
        ),
    )


def _level() -> Mapping[str, Operator]:
    check = values.choice
    return _table(
        _one("at_least", "is at least", check, _at_least, phrase("is at least {}", show_choice)),
        _one("is", "is", check, lambda x, v: _in(x, _stored(x, (v,))), phrase("is {}", show_choice)),
        _many("in", "is one of", check, lambda x, v: _in(x, _stored(x, v)), phrase("is {}", show_choice)),
    )


_NUMBER, _DATE = _number(), _date()
OPERATORS: Mapping[FieldType, Mapping[str, Operator]] = {
    FieldType.TEXT: _text(),
    FieldType.NUMBER: _NUMBER,
    FieldType.MONEY: _NUMBER,
    FieldType.DATE: _DATE,
    FieldType.MOMENT: _DATE,
    FieldType.BOOLEAN: _boolean(),
    FieldType.CHOICE: _choice(),
    FieldType.LEVEL: _level(),
}


def build(operator: Operator, field: Field, value: Value, ctx: Context) -> Q:
    """The condition of one comparison, for filter() and When."""
    return operator.build(Operand(field, ctx), value)
