"""What differs between two versions, in words and in points."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from alignment import words
from alignment.models import Criterion, Dimension, Disqualifier, Grade, Reason, SlaTerm, Version
from core.display import signed

Row = TypeVar("Row")
PARTS = ("dimensions", "criteria", "disqualifiers", "reasons", "terms")


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

    Parts are told apart by their keys, so a renamed criterion is one change. Ten queries at most,
    none for parts that were prefetched (``prefetched``).
    """
    return (
        *_changed_columns(old, new),
        *_dimension_changes(old, new),
        *_pairs(old.criteria.all(), new.criteria.all(), _key, _criterion_changes),
        *_pairs(old.disqualifiers.all(), new.disqualifiers.all(), _key, _disqualifier_changes),
        *_pairs(old.reasons.all(), new.reasons.all(), _key, _reason_changes),
        *_pairs(old.terms.all(), new.terms.all(), _term_key, _term_changes),
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
    for grade in Grade.values[:3]:
        name = f"floor_{grade.lower()}"
        before, after = getattr(old, name), getattr(new, name)
        yield from _changed("Grades", f"{grade} begins at", f"{before} points", f"{after} points")
    yield from _changed("Gate", "Sales-ready needs", words.gate_grade(old), words.gate_grade(new))
    yield from _changed("Gate", "Sales-ready needs", words.gate_bant(old), words.gate_bant(new))
    musts = [words.condition_in_words(each.gate_must_have) or "nothing else" for each in (old, new)]
    yield from _changed("Gate", "Sales-ready also needs", *musts)


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
    parts = [f"“{row.label}”", about, row.criterion_key, row.suggestion, "needs a text" * row.needs_text]
    return ", ".join(part for part in parts if part)


def _term_changes(old: SlaTerm | None, new: SlaTerm | None) -> Iterator[Change]:
    what = f"Grade {new or old}"
    yield from _whole("SLA", what, _said(old, words.term_in_words), _said(new, words.term_in_words))
    if old and new and old.ladder != new.ladder:
        yield Change("SLA", Kind.CHANGED, f"{what}, reminders", str(len(old.ladder)), str(len(new.ladder)))


def _label(old: Any, new: Any) -> str:
    return str((new or old).label)


def _key(row: Any) -> str:
    return str(row.key)


def _term_key(row: SlaTerm) -> tuple[str, str]:
    return row.grade, row.source


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
