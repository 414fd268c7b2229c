"""Teams are made and renamed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import record
from core.locking import locked
from users.models import Team, User
from users.services.checks import as_invalid, unique_or


@transaction.atomic
def create_team(*, name: str, by: User | None, now: datetime) -> Team:
    """Make a team; Invalid if the name is empty, too long or taken."""
    team = _saved(Team(name=name.strip()))
    record(actor=by, action="team.created", target=team, detail={"name": team.name})
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str, by: User, now: datetime) -> Team:
    """Rename a team; Invalid as above. The same name again changes and records nothing."""
    team = locked(Team.objects.filter(pk=team.pk)).get()
    before, team.name = team.name, name.strip()
    if before != team.name:
        _saved(team)
        record(actor=by, action="team.renamed", target=team, detail={"before": before, "after": team.name})
    return team


def _saved(team: Team) -> Team:
    try:
        team.full_clean()
    except ValidationError as error:
        raise as_invalid(error) from error
    with unique_or(f"There is a team {team.name} already."):
        team.save()
    return team
