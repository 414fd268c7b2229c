"""What a draft may hold at all, and what it must hold to be proposed.

Each problem names its place as the editor's form names it: ``cap_budget``, ``points_<key>``,
``floor_a``, ``gate_grade``, ``scope`` or ``scope.all[0].field``.
"""

from collections.abc import Callable, Iterator
from typing import Any

from alignment.changes import DraftChanges
from alignment.diff import diff
from alignment.models import Dimension, Grade, Version
from alignment.spec import read_condition, read_criterion
from core.errors import ApplicationError, Problem
from leads.models import BantLevel
from rules.fields import Use

MOST = 100
FLOORS = ("floor_a", "floor_b", "floor_c")
CHOICES: dict[str, tuple[object, ...]] = {
    "gate_grade": tuple(Grade),
    "gate_bant_count": (0, 1, 2, 3, 4),
    "gate_bant_level": (BantLevel.PARTIAL, BantLevel.MET),
}
TREES = {"scope": Use.SCOPE, "gate_must_have": Use.CRITERION}
LABEL_LENGTH = 160

Check = Callable[[object], str]


def change_problems(draft: Version, changes: DraftChanges) -> tuple[Problem, ...]:
    """Every value of ``changes`` that the draft can't take; none means that all can be saved."""
    return tuple(_change_problems(draft, changes))


def proposal_problems(draft: Version) -> tuple[Problem, ...]:
    """What must be put right before both sides are asked; six queries besides those of the diff."""
    return tuple(_proposal_problems(draft))


def points_left(caps: list[int]) -> str:
    """How far the caps are from the 100 points there are; empty if they fit."""
    given = sum(caps)
    if given == MOST:
        return ""
    verb = f"{MOST - given} are left" if given < MOST else f"that is {given - MOST} too many"
    return f"The six dimensions share {MOST} points; these add up to {given}: {verb}."


def _change_problems(draft: Version, changes: DraftChanges) -> Iterator[Problem]:
    criteria = {row.key for row in draft.criteria.all()}
    yield from _each("cap", changes.cap, set(Dimension), _whole(0, MOST))
    yield from _each("points", changes.points, criteria, _whole(-MOST, MOST))
    yield from _each("label", changes.label, criteria, _label)
    yield from _each("is_on", changes.is_on, criteria, _yes_or_no)
    for name, value in changes.version.items():
        yield from _column_problems(name, value)
    floors = [changes.version.get(name, getattr(draft, name)) for name in FLOORS]
    if not any(_whole(1, MOST)(floor) for floor in floors):
        yield from _floor_problems(floors)


def _each(name: str, given: dict[str, Any], known: set[str], check: Check) -> Iterator[Problem]:
    for key, value in given.items():
        if key not in known:
            yield Problem(f"This draft has no “{key[:60]}”.", f"{name}_{key[:60]}")
        elif wrong := check(value):
            yield Problem(wrong, f"{name}_{key}")


def _column_problems(name: str, value: object) -> Iterator[Problem]:
    if name in FLOORS:
        if wrong := _whole(1, MOST)(value):
            yield Problem(wrong, name)
    elif name in CHOICES:
        if isinstance(value, bool) or value not in CHOICES[name]:
            shown = ", ".join(str(choice) for choice in CHOICES[name])
            yield Problem(f"Choose one of {shown}.", name)
    elif name in TREES:
        yield from _tree_problems(name, value, TREES[name])
    else:
        yield Problem(f"“{name[:60]}” can't be changed in a draft.", name[:60])


def _floor_problems(floors: list[int]) -> Iterator[Problem]:
    for name, higher, lower in zip(FLOORS[1:], floors, floors[1:], strict=False):
        if lower >= higher:
            above, below = chr(ord(name[-1]) - 1).upper(), name[-1].upper()
            yield Problem(f"{below} must begin below {above}, which begins at {higher}.", name)


def _tree_problems(where: str, data: object, use: Use = Use.CRITERION) -> Iterator[Problem]:
    yield from _problems_of(where, lambda: read_condition(data, use))


def _problems_of(where: str, read: Callable[[], object]) -> Iterator[Problem]:
    try:
        read()
    except ApplicationError as error:
        for problem in error.problems or (Problem(error.message),):
            yield Problem(problem.message, f"{where}.{problem.where}" if problem.where else where)


def _proposal_problems(draft: Version) -> Iterator[Problem]:
    if wrong := points_left([row.cap for row in draft.dimensions.all()]):
        yield Problem(wrong, "caps")
    yield from _floor_problems([draft.floor_a, draft.floor_b, draft.floor_c])
    if not any(row.is_on for row in draft.criteria.all()):
        yield Problem("Switch on at least one criterion.", "criteria")
    yield from _content_problems(draft)
    yield from _list_problems(draft)
    active = draft.definition.versions.filter(status=Version.Status.ACTIVE).first()
    if active is not None and not diff(active, draft):
        yield Problem(f"It says the same as version {active.number}, which is active.")


def _content_problems(draft: Version) -> Iterator[Problem]:
    for name, use in TREES.items():
        yield from _tree_problems(name, getattr(draft, name), use)
    for row in draft.dimensions.all():
        for name in ("partial_when", "met_when"):
            yield from _tree_problems(f"{name}_{row.dimension}", getattr(row, name))
    for criterion in draft.criteria.all():
        yield from _problems_of(f"criterion_{criterion.key}", lambda row=criterion: read_criterion(row))  # type: ignore[misc] # bound now
    for disqualifier in draft.disqualifiers.all():
        yield from _tree_problems(f"disqualifier_{disqualifier.key}", disqualifier.condition)


def _list_problems(draft: Version) -> Iterator[Problem]:
    missing = set(Grade) - {term.grade for term in draft.terms.all() if not term.source}
    if missing:
        yield Problem(f"Say what happens to leads of grade {', '.join(sorted(missing))}.", "terms")
    if not draft.reasons.all():
        yield Problem("Agree on at least one reason to reject.", "reasons")
    known = {row.key for row in draft.criteria.all()}
    for reason in draft.reasons.all():
        if reason.criterion_key and reason.criterion_key not in known:
            yield Problem(f"“{reason.label}” names a criterion that is gone.", f"reason_{reason.key}")


def _whole(least: int, most: int) -> Check:
    def check(value: object) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"Give a whole number from {least} to {most}.".replace("-", "−")

    return check


def _label(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return "Give it a name."
    return "" if len(value) <= LABEL_LENGTH else f"At most {LABEL_LENGTH} characters."


def _yes_or_no(value: object) -> str:
    return "" if isinstance(value, bool) else "Say whether it is on or off."
