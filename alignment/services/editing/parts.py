"""The parts of which a draft has one: caps, grades, gate, scope, what facts say, commitments.

Each service replaces the whole part. Invalid names each value that can't be, StaleEdit has the part as
it is now if it changed since it had the digest ``seen`` (None: don't ask), Conflict tells that it is no
draft any more. A repeat changes nothing.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Protocol

from alignment.models import Commitment, Dimension, Version, VersionDimension
from alignment.parts import (
    CapValues,
    CommitmentValues,
    GateValues,
    GradeValues,
    InferenceValues,
    ScopeValues,
)
from alignment.parts.promises import COMMITMENTS, commitment_label
from alignment.querysets import active_versions
from alignment.services.editing.core import check_seen, digest, editing
from core.errors import Invalid, Problem
from leads.models import BantDimension
from users.models import User


class Values(Protocol):
    """The values of a part, which know what is wrong with them."""

    def problems(self) -> Iterator[Problem]: ...


def digest_of(values: object) -> str:
    """The fingerprint of a part's values as they are shown."""
    return digest(asdict(values))  # type: ignore[call-overload] # all values are dataclasses


def check(values: Values) -> None:
    """Invalid with everything that is wrong with ``values``."""
    problems = tuple(values.problems())
    if problems:
        raise Invalid("Some values can't be saved.", problems=problems)


def set_caps(*, version_id: int, values: CapValues, seen: str | None, by: User, now: datetime) -> Version:
    """Share out the points; they need not add up to 100 before the draft is proposed."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        before = CapValues.of(edit.draft)
        check_seen(asdict(before), seen, name="the caps")
        changed = {name: cap for name, cap in values.points.items() if before.points[name] != cap}
        for name, cap in changed.items():
            _dimension(edit.draft, name, {"cap": cap})
        told = (f"{Dimension(name).label} {before.points[name]} → {cap}" for name, cap in changed.items())
        edit.what = f"Caps: {', '.join(told)}"
    return edit.draft


def set_grades(*, version_id: int, values: GradeValues, seen: str | None, by: User, now: datetime) -> Version:
    """Cut the total into bands, or grade by fit and engagement."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        before = GradeValues.of(edit.draft)
        check_seen(asdict(before), seen, name="the grades")
        edit.what = _regraded(before, values)
        _set_columns(edit.draft, asdict(values))
    return edit.draft


def set_gate(*, version_id: int, values: GateValues, seen: str | None, by: User, now: datetime) -> Version:
    """Say what a lead must reach to be sales-ready."""
    check(values)
    with editing(version_id=version_id, by=by, now=now, what="What sales-ready needs") as edit:
        check_seen(asdict(GateValues.of(edit.draft)), seen, name="what sales-ready needs")
        _set_columns(edit.draft, asdict(values))
    return edit.draft


def set_scope(*, version_id: int, values: ScopeValues, seen: str | None, by: User, now: datetime) -> Version:
    """Say which leads it judges and its place in the order, which no other definition may have."""
    check(values)
    with editing(version_id=version_id, by=by, now=now, what="Which leads it judges") as edit:
        before = ScopeValues.of(edit.draft)
        check_seen(asdict(before), seen, name="which leads it judges")
        if before.position != values.position:
            _check_place(edit.draft, values.position)
        if before.scope == values.scope:
            edit.what = f"Place in the order: {before.position} → {values.position}"
        _set_columns(edit.draft, asdict(values))
    return edit.draft


def set_inference(
    *, version_id: int, dimension: str, values: InferenceValues, seen: str | None, by: User, now: datetime
) -> Version:
    """Say when facts alone make a BANT dimension partly met or met."""
    if dimension not in BantDimension.values:
        raise Invalid("Facts can speak of budget, authority, need and timeframe only.")
    check(values)
    label = Dimension(dimension).label
    what = f"What facts say of {label.lower()}"
    with editing(version_id=version_id, by=by, now=now, what=what) as edit:
        row = edit.draft.dimensions.filter(dimension=dimension).first()
        name = f"what facts say of {label.lower()}"
        check_seen(asdict(InferenceValues.of(row)), seen, name=name)
        _dimension(edit.draft, dimension, asdict(values))
    return edit.draft


def set_commitments(
    *, version_id: int, values: CommitmentValues, seen: str | None, by: User, now: datetime
) -> Version:
    """Say all that either side owes; what ``values`` doesn't name is no longer owed."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        before = CommitmentValues.of(edit.draft)
        check_seen(asdict(before), seen, name="the commitments")
        changed = [name for name in COMMITMENTS if before.amounts.get(name) != values.amounts.get(name)]
        edit.what = f"Commitments: {', '.join(map(commitment_label, changed))}"
        if changed:
            edit.draft.commitments.all().delete()
            Commitment.objects.bulk_create(_commitments(edit.draft, values))
    return edit.draft


def _commitments(draft: Version, values: CommitmentValues) -> Iterator[Commitment]:
    for name, (kind, grade) in COMMITMENTS.items():
        if name in values.amounts:
            yield Commitment(version=draft, kind=kind, grade=grade, amount=values.amounts[name])


def _set_columns(draft: Version, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(draft, name, value)


def _dimension(draft: Version, dimension: str, columns: dict[str, object]) -> None:
    """Write columns of a dimension; a draft that didn't speak of it does so from now on, with cap 0."""
    VersionDimension.objects.update_or_create(
        version=draft, dimension=dimension, defaults=columns, create_defaults={"cap": 0} | columns
    )


def _check_place(draft: Version, position: int) -> None:
    others = active_versions().exclude(definition=draft.definition_id).select_related("definition")
    taken = {other.position: other.definition.name for other in others}
    if position in taken:
        message = f"“{taken[position]}” has this place. Take another one."
        raise Invalid(message, problems=(Problem(message, "position"),))


def _regraded(before: GradeValues, after: GradeValues) -> str:
    if after.matrix is not None:
        return "Grades by fit and engagement" + (" instead of bands" if before.matrix is None else "")
    if before.matrix is not None:
        return "Grades in bands instead of by fit and engagement"
    floors = zip("ABC", before.floors, after.floors, strict=True)
    return ", ".join(f"{grade} begins at {old} → {new}" for grade, old, new in floors if old != new)
