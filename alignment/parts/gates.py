"""Which leads a version judges, which are sales-ready, and what facts say while nobody was asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alignment.models import Grade, Version, VersionDimension
from alignment.parts.checks import condition, located, one_of, whole
from core.errors import Problem
from leads.models import BantLevel
from rules.fields import Use

LEVELS = (BantLevel.PARTIAL.value, BantLevel.MET.value)
LAST_PLACE = 9_999

Tree = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class GateValues:
    """The gate, named as the columns of ``models.Version``."""

    gate_grade: str
    gate_bant_count: int
    gate_bant_level: int
    gate_must_have: Tree = None

    @classmethod
    def of(cls, version: Version) -> "GateValues":
        """As the version has it."""
        return cls(
            gate_grade=version.gate_grade,
            gate_bant_count=version.gate_bant_count,
            gate_bant_level=version.gate_bant_level,
            gate_must_have=version.gate_must_have,
        )

    def problems(self) -> Iterator[Problem]:
        """Values that can't be a gate, and a must-have that can't be read."""
        yield from located(
            ("gate_grade", one_of(self.gate_grade, Grade.values, "a grade from A to D")),
            ("gate_bant_count", whole(self.gate_bant_count, 0, 4)),
            ("gate_bant_level", one_of(self.gate_bant_level, LEVELS, "partly met or met")),
        )
        yield from condition("gate_must_have", self.gate_must_have)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeValues:
    """Which leads: ``scope`` None for all. ``position`` is its place among several definitions."""

    scope: Tree
    position: int

    @classmethod
    def of(cls, version: Version) -> "ScopeValues":
        """As the version has it."""
        return cls(scope=version.scope, position=version.position)

    def problems(self) -> Iterator[Problem]:
        """A place that is none, and a scope that can't be read."""
        yield from located(("position", whole(self.position, 1, LAST_PLACE)))
        yield from condition("scope", self.scope, Use.SCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceValues:
    """When facts alone make a BANT dimension partly met or met; None: never."""

    partial_when: Tree
    met_when: Tree

    @classmethod
    def of(cls, row: VersionDimension | None) -> "InferenceValues":
        """As the dimension has it; never where the version doesn't speak of it."""
        return cls(partial_when=row and row.partial_when, met_when=row and row.met_when)

    def problems(self) -> Iterator[Problem]:
        """Conditions that can't be read."""
        yield from condition("partial_when", self.partial_when)
        yield from condition("met_when", self.met_when)
