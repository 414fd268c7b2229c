"""What differs between two versions, in words and in points."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from alignment import words
from alignment.matrix import PARTS, Matrix, points_in_words, read_matrix
from alignment.models import Commitment, Criterion, Dimension, Disqualifier, Reason, SlaTerm, Version
from core.display import signed

Row = TypeVar("Row")


class Kind(StrEnum):
    """What happened to it."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One line: ``section`` ("Timeframe", "Grades"), what it is about, and its words before and after.

    ``before`` is empty for what is new, ``after`` for what is gone.
    """

    section: str
    kind: Kind
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """``Timeframe within 90 days: +10 → +15``, ``new: RFP-driven: −5``."""
        match self.kind:
            case Kind.NEW:
                return f"new: {self.what}: {self.after}"
            case Kind.GONE:
                return f"gone: {self.what}: {self.before}"
            case Kind.CHANGED:
                return f"{self.what}: {self.before} → {self.after}"


def diff(old: Version, new: Version) -> tuple[Change, ...]:
    """All that ``new`` says otherwise than ``old``, in the order of the definition page.

    Parts are told apart by their keys, so a renamed criterion is one change. Twelve queries at most,
    none for parts that were prefetched (``pages.with_parts``).
    """
    return (
        *_changed_columns(old, new),
        *_dimension_changes(old, new),
        *_pairs(old.criteria.all(), new.criteria.all(), _key, _criterion_changes),
        *_pairs(old.disqualifiers.all(), new.disqualifiers.all(), _key, _disqualifier_changes),
        *_pairs(old.reasons.all(), new.reasons.all(), _key, _reason_changes),
        *_pairs(old.terms.all(), new.terms.all(), _term_key, _term_changes),
        *_pairs(old.commitments.all(), new.commitments.all(), _commitment_key, _commitment_changes),
    )


def _pairs(
    old: Iterable[Row],
    new: Iterable[Row],
    key: Callable[[Row], object],
    compare: Callable[[Row | None, Row | None], Iterator[Change]],
) -> Iterator[Change]:
    """Rows of the same key side by side, in the new order; what is gone comes last."""
    before = {key(row): row for row in old}
    for row in new:
        yield from compare(before.pop(key(row), None), row)
    for row in before.values():
        yield from compare(row, None)


def _changed(section: str, what: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(section, Kind.CHANGED, what, before, after)


def _whole(section: str, what: str, before: str | None, after: str | None) -> Iterator[Change]:
    """A part in one sentence: new, gone or said otherwise."""
    if before is None:
        yield Change(section, Kind.NEW, what, after=after or "")
    elif after is None:
        yield Change(section, Kind.GONE, what, before=before)
    else:
        yield from _changed(section, what, before, after)


def _said(row: Row | None, say: Callable[[Row], str]) -> str | None:
    return None if row is None else say(row)


def _changed_columns(old: Version, new: Version) -> Iterator[Change]:
    yield from _changed("Leads", "Judges", words.scope_in_words(old), words.scope_in_words(new))
    yield from _changed("Leads", "Place in the order", str(old.position), str(new.position))
    yield from _grade_changes(old, new)
    yield from _changed("Gate", "Sales-ready needs", words.gate_grade(old), words.gate_grade(new))
    yield from _changed("Gate", "Sales-ready needs", words.gate_bant(old), words.gate_bant(new))
    musts = [words.condition_in_words(each.gate_must_have) or "nothing else" for each in (old, new)]
    yield from _changed("Gate", "Sales-ready also needs", *musts)


def _grade_changes(old: Version, new: Version) -> Iterator[Change]:
    """Bands and matrix only where they are in force: what lies behind the other says nothing."""
    was, now = read_matrix(old.matrix), read_matrix(new.matrix)
    yield from _changed("Grades", "Grades go by", *(_by(matrix) for matrix in (was, now)))
    if now is None:
        for name, letter in (("floor_a", "A"), ("floor_b", "B"), ("floor_c", "C")):
            before, after = getattr(old, name), getattr(new, name)
            if was is None:
                yield from _changed("Grades", f"{letter} begins at", f"{before} points", f"{after} points")
            else:
                yield Change("Grades", Kind.NEW, f"{letter} begins at", after=f"{after} points")
    else:
        yield from _matrix_changes(was, now)


def _by(matrix: Matrix | None) -> str:
    return "the total" if matrix is None else "fit and engagement"


def _matrix_changes(was: Matrix | None, now: Matrix) -> Iterator[Change]:
    """The floors of each axis; then each cell, or each row where the axes aren't the same."""
    for axis in ("fit", "engagement"):
        before, after = (None if each is None else _floors(each, axis) for each in (was, now))
        yield from _whole("Grades", f"Parts of {axis} begin at", before, after)
    has_same_axes = was is not None and (was.fit, was.engagement) == (now.fit, now.engagement)
    for row in range(PARTS):
        fit = f"Fit {points_in_words(now.fit, row)}"
        if was is None or not has_same_axes:
            before = None if was is None else ", ".join(was.grades[row])
            after = ", ".join(now.grades[row])
            yield from _whole("Grades", fit if was is None else f"Row {row + 1} of fit", before, after)
            continue
        for column in range(PARTS):
            with_engagement = f"{fit}, engagement {points_in_words(now.engagement, column)}"
            yield from _changed("Grades", with_engagement, was.grades[row][column], now.grades[row][column])


