"""The shape of a shipped definition; ``models.Criterion`` and its neighbours say what each value means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alignment.models import Dimension, Grade, SlaTerm
from leads.models import BantLevel

Tree = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TemplateDimension:
    dimension: Dimension
    cap: int
    partial_when: Tree | None = None
    met_when: Tree | None = None


@dataclass(frozen=True, kw_only=True)
class TemplateCriterion:
    key: str
    label: str
    dimension: Dimension
    points: int
    condition: Tree | None = None
    activity: Tree | None = None
    is_per_occurrence: bool = False
    cap: int | None = None
    daily_cap: int | None = None
    decay: Tree | None = None


@dataclass(frozen=True, kw_only=True)
class TemplateDisqualifier:
    key: str
    label: str
    condition: Tree


@dataclass(frozen=True, kw_only=True)
class TemplateReason:
    key: str
    label: str
    dimension: Dimension | None = None
    criterion_key: str = ""
    suggestion: str = ""
    needs_text: bool = False


@dataclass(frozen=True, kw_only=True)
class TemplateTerm:
    """Amount and unit of working time to respond and to decide; None for both goes to nurture."""

    grade: Grade
    response: tuple[int, SlaTerm.Unit] | None = None
    decision: tuple[int, SlaTerm.Unit] | None = None


@dataclass(frozen=True, kw_only=True)
class Template:
    """A whole first version: its parts in the order in which they are read."""

    key: str
    name: str
    reason: str
    floors: tuple[int, int, int]
    gate_grade: Grade
    gate_bant_count: int
    gate_bant_level: BantLevel
    dimensions: tuple[TemplateDimension, ...]
    criteria: tuple[TemplateCriterion, ...]
    disqualifiers: tuple[TemplateDisqualifier, ...]
    reasons: tuple[TemplateReason, ...]
    terms: tuple[TemplateTerm, ...]
