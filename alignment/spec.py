"""What a version says, read once into plain frozen values for the engine, explanations and previews."""

import logging
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.http import Http404

from alignment.asked import asked_by
from alignment.decay import Decay, parse_decay
from alignment.matrix import Matrix, read_matrix
from alignment.models import Criterion, Dimension, Grade, Version, VersionDimension
from core.errors import ApplicationError
from leads.models import BantLevel
from rules.fields import Use, registry
from rules.nodes import ActivityCount, ActivityMatch, Any_, Node
from rules.tree import parse

KEPT = 64
NEVER = Any_(())
"""What a condition that can't be read any more says: it holds for nobody."""

logger = logging.getLogger(__name__)


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
    size) and ``decay`` have a meaning for activities only; ``models.Criterion`` says which. A *broken*
    one asks for a field that is gone: its condition never holds.
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
    is_broken: bool = False


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
    switched on. ``scope`` and ``gate_must_have`` None hold for every lead. ``matrix``, where it is given,
    takes the place of the floors.
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
    matrix: Matrix | None = None

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
    committed: a version that is no draft never changes. One that asks for custom fields is kept for as
    long as these stay the same, which may take a query to find out. Http404 if there is none; RuleError
    if a tree of a draft can't be read. A field may go after it was signed: see ``read``.
    """
    kept = _kept.get(version_id)
    if kept is not None and (kept[0] is None or kept[0] == registry.edition()):
        return kept[1]
    version = Version.objects.prefetch_related("dimensions", "criteria", "disqualifiers").filter(
        pk=version_id
    )
    found = version.first()
    if found is None:
        raise Http404(f"There is no version {version_id}.")
    edition = registry.edition() if any(map(registry.is_provided, asked_by(found))) else None
    spec = read(found)
    if not found.is_editable:
        transaction.on_commit(partial(_keep, spec, edition))
    return spec


def read(version: Version) -> VersionSpec:
    """``version`` with its parts as they are now, parsed.

    RuleError or Invalid if a part of a draft can't be read. What both sides have signed judges on: a
    condition that can't be read any more, as a field of it is gone, holds for nobody, and
    ``checking.broken_parts`` tells people.
    """
    reader = _Reader(version)
    known = {row.dimension: row for row in version.dimensions.all()}
    return VersionSpec(
        id=version.pk,
        definition_id=version.definition_id,
        number=version.number,
        scope=reader.tree(version.scope, "scope", Use.SCOPE),
        position=version.position,
        floor_a=version.floor_a,
        floor_b=version.floor_b,
        floor_c=version.floor_c,
        gate_grade=Grade(version.gate_grade),
        gate_bant_count=version.gate_bant_count,
        gate_bant_level=BantLevel(version.gate_bant_level),
        gate_must_have=reader.tree(version.gate_must_have, "must-have"),
        dimensions=tuple(reader.dimension(each, known.get(each)) for each in Dimension),
        criteria=tuple(reader.criterion(row) for row in version.criteria.all() if row.is_on),
        disqualifiers=tuple(
            DisqualifierSpec(
                id=row.pk,
                key=row.key,
                label=row.label,
                condition=reader.tree(row.condition, f"disqualifier {row.key}") or NEVER,
            )
            for row in version.disqualifiers.all()
        ),
        matrix=read_matrix(version.matrix),
    )


class _Reader:
    """Reads the conditions of one version, strictly if it is a draft."""

    def __init__(self, version: Version) -> None:
        self.version = version

    def tree(self, data: object, what: str, use: Use = Use.CRITERION) -> Node | None:
        try:
            return read_condition(data, use)
        except ApplicationError as error:
            self._tell(what, error)
            return NEVER

    def criterion(self, row: Criterion) -> CriterionSpec:
        try:
            return read_criterion(row)
        except ApplicationError as error:
            self._tell(f"criterion {row.key}", error)
            return CriterionSpec(
                id=row.pk,
                key=row.key,
                label=row.label,
                dimension=Dimension(row.dimension),
                points=row.points,
                condition=NEVER,
                is_broken=True,
            )

    def dimension(self, dimension: Dimension, row: VersionDimension | None) -> DimensionSpec:
        if row is None:
            return DimensionSpec(dimension=dimension, cap=0)
        return DimensionSpec(
            dimension=dimension,
            cap=row.cap,
            partial_when=self.tree(row.partial_when, f"{dimension} partly met"),
            met_when=self.tree(row.met_when, f"{dimension} met"),
        )

    def _tell(self, what: str, error: ApplicationError) -> None:
        if self.version.is_editable:
            raise error
        logger.error("Version %s, %s holds for nobody: %s", self.version.pk, what, error.message)


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


_kept: dict[int, tuple[Hashable, VersionSpec]] = {}
"""With the edition of the custom fields for which a version was read, None if it asks for none."""


def _keep(spec: VersionSpec, edition: Hashable) -> None:
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[spec.id] = edition, spec


def _match(data: object) -> ActivityMatch:
    """What a criterion counts has the same shape as inside a condition, so the one parser reads it."""
    node = parse({"activity": data}, use=Use.CRITERION)
    assert isinstance(node, ActivityCount)  # noqa: S101 - what the parser makes of "activity"
    return node.match
