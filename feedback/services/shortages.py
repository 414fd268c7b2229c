"""Telling the sales managers that nobody has room: once for each time, however many leads wait."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from feedback.models import PoolShortage
from feedback.querysets import to_be_dealt
from feedback.routing import Roster, load_roster
from feedback.services.cursors import hold_cursor
from feedback.services.managers import sales_managers
from feedback.services.notices import Notice, notify
from users.models import Team

BODY = (
    "They are there to be claimed, and go out by themselves as soon as somebody has room. You can assign "
    "them by hand, raise somebody’s capacity or change the rules. You will hear of it again only after "
    "the pool was empty."
)


@transaction.atomic
def note_shortages(*, now: datetime) -> None:
    """Tell of teams in whose pool leads wait without anybody having room, and close what is over.

    A repeat tells nobody again. Its cost depends on the teams alone.
    """
    open_ = list(PoolShortage.objects.filter(ended_at=None))
    if not open_ and not to_be_dealt(now).exists():
        return
    hold_cursor()
    short = _teams_that_wait(now)
    over = [row.pk for row in open_ if row.team_id not in short]
    PoolShortage.objects.filter(pk__in=over).update(ended_at=now)
    new = short - {row.team_id for row in open_}
    if new:
        _begin(new, load_roster(now=now), now)


def _teams_that_wait(now: datetime) -> set[int | None]:
    waiting = to_be_dealt(now)
    teams: set[int | None] = set(
        Team.objects.filter(Exists(waiting.filter(team=OuterRef("pk")))).values_list("pk", flat=True)
    )
    return teams | ({None} if waiting.filter(team=None).exists() else set())


def _begin(teams: Collection[int | None], roster: Roster, now: datetime) -> None:
    room, known = roster.room(), Team.objects.in_bulk([team for team in teams if team is not None])
    managers = sales_managers()
    for team in sorted(teams, key=lambda each: each or 0):
        if (room.total() if team is None else room[team]) > 0:
            continue  # room that came up just now: the next release deals
        row, is_new = PoolShortage.objects.get_or_create(
            team=known.get(team or 0), ended_at=None, defaults={"since": now}
        )
        if not is_new:
            continue
        count = to_be_dealt(now).filter(team=team).count()
        text = _words(str(row.team or ""), count, has_reps=team in roster.teams())
        notify(
            [
                Notice(person, f"short:{row.pk}:{person}", text, reverse("feedback:pool"), BODY)
                for person in managers.get(team) or managers[None]
            ],
            now=now,
        )


def _words(team: str, count: int, *, has_reps: bool) -> str:
    wait = f"{count:,} sales-ready lead{' waits' if count == 1 else 's wait'} in the pool"
    if not team:
        return f"No rep takes leads: {wait}"
    return f"Nobody in {team} {'has room' if has_reps else 'takes leads now'}: {wait}"
