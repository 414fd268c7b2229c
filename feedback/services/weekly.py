"""The figures of last week, by mail to each sales manager."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import display
from core.models import OutboxMessage
from core.services import enqueue_mail
from feedback.models import Assignment, NoticeSettings
from feedback.reports.commitments import agreed_targets, one_target
from feedback.reports.dashboard import Asked, Dashboard, Middle, build, weekly
from feedback.reports.now import Open, count_now
from feedback.reports.sla import Clock, Compliance
from feedback.reports.weeks import Week, weeks_until
from feedback.routing import load_reps
from users.models import Role, User

FROM_HOUR = 7
"""Monday's hour in the company's zone from which last week is told."""
UNTIL_DAY = 2
"""Told until Tuesday's end, should the machine be off on Monday; later nobody reads it as last week's."""


def send_week(*, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> int:
    """Write last week's figures to every sales manager, of their team if they have one; gives how many mails.

    Meant to run every hour: from Monday morning to Tuesday it writes to whoever has no mail of that week yet,
    so a repeat writes nothing. Who wants no mail gets none. Nothing is told of a week in which nothing was
    assigned, due or open.
    """
    local = now.astimezone(zone)
    is_time = local.weekday() < UNTIL_DAY and (local.weekday() > 0 or local.hour >= FROM_HOUR)
    week = weeks_until(now, 2, zone)[0]
    managers = _untold(week) if is_time else []
    bodies = {team_id: _body(team_id, week, now, zone) for team_id in {each.team_id for each in managers}}
    return sum(_tell(manager, bodies[manager.team_id], week, now) for manager in managers)


def _untold(week: Week) -> list[User]:
    told = OutboxMessage.objects.filter(key__startswith=_key(week, "")).values("to")
    managers = User.objects.filter(role=Role.SALES_MANAGER, is_active=True).select_related("team")
    asleep = NoticeSettings.objects.filter(mail=NoticeSettings.Mail.NEVER).values("user")
    return list(managers.exclude(pk__in=told).exclude(pk__in=asleep))


def _key(week: Week, person: object) -> str:
    return f"follow-up:{week.monday.isoformat()}:{person}"


@transaction.atomic
def _tell(manager: User, body: str, week: Week, now: dt.datetime) -> bool:
    if not body:
        return False
    of = f" of {manager.team}" if manager.team else ""
    subject = f"Follow-up{of} in the week of {week.label}"
    enqueue_mail(to=manager, key=_key(week, manager.pk), subject=subject, body=body, now=now)
    return True


def _body(team_id: int | None, week: Week, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """The mail's text; "" where there is nothing to tell."""
    rows = Assignment.objects.all()
    asked = [Asked(clock=clock, weeks=1, team_id=team_id, until=week.start) for clock in Clock]
    own = rows if team_id is None else rows.filter(owner__team=team_id)
    opened = count_now(own, load_reps(now=now), team_id=team_id, now=now).total
    looks = [build(rows, each, keeps=True, now=now, zone=zone) for each in asked]
    if opened == Open() and all(look.is_empty for look in looks):
        return ""
    before = [weekly(rows, replace(each, weeks=2), keeps=True, now=now, zone=zone)[0] for each in asked]
    flow = looks[0].flow[0]
    team = f"&team={team_id}" if team_id else ""
    lines = [
        f"Last week, from Monday {week.label}:",
        "",
        *map(_promise, looks, before),
        f"Assigned to reps: {display.number(flow.assigned)}",
        f"Accepted or rejected: {display.number(flow.decided)}",
        "",
        "How long it took, of the leads assigned in it:",
        *_delays(looks[0]),
        "",
        "Open now:",
        *_open(opened),
        "",
        f"{settings.BASE_URL}{reverse('feedback:sla')}?weeks=12{team}",
    ]
    return "\n".join(lines) + "\n"


def _promise(figures: Dashboard, before: Compliance) -> str:
    """``First responses in time: 84 % (42 of 50), 80 % the week before, agreed 90 %``."""
    last, clock = figures.all.kept, figures.asked.clock
    what = "First responses" if clock == Clock.RESPONSE else "Decisions"
    target = one_target(agreed_targets(clock))
    agreed = "" if target is None else f", agreed {target} %"
    of = f" ({display.number(last.met)} of {display.number(last.due)})" if last.due else ""
    share = display.percent(last.ratio)
    return f"{what} in time: {share}{of}, {display.percent(before.ratio)} the week before{agreed}"


def _delays(figures: Dashboard) -> Sequence[str]:
    every = figures.all
    return [
        f"  until assigned: {_middle(every.system)}",
        f"  until the first response: {_middle(every.human)}, working time",
        f"  until decided: {_middle(every.decision)}, working time",
    ]


def _middle(middle: Middle) -> str:
    if middle.median is None or middle.p90 is None:
        return "nothing to count"
    median, p90 = display.duration(middle.median), display.duration(middle.p90)
    return f"half within {median}, nine of ten within {p90}"


def _open(found: Open) -> Sequence[str]:
    return [
        f"  overdue: {display.number(found.breached)}",
        f"  at risk: {display.number(found.at_risk)}",
        f"  never touched: {display.number(found.never_touched)}",
        f"  undecided: {display.number(found.undecided)}",
    ]
