"""Pieces of SQL that Django has no portable form for."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import Combinable, Expression

ANY_TEXT = "*"


def always(truth: bool) -> Q:
    """A condition that is the same for every row; ``Q()`` can't stand in ``When``."""
    return Q(Value(truth, output_field=BooleanField()))


def negate(condition: Q) -> Q:
    """True where ``condition`` is false **or null**; plain ``~Q`` would lose the rows with null."""
    return Q(Case(When(condition, then=Value(False)), default=Value(True), output_field=BooleanField()))


def escape(text: str) -> str:
    """``text`` for LIKE, where it stands for itself, ``*`` too."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def like(pattern: str) -> str:
    """``pattern`` for LIKE: its ``*`` stand for any text, everything else for itself."""
    return escape(pattern).replace(ANY_TEXT, "%")


class LikeAny(Expression):
    """``value`` is LIKE one of the ``patterns`` made by ``escape`` or ``like``; null if ``value`` is null.

    The alternatives are nested in halves: SQLite refuses expressions deeper than 1,000.
    """

    output_field = BooleanField()

    def __init__(self, value: Combinable, patterns: Sequence[str]) -> None:
        super().__init__()
        self.value = value
        self.patterns = tuple(patterns)

    def get_source_expressions(self) -> list[Any]:
        """The value, for Django to resolve."""
        return [self.value]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """The value, resolved."""
        (self.value,) = exprs

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The alternatives as one condition."""
        value, params = compiler.compile(self.value)
        one = f"({value} LIKE %s ESCAPE '\\')"
        every = tuple(param for pattern in self.patterns for param in (*params, pattern))
        return _halved([one] * len(self.patterns)), every


def _halved(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_halved(parts[:middle])} OR {_halved(parts[middle:])})"
