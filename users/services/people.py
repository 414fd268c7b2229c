"""People join, change roles and teams, leave and come back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import record
from core.errors import Conflict
from core.locking import locked
from users.models import ApiToken, Role, Team, User, fold_email
from users.services.checks import as_invalid, check_team, unique_or


@transaction.atomic
def add_person(  # noqa: PLR0913 - a person is made of so many parts
    *,
    email: str,
    name: str,
    role: str,
    team: Team | None,
    password: str | None,
    by: User | None,
    now: datetime,
    zone: str = "",
) -> User:
    """Let somebody join. ``password=None``: they can't sign in until they have set one.

    Raises Conflict if the address has an account, Invalid if a value can't be used (a rep without a
    team, an unknown role or zone).
    """
    taken = f"{fold_email(email)} has an account already."
    if User.objects.filter(email=fold_email(email)).exists():
        raise Conflict(taken)
    check_team(role, team)
    try:
        with unique_or(taken):
            person = User.objects.create_user(
                email, password, name=name.strip(), role=role, team=team, zone=zone, joined_at=now
            )
    except ValidationError as error:
        raise as_invalid(error) from error
    record(actor=by, action="person.joined", target=person, detail={"role": role, "team": team and team.pk})
    return person


@transaction.atomic
def change_role(*, person: User, role: str, team: Team | None, by: User, now: datetime) -> User:
    """Give ``person`` a role and a team; a repeat changes and records nothing.

    Raises Invalid for a rep without a team, Conflict if it would leave no active admin.
    """
    check_team(role, team)
    person = _locked_person(person, stays_admin=role == Role.ADMIN)
    before = {"role": person.role, "team": person.team_id}
    after = {"role": role, "team": team.pk if team else None}
    if before == after:
        return person
    person.role, person.team = role, team
    person.save(update_fields=["role", "team"])
    record(actor=by, action="person.role_changed", target=person, detail={"before": before, "after": after})
    return person


@transaction.atomic
def deactivate(*, person: User, by: User, now: datetime) -> User:
    """Keep ``person`` out: sessions end at once, API tokens are revoked, history stays.

    Raises Conflict for the last active admin. A repeat changes and records nothing.
    """
    person = _locked_person(person, stays_admin=False)
    if not person.is_active:
        return person
    person.is_active = False
    person.save(update_fields=["is_active"])
    revoked = ApiToken.objects.filter(user=person).delete()[0]
    record(actor=by, action="person.deactivated", target=person, detail={"tokens_revoked": revoked})
    return person


@transaction.atomic
def reactivate(*, person: User, by: User, now: datetime) -> User:
    """Let ``person`` sign in again, with the password they had; tokens stay revoked."""
    person = _locked_person(person, stays_admin=True)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(actor=by, action="person.reactivated", target=person)
    return person


@transaction.atomic
def change_profile(*, person: User, name: str, zone: str, now: datetime) -> User:
    """Change one's own name and zone (empty: the organisation's); Invalid if one can't be used."""
    person = locked(User.objects.filter(pk=person.pk)).get()
    before = {"name": person.name, "zone": person.zone}
    person.name, person.zone = name.strip(), zone
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise as_invalid(error) from error
    changed = {field: (old, getattr(person, field)) for field, old in before.items()}
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        person.save(update_fields=list(changed))
        detail = {"fields": sorted(changed)}
        record(actor=person, action="person.profile_changed", target=person, detail=detail, personal=changed)
    return person


def _locked_person(person: User, *, stays_admin: bool) -> User:
    """The row of ``person``, locked; Conflict if they are the last active admin and won't stay one.

    All active admins are locked with it, in id order, so two admins can't demote each other at once.
    """
    admins = User.objects.filter(role=Role.ADMIN, is_active=True)
    rows = locked(User.objects.filter(pk__in=[*admins.values_list("pk", flat=True), person.pk]))
    row = next(found for found in rows if found.pk == person.pk)
    others = admins.exclude(pk=row.pk).exists()
    if row.role == Role.ADMIN and row.is_active and not stays_admin and not others:
        raise Conflict(f"{row.name} is the last active admin. Make somebody else an admin first.")
    return row
