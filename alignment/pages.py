"""What the pages of the definition show, as typed values; templates only print them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import QuerySet

from alignment import words
from alignment.checking import broken_parts
from alignment.diff import Change, diff
from alignment.matrix import Grid, read_matrix
from alignment.models import Commitment, Criterion, Dimension, Reason, Version
from alignment.signatures import Box, boxes
from core.errors import Problem
from core.hooks import Tally, hooks

PARTS = ("dimensions", "criteria", "disqualifiers", "reasons", "terms", "commitments")


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: its sentence, and how many leads meet it if that is known."""

    row: Criterion
    words: str
    leads: Tally | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One dimension with its cap in points and its criteria."""

    dimension: Dimension
    cap: int
    lines: list[Line]
    partial_when: str = ""
    met_when: str = ""

    @property
    def label(self) -> str:
        return self.dimension.label


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version as the definition page shows it; every value is words or a row to print."""

    version: Version
    sections: list[Section]
    scope: str
    grades: list[tuple[str, str]]
    gate: list[str]
    disqualifiers: list[tuple[str, str]]
    reasons: list[tuple[Reason, str]]
    terms: list[tuple[str, str, str]]
    grid: Grid | None = None
    marketing: list[str] = field(default_factory=list)
    sales: list[str] = field(default_factory=list)
    broken: tuple[Problem, ...] = ()
    boxes: list[Box] = field(default_factory=list)

    @property
    def has_counts(self) -> bool:
        return any(line.leads is not None for section in self.sections for line in section.lines)

    @property
    def missing(self) -> list[Box]:
        """The sides that haven't signed."""
        return [box for box in self.boxes if box.signature is None]


def version_page(version: Version, counts: Mapping[str, Tally] | None = None) -> VersionPage:
    """``version``, read with its parts (prefetch ``PARTS`` to do it in six queries) and its boxes."""
    criteria = list(version.criteria.all())
    labels = {row.key: row.label for row in criteria}
    return VersionPage(
        version=version,
        sections=_sections(version, criteria, counts or {}),
        scope=words.scope_in_words(version),
        grades=words.grades_in_words(version),
        gate=words.gate_in_words(version),
        disqualifiers=[(row.label, words.disqualifier_in_words(row)) for row in version.disqualifiers.all()],
        reasons=[(row, labels.get(row.criterion_key, "")) for row in version.reasons.all()],
        terms=[(row.grade, row.source, words.term_in_words(row)) for row in version.terms.all()],
        grid=_grid(version),
        marketing=_owed(version, words.MARKETING),
        sales=_owed(version, words.SALES),
        broken=broken_parts(version),
        boxes=boxes(version),
    )


def leads_by_criterion(version_id: int) -> dict[str, Tally]:
    """How many leads meet each criterion, by its key, from whoever counts them."""
    return {key: count for counted in hooks.criterion_counts for key, count in counted(version_id).items()}


def changes_by_section(old: Version, new: Version) -> list[tuple[str, list[Change]]]:
    """The diff of two versions, cut by section in the order of the page."""
    changes = diff(old, new)
    order = list(dict.fromkeys(change.section for change in changes))
    ordered = sorted(changes, key=lambda change: order.index(change.section))
    return [(name, list(group)) for name, group in groupby(ordered, key=lambda change: change.section)]


def with_parts(versions: QuerySet[Version]) -> QuerySet[Version]:
    """``versions`` with all that a page or a diff reads of them: six queries more."""
    return versions.select_related("definition", "author", "based_on").prefetch_related(*PARTS)


def state_in_words(version: Version) -> str:
    """``active, unsigned``; the moments stand beside it."""
    status = version.get_status_display().lower()
    return f"{status}, not signed" if version.is_in_force and version.signed_at is None else status


def _grid(version: Version) -> Grid | None:
    matrix = read_matrix(version.matrix)
    return None if matrix is None else matrix.in_words()


def _owed(version: Version, side: str) -> list[str]:
    rows = [row for row in version.commitments.all() if words.OWED_BY[Commitment.Kind(row.kind)] == side]
    return [words.commitment_in_words(row) for row in rows]


def _sections(version: Version, criteria: list[Criterion], counts: Mapping[str, Tally]) -> list[Section]:
    known = {row.dimension: row for row in version.dimensions.all()}
    sections = []
    for dimension in Dimension:
        part = known.get(dimension)
        lines = [
            Line(row, words.criterion_in_words(row), counts.get(row.key))
            for row in criteria
            if row.dimension == dimension
        ]
        trees = [words.condition_in_words(getattr(part, name, None)) for name in ("partial_when", "met_when")]
        sections.append(Section(dimension, part.cap if part else 0, lines, *trees))
    return sections
