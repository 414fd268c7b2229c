"""What always makes a D, and the reasons for which sales may reject."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alignment.models import Dimension, Disqualifier, Reason
from alignment.parts.checks import POINTS, condition, line, located, one_of, whole
from core.errors import Problem

LABEL, SUGGESTION, KEY = 160, 200, 60
NO_NAME = "Give it a name."


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqualifierValues:
    """A condition that forces D, and what it is called."""

    label: str
    condition: Any

    @classmethod
    def of(cls, row: Disqualifier) -> "DisqualifierValues":
        """As the row has it."""
        return cls(label=row.label, condition=row.condition)

    def problems(self) -> Iterator[Problem]:
        """No name, no condition, or one that can't be read."""
        yield from located(("label", line(self.label, LABEL, empty=NO_NAME)))
        if self.condition is None:
            yield Problem("Say which leads are never worth a call.", "condition")
        yield from condition("condition", self.condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonValues:
    """A reason to reject, named as the columns of ``models.Reason``."""

    label: str
    dimension: str = ""
    criterion_key: str = ""
    suggestion: str = ""
    suggested_points: int | None = None
    needs_text: bool = False

    @classmethod
    def of(cls, row: Reason) -> "ReasonValues":
        """As the row has it."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})

    def problems(self) -> Iterator[Problem]:
        """Texts that are too long, points beyond 100, or points for no criterion."""
        yield from located(
            ("label", line(self.label, LABEL, empty=NO_NAME)),
            ("dimension", one_of(self.dimension, ("", *Dimension.values), "one of the six dimensions")),
            ("criterion_key", line(self.criterion_key, KEY)),
            ("suggestion", line(self.suggestion, SUGGESTION)),
            ("needs_text", one_of(self.needs_text, (True, False), "yes or no")),
        )
        if self.suggested_points is not None:
            yield from located(("suggested_points", whole(self.suggested_points, -POINTS, POINTS)))
            if not self.criterion_key:
                yield Problem("Choose the criterion whose points these are.", "criterion_key")