def _floors(matrix: Matrix, axis: str) -> str:
    return f"{', '.join(map(str, getattr(matrix, axis)))} points"


def _dimension_changes(old: Version, new: Version) -> Iterator[Change]:
    before = {row.dimension: row for row in old.dimensions.all()}
    after = {row.dimension: row for row in new.dimensions.all()}
    for dimension in Dimension:
        was, now = before.get(dimension), after.get(dimension)
        section = dimension.label
        caps = [row.cap if row else 0 for row in (was, now)]
        yield from _changed(section, "At most", *(f"{cap} points" for cap in caps))
        for name, what in (("partial_when", "Partly met when"), ("met_when", "Met when")):
            trees = [words.condition_in_words(getattr(row, name, None)) or "never" for row in (was, now)]
            yield from _changed(section, what, *trees)


def _criterion_changes(old: Criterion | None, new: Criterion | None) -> Iterator[Change]:
    row = new or old
    assert row is not None  # noqa: S101 - pairs have a side
    section = Dimension(row.dimension).label
    if old is None or new is None:
        yield from _whole(section, row.label, _said(old, _worth), _said(new, _worth))
        return
    yield from _changed(section, "Name", f"“{old.label}”", f"“{new.label}”")
    yield from _changed(section, new.label, _points(old), _points(new))
    sentences = words.criterion_in_words(old), words.criterion_in_words(new)
    yield from _changed(section, f"{new.label}, counts when", *sentences)
    dimensions = Dimension(old.dimension).label, Dimension(new.dimension).label
    yield from _changed(section, f"{new.label}, belongs to", *dimensions)


def _points(row: Criterion) -> str:
    return signed(row.points) if row.is_on else f"off ({signed(row.points)})"


def _worth(row: Criterion) -> str:
    return f"{_points(row)} ({_lower(words.criterion_in_words(row))})"


def _disqualifier_changes(old: Disqualifier | None, new: Disqualifier | None) -> Iterator[Change]:
    before, after = _said(old, _disqualifier), _said(new, _disqualifier)
    yield from _whole("Disqualifiers", _label(old, new), before, after)


def _disqualifier(row: Disqualifier) -> str:
    return f"{row.label}: {words.disqualifier_in_words(row)}"


def _reason_changes(old: Reason | None, new: Reason | None) -> Iterator[Change]:
    yield from _whole("Reasons", _label(old, new), _said(old, _reason), _said(new, _reason))


def _reason(row: Reason) -> str:
    about = f"about {Dimension(row.dimension).label.lower()}" if row.dimension else "about anything"
    points = "" if row.suggested_points is None else f"suggests {signed(row.suggested_points)}"
    parts = [
        f"“{row.label}”",
        about,
        row.criterion_key,
        row.suggestion,
        points,
        "needs a text" * row.needs_text,
    ]
    return ", ".join(part for part in parts if part)


def _term_changes(old: SlaTerm | None, new: SlaTerm | None) -> Iterator[Change]:
    what = f"Grade {new or old}"
    yield from _whole("SLA", what, _said(old, words.term_in_words), _said(new, words.term_in_words))
    if old and new and old.is_handed_over and new.is_handed_over:
        yield from _changed("SLA", f"{what}, reminds", *map(words.ladder_in_words, (old, new)))


def _commitment_changes(old: Commitment | None, new: Commitment | None) -> Iterator[Change]:
    row = new or old
    assert row is not None  # noqa: S101 - pairs have a side
    what = f"{words.OWED_BY[Commitment.Kind(row.kind)]} owes"
    say = words.commitment_in_words
    yield from _whole("Commitments", what, _said(old, say), _said(new, say))


def _label(old: Any, new: Any) -> str:
    return str((new or old).label)


def _key(row: Any) -> str:
    return str(row.key)


def _commitment_key(row: Commitment) -> tuple[str, str]:
    return row.kind, row.grade


def _term_key(row: SlaTerm) -> tuple[str, str]:
    return row.grade, row.source


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
