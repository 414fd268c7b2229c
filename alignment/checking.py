"""What a draft must hold to be proposed.

Each problem names its place: ``caps``, ``floor_a``, ``criterion_<key>``, ``scope.all[0].field``.
"""

from collections.abc import Callable, Iterator
from functools import partial

from alignment.diff import diff
from alignment.matrix import matrix_problems
from alignment.models import Commitment, Grade, Version
from alignment.parts.points import floor_problems
from alignment.spec import read_condition, read_criterion
from core.errors import Problem, problems_of
from rules.fields import Use

MOST = 100
TREES = {"scope": Use.SCOPE, "gate_must_have": Use.CRITERION}
NAMES = {
    "scope": "The scope",
    "gate_must_have": "The must-have of the gate",
    "partial_when": "The condition “partly met”",
    "met_when": "The condition “met”",
}


def proposal_problems(draft: Version) -> tuple[Problem, ...]:
    """What must be put right before both sides are asked; six queries besides those of the diff."""
    return tuple(_proposal_problems(draft))


def broken_parts(version: Version) -> tuple[Problem, ...]:
    """The conditions that can't be read, each with what to do; none in all versions but odd ones.

    A field may be gone or renamed since it was used. In a version that both sides have signed such a
    condition holds for nobody (``spec.read``). No queries for parts that were prefetched.
    """
    return tuple(_content_problems(version))


def points_left(caps: list[int]) -> str:
    """How far the caps are from the 100 points there are; empty if they fit."""
    given = sum(caps)
    if given == MOST:
        return ""
    verb = f"{MOST - given} are left" if given < MOST else f"that is {given - MOST} too many"
    return f"The six dimensions share {MOST} points; these add up to {given}: {verb}."


def _proposal_problems(draft: Version) -> Iterator[Problem]:
    if wrong := points_left([row.cap for row in draft.dimensions.all()]):
        yield Problem(wrong, "caps")
    if draft.matrix is None:
        yield from floor_problems([draft.floor_a, draft.floor_b, draft.floor_c])
    else:
        for problem in matrix_problems(draft.matrix):
            yield Problem(problem.message, f"matrix_{problem.where}")
    if not any(row.is_on for row in draft.criteria.all()):
        yield Problem("Switch on at least one criterion.", "criteria")
    yield from _content_problems(draft)
    yield from _list_problems(draft)
    yield from _commitment_problems(draft)
    active = draft.definition.versions.filter(status=Version.Status.ACTIVE).first()
    if active is not None and not diff(active, draft):
        yield Problem(f"It says the same as version {active.number}, which is active.")


def _content_problems(draft: Version) -> Iterator[Problem]:
    for name, use in TREES.items():
        yield from _broken(name, NAMES[name], partial(read_condition, getattr(draft, name), use))
    for row in draft.dimensions.all():
        for name in ("partial_when", "met_when"):
            what = f"{NAMES[name]} of {row.get_dimension_display()}"
            yield from _broken(f"{name}_{row.dimension}", what, partial(read_condition, getattr(row, name)))
    for criterion in draft.criteria.all():
        what = f"The criterion “{criterion.label}”"
        yield from _broken(f"criterion_{criterion.key}", what, partial(read_criterion, criterion))
    for each in draft.disqualifiers.all():
        what = f"The disqualifier “{each.label}”"
        yield from _broken(f"disqualifier_{each.key}", what, partial(read_condition, each.condition))


def _broken(where: str, what: str, read: Callable[[], object]) -> Iterator[Problem]:
    for problem in problems_of(read, where):
        message = f"{what} can't be read: {problem.message} Choose anew, or take it out."
        yield Problem(message, problem.where)


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


def _commitment_problems(draft: Version) -> Iterator[Problem]:
    """Promises that nobody can keep, or that say nothing."""
    owed = {row.grade: row.amount for row in draft.commitments.all() if row.kind == Commitment.Kind.LEADS}
    by_grade = {grade: amount for grade, amount in owed.items() if grade}
    if "" in owed and sum(by_grade.values()) > owed[""]:
        found = f"{sum(by_grade.values()):,} a month by grade, but only {owed['']:,} in all"
        yield Problem(f"Marketing owes {found}.", "commitments")
    for grade in by_grade:
        if grade > draft.gate_grade:
            yield Problem(
                f"Marketing owes sales-ready leads of grade {grade}, which the gate doesn't let through.",
                "commitments",
            )
    for row in draft.commitments.all():
        if row.amount == 0:
            yield Problem(
                f"“{row.get_kind_display()}” promises nothing: give an amount or take it out.", "commitments"
            )
