"""In whose pool a lead waits that nobody has room for."""

from collections import Counter

from django.db.models import Count

from feedback.models import Handoff


def pool_of(team_sizes: dict[int, int], waiting: Counter[int | None]) -> int | None:
    """The team in whose pool the next lead waits: the one with the fewest waiting a rep."""
    if not team_sizes:
        return None
    return min(team_sizes, key=lambda team: (waiting[team] / team_sizes[team], team))


def waiting_by_team() -> Counter[int | None]:
    """How many leads wait in each team's pool."""
    rows = Handoff.objects.filter(state=Handoff.State.WAITING).order_by().values_list("team_id")
    return Counter(dict(rows.annotate(count=Count("pk"))))
