"""The rows that the pages of people show, each named by what it means."""

from datetime import datetime

from django.db.models import Q, QuerySet

from users.models import ApiToken, Invitation, Role, Team, User

LONGEST_NUMBER = 18  # digits that fit both databases
SORTS = {"name": "name", "role": "role", "team": "team__name", "last_login": "last_login"}


def people(*, search: str = "", role: str = "", team: str = "", state: str = "") -> QuerySet[User]:
    """People by name or address, role, team and whether they are active; what is unknown filters nothing."""
    rows = User.objects.select_related("team")
    if search := search.replace("\0", ""):  # PostgreSQL takes no such character
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role in Role.values:
        rows = rows.filter(role=role)
    if team.isdecimal() and len(team) <= LONGEST_NUMBER:
        rows = rows.filter(team=int(team))
    if state in ("active", "inactive"):
        rows = rows.filter(is_active=state == "active")
    return rows


def sorted_people(rows: QuerySet[User], sort: str) -> QuerySet[User]:
    """``rows`` by one of ``SORTS``, with a minus from the end; anything else sorts by name."""
    column = SORTS.get(sort.removeprefix("-"), "name")
    return rows.order_by(f"-{column}" if sort.startswith("-") else column, "pk")


def active_admins() -> QuerySet[User]:
    return User.objects.filter(role=Role.ADMIN, is_active=True)


def open_invitations() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, newest first; some may have expired."""
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return open_ones.select_related("team", "invited_by")


def teams() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def live_tokens(person: User, *, now: datetime) -> QuerySet[ApiToken]:
    """The tokens of ``person`` that still work, newest first."""
    rows: QuerySet[ApiToken] = ApiToken.objects.filter(user=person, expiry__gt=now).order_by("-created")
    return rows
