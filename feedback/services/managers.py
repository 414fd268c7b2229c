"""Whom to tell of a team."""

from users.models import Role, User


def sales_managers() -> dict[int | None, list[int]]:
    """The sales managers of each team, and all of them under None (1 query)."""
    found: dict[int | None, list[int]] = {None: []}
    people = User.objects.filter(role=Role.SALES_MANAGER, is_active=True).order_by("pk")
    for person, team in people.values_list("pk", "team_id"):
        found[None].append(person)
        if team is not None:
            found.setdefault(team, []).append(person)
    return found
