"""What the editor shows of a draft besides its criteria, as typed values; templates only print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alignment import words
from alignment.checking import points_left
from alignment.matrix import Grid, read_matrix
from alignment.models import Commitment, Dimension, Disqualifier, Grade, Reason, Version
from alignment.parts import CapValues, CommitmentValues, DisqualifierValues, ReasonValues, TermValues
from alignment.parts.checks import POINTS
from alignment.parts.promises import COMMITMENTS, commitment_label, term_key
from alignment.parts.words import amount_owed, ladder_in_words
from alignment.querysets import active_versions
from alignment.services.editing.parts import digest_of
from core.errors import Invalid
from leads.models import BantDimension

ROOM = 6  # percent of the bar that a letter needs


@dataclass(frozen=True, slots=True)
class Band:
    """One grade on the bar of the total: its ``start`` and ``width`` in percent, and its points in words."""

    grade: str
    start: int
    width: int
    words: str

    @property
    def middle(self) -> float:
        return self.start + self.width / 2

    @property
    def has_room(self) -> bool:
        """Whether its letter fits into it."""
        return self.width >= ROOM


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list with its ``key``; ``up`` and ``down`` are the keys before which it would stand.

    An empty ``down`` is the end, None says that it can't go there. ``seen`` is its digest.
    """

    row: Any
    key: str
    words: str
    seen: str
    up: str | None = None
    down: str | None = None
    more: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A definition in the order in which leads are offered: its number, name and whether it is this one.

    ``shadow`` names the one before it that judges all leads and so leaves it none; else empty.
    """

    position: int
    name: str
    scope: str
    is_this: bool
    shadow: str = ""


@dataclass(frozen=True, slots=True)
class PartsPage:
    """The parts of a draft in words, each with what its section shows."""

    caps: list[dict[str, Any]]
    left: str
    bands: list[Band]
    grid: Grid | None
    gate: list[str]
    scope: str
    places: list[Place]
    disqualifiers: list[Row]
    reasons: list[Row]
    terms: list[Row]
    marketing: list[tuple[str, str]]
    sales: list[tuple[str, str]]
    inferred: tuple[str, ...] = tuple(BantDimension.values)


def parts_context(draft: Version) -> dict[str, PartsPage]:
    """``parts`` for the templates of the sections; one query besides the draft's own parts."""
    caps = caps_shown(CapValues.of(draft).points)
    return {
        "parts": PartsPage(
            caps=caps,
            left=points_left([part["cap"] for part in caps]),
            bands=bands(draft.floor_a, draft.floor_b, draft.floor_c),
            grid=_grid(draft.matrix),
            gate=words.gate_in_words(draft),
            scope=words.scope_in_words(draft),
            places=_places(draft),
            disqualifiers=_disqualifiers(list(draft.disqualifiers.all())),
            reasons=_reasons(draft, list(draft.reasons.all())),
            terms=[_term(row) for row in draft.terms.all()],
            marketing=_owed(draft, (Commitment.Kind.LEADS, Commitment.Kind.ACCEPTANCE)),
            sales=_owed(draft, (Commitment.Kind.FOLLOW_UP, Commitment.Kind.FEEDBACK)),
        )
    }


def caps_shown(points: Any) -> list[dict[str, Any]]:
    """The caps as the stacked bar takes them."""
    return [{"label": each.label, "cap": points.get(each.value) or 0} for each in Dimension]


def bands(floor_a: int, floor_b: int, floor_c: int) -> list[Band]:
    """The four grades on a bar of 100 points, D first; the edges must be in order."""
    edges = [0, floor_c, floor_b, floor_a, POINTS + 1]
    said = [f"fewer than {floor_c}", f"{floor_c} to {floor_b - 1}", f"{floor_b} to {floor_a - 1}"]
    said.append(f"{floor_a} or more")
    letters = reversed(Grade.values)
    return [
        Band(letter, start, min(end, POINTS) - start, text)
        for letter, start, end, text in zip(letters, edges, edges[1:], said, strict=False)
    ]


def _grid(data: object) -> Grid | None:
    try:
        matrix = read_matrix(data)
    except Invalid:
        return None
    return matrix.in_words() if matrix else None


def _places(draft: Version) -> list[Place]:
    """The order that this draft would come into, if there is more than one definition."""
    others = active_versions().exclude(definition=draft.definition_id).select_related("definition")
    versions = sorted([*others, draft], key=lambda version: version.position)
    if len(versions) == 1:
        return []
    places, shadow = [], ""
    for each in versions:
        name = each.definition.name
        places.append(Place(each.position, name, words.scope_in_words(each), each is draft, shadow))
        shadow = shadow or ("" if each.scope else name)
    return places


def _disqualifiers(rows: list[Disqualifier]) -> list[Row]:
    keys = [row.key for row in rows]
    return [
        Row(
            row,
            row.key,
            words.disqualifier_in_words(row),
            digest_of(DisqualifierValues.of(row)),
            *neighbours(keys, place),
        )
        for place, row in enumerate(rows)
    ]


def _reasons(draft: Version, rows: list[Reason]) -> list[Row]:
    labels = {row.key: row.label for row in draft.criteria.all()}
    keys = [row.key for row in rows]
    return [
        Row(
            row,
            row.key,
            _criterion(row, labels),
            digest_of(ReasonValues.of(row)),
            *neighbours(keys, place),
        )
        for place, row in enumerate(rows)
    ]


def _criterion(row: Reason, labels: dict[str, str]) -> str:
    if not row.criterion_key:
        return ""
    return labels.get(row.criterion_key, "a criterion that is gone")


def _term(row: Any) -> Row:
    values = TermValues.of(row)
    reminders = ladder_in_words(values.ladder) if row.is_handed_over else ""
    return Row(row, term_key(row), words.term_in_words(row), digest_of(values), more=reminders)


def _owed(draft: Version, kinds: tuple[Commitment.Kind, ...]) -> list[tuple[str, str]]:
    amounts = CommitmentValues.of(draft).amounts
    return [
        (commitment_label(name), amount_owed(name, amounts[name]))
        for name, (kind, _grade) in COMMITMENTS.items()
        if kind in kinds and name in amounts
    ]


def neighbours(keys: Sequence[str], place: int) -> tuple[str | None, str | None]:
    """The keys before which the row at ``place`` would stand if it moved up or down, as ``Row`` has them."""
    up = keys[place - 1] if place else None
    down = (keys[place + 2] if place + 2 < len(keys) else "") if place + 1 < len(keys) else None
    return up, down
