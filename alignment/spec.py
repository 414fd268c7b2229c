"""What a version says, read once into plain frozen values for the engine, explanations and previews."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404

from alignment.decay import Decay, parse_decay
from alignment.models import Criterion, Dimension, Grade, Version
from leads.models import BantLevel
from rules.fields import Use
from rules.nodes import ActivityCount, ActivityMatch, Node
from rules.tree import parse

KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionSpec:
    """A dimension's cap in points and, for BANT, the conditions on facts that infer its level."""

    dimension: Dimension
    cap: int
    partial_when: Node | None = None
    met_when: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionSpec:
    """A criterion that is switched on: either ``condition`` or ``activity`` is given.

    ``points`` may be negative. ``is_per_occurrence``, ``daily_cap`` (occurrences), ``cap`` (points, by
    size) and ``decay`` have a meaning for activities only; ``models.Criterion`` says which.
    """

    id: int
    key: str
    label: str
    dimension: Dimension
    points: int
    condition: Node | None = None
    activity: ActivityMatch | None = None
    is_per_occurrence: bool = False
    cap: int | None = None
    daily_cap: int | None = None
    decay: Decay = Decay()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqualifierSpec:
    """A condition that forces D."""

    id: int
    key: str
    label: str
    condition: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSpec:
    """All that decides points, grade and gate under one version.

    ``dimensions`` are all six in their order (cap 0 where the version has none), ``criteria`` those
    switched on. ``scope`` and ``gate_must_have`` None hold for every lead.
    """

    id: int
    definition_id: int
    number: int
    scope: Node | None
    position: int
    floor_a: int
    floor_b: int
    floor_c: int
    gate_grade: Grade
    gate_bant_count: int
    gate_bant_level: BantLevel
    gate_must_have: Node | None
    dimensions: tuple[DimensionSpec, ...]
    criteria: tuple[CriterionSpec, ...]
    disqualifiers: tuple[DisqualifierSpec, ...]

    def dimension(self, dimension: Dimension) -> DimensionSpec:
        """The part that speaks of ``dimension``."""
        return next(spec for spec in self.dimensions if spec.dimension == dimension)

    def criteria_of(self, dimension: Dimension) -> tuple[CriterionSpec, ...]:
        """The criteria of ``dimension`` in their order."""
        return tuple(spec for spec in self.criteria if spec.dimension == dimension)

    @property
    def horizon(self) -> int | None:
        """The oldest activity in days that can still count; None if one criterion never forgets, 0 if
        there are none on activities."""
        ages = [spec.decay.horizon for spec in self.criteria if spec.activity]
        return None if None in ages else max((age for age in ages if age is not None), default=0)


def load(version_id: int) -> VersionSpec:
    """The version as plain values: at most four queries, none for one that was read before.

    Kept per process, unless it is a draft, and only once the transaction that read it has
    committed: a version that is no draft never changes. Http404 if there is none; RuleError if a
    tree of a draft can't be read.
    """
    if version_id in _kept:
        return _kept[version_id]
    version = Version.objects.prefetch_related("dimensions", "criteria", "disqualifiers").filter(
        pk=version_id
    )
    found = version.first()
    if found is None:
        raise Http404(f"There is no version {version_id}.")
    spec = read(found)
    if not found.is_editable:
        transaction.on_commit(partial(_keep, spec))
    return spec


def read(version: Version) -> VersionSpec:
    """``version`` with its parts as they are now, parsed; RuleError or Invalid if one can't be read."""
    known = {row.dimension: row for row in version.dimensions.all()}
    return VersionSpec(
        id=version.pk,
        definition_id=version.definition_id,
        number=version.number,
        scope=read_condition(version.scope, Use.SCOPE),
        position=version.position,
        floor_a=version.floor_a,
        floor_b=version.floor_b,
        floor_c=version.floor_c,
        gate_grade=Grade(version.gate_grade),
        gate_bant_count=version.gate_bant_count,
        gate_bant_level=BantLevel(version.gate_bant_level),
        gate_must_have=read_condition(version.gate_must_have),
        dimensions=tuple(_dimension(each, known.get(each)) for each in Dimension),
        criteria=tuple(read_criterion(row) for row in version.criteria.all() if row.is_on),
        disqualifiers=tuple(
            DisqualifierSpec(
                id=row.pk, key=row.key, label=row.label, condition=parse(row.condition, use=Use.CRITERION)
            )
            for row in version.disqualifiers.all()
        ),
    )


def read_criterion(row: Criterion) -> CriterionSpec:
    """One criterion, parsed; RuleError or Invalid if its condition, activity or decay can't be read."""
    return CriterionSpec(
        id=row.pk,
        key=row.key,
        label=row.label,
        dimension=Dimension(row.dimension),
        points=row.points,
        condition=read_condition(row.condition),
        activity=None if row.activity is None else _match(row.activity),
        is_per_occurrence=row.per == Criterion.Per.OCCURRENCE,
        cap=row.cap,
        daily_cap=row.daily_cap,
        decay=parse_decay(row.decay),
    )


def read_condition(data: object, use: Use = Use.CRITERION) -> Node | None:
    """A stored tree, parsed; null stays None. RuleError if it can't be read."""
    return None if data is None else parse(data, use=use)


def forget() -> None:
    """Drop what was kept, for tests whose rows come and go under the same ids."""
    _kept.clear()


_kept: dict[int, VersionSpec] = {}


def _keep(spec: VersionSpec) -> None:
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[spec.id] = spec


def _dimension(dimension: Dimension, row: Any) -> DimensionSpec:
    if row is None:
        return DimensionSpec(dimension=dimension, cap=0)
    return DimensionSpec(
        dimension=dimension,
        cap=row.cap,
        partial_when=read_condition(row.partial_when),
        met_when=read_condition(row.met_when),
    )


def _match(data: object) -> ActivityMatch:
    """What a criterion counts has the same shape as inside a condition, so the one parser reads it."""
    node = parse({"activity": data}, use=Use.CRITERION)
    assert isinstance(node, ActivityCount)  # noqa: S101 - what the parser makes of "activity"
    return node.match
