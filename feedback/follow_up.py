"""The follow-up page put together: one reader's look at the figures, with the addresses behind them."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from core import display
from core.drawing import Linked
from core.text import capital
from feedback.access import SEES_ALL, visible_assignments, visible_handoffs
from feedback.forms.follow_up import FollowUpForm
from feedback.forms.queue import checked
from feedback.models import SlaEvent
from feedback.reports.commitments import Agreed, agreed_targets, one_target
from feedback.reports.dashboard import Dashboard, Line, Middle, build, weekly
from feedback.reports.heat import heat
from feedback.reports.links import Links
from feedback.reports.now import HOURS, Now, Room, count_now
from feedback.reports.pool import PoolFigures, pool_figures
from feedback.reports.sla import Compliance
from feedback.reports.tables import OF_PERIOD, REPS
from feedback.reports.weeks import Week, weeks_until
from feedback.routing import load_reps
from users.access import person

CLOCKS = {SlaEvent.Clock.RESPONSE: "First response", SlaEvent.Clock.DECISION: "Decision"}
STEPS = {"at_risk": "At risk", "breached": "Overdue"}
OPEN = ("undecided", "at_risk", "breached", "never_touched")
ROWS = 25
"""Of a table that a large team makes long, until all are asked for."""
NEAR = 10
"""Points below the target that are a warning still."""


class Look:
    """What one reader asked for, and the figures as they are wanted.

    Raises Invalid for an address that asks for what isn't there.
    """

    def __init__(self, request: HttpRequest, *, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> None:
        form = FollowUpForm(request.GET)
        values = checked(form)
        self.asked = form.asked(values)
        self.most: int | None = None if values["all"] else ROWS
        self.is_whole: bool = values["whole"]
        self.query = f"?{request.GET.urlencode()}" if request.GET else ""
        self.all_query = f"?{urlencode({**request.GET.dict(), 'all': 1})}"
        self.whole_query = f"?{urlencode({**request.GET.dict(), 'whole': 1})}"
        self.at, self.zone = now, zone
        viewer = person(request)
        self.rows, self.handoffs = visible_assignments(viewer), visible_handoffs(viewer)
        self.is_all = viewer.role in SEES_ALL
        self.links = Links(self.asked)

    @cached_property
    def figures(self) -> Dashboard:
        """Those of the period."""
        return build(self.rows, self.asked, keeps=self.is_all, now=self.at, zone=self.zone)

    @cached_property
    def weeks(self) -> tuple[Compliance, ...]:
        """Compliance of each week; without the other figures where they aren't wanted."""
        if "figures" in self.__dict__:
            return self.figures.all.weeks
        return weekly(self.rows, self.asked, keeps=self.is_all, now=self.at, zone=self.zone)

    @cached_property
    def open(self) -> Now:
        """What is open now."""
        team_id = self.asked.team_id
        rows = self.rows if team_id is None else self.rows.filter(owner__team=team_id)
        return count_now(rows, load_reps(now=self.at), team_id=team_id, now=self.at)

    @cached_property
    def pool(self) -> PoolFigures:
        """What waits for an owner now."""
        team_id = self.asked.team_id
        return pool_figures(
            self.handoffs if team_id is None else self.handoffs.filter(team=team_id), now=self.at
        )

    @cached_property
    def agreed(self) -> list[Agreed]:
        """What the versions in force promise for the clock."""
        return agreed_targets(self.asked.clock)

    @cached_property
    def target(self) -> int | None:
        """The share in per cent that they all promise."""
        return one_target(self.agreed)

    def all_url(self, rows: int) -> str:
        """Where all of so many rows are shown; "" where they are."""
        return "" if self.most is None or rows <= self.most else f"{reverse('feedback:sla')}{self.all_query}"

    @property
    def this_week(self) -> Week:
        """The week that runs."""
        return weeks_until(self.at, 1, self.zone)[0]

    def address(self, name: str, *args: str) -> str:
        """The address of a part of the page for the same look."""
        return f"{reverse(f'feedback:{name}', args=args)}{self.query}"


def now_context(look: Look) -> dict[str, Any]:
    """What is open: the tiles, what is due next, and each rep's desk."""
    this_week, last_week = look.weeks[-1], look.weeks[-2]
    target = f", target {look.target} %" if look.target is not None else ""
    return {
        "week": display.percent(this_week.ratio),
        "week_url": look.links.due("due", is_all=True, week=look.this_week.monday) if this_week.due else "",
        "week_note": f"{display.percent(last_week.ratio)} last week{target}",
        "tone": tone_of(this_week, look.target),
        "trend": [week.percent for week in look.weeks],
        "open": look.open.total,
        "pool": look.pool,
        "pool_note": _pool_note(look.pool, look.at),
        "pool_url": look.links.pool(),
        "room_note": _room_note(look.open.room),
        "links": {show: look.links.now(show) for show in OPEN},
        "desks": [
            (
                desk.name,
                *(
                    Linked(getattr(desk.open, each), look.links.now(each, owner=desk.owner_id))
                    for each in OPEN
                ),
            )
            for desk in look.open.desks[: look.most]
        ],
        "count": len(look.open.desks),
        "all_url": look.all_url(len(look.open.desks)),
        "coming": [
            (band_words(place), Linked(count, look.links.now("open", coming=HOURS[place])))
            for place, count in enumerate(look.open.coming)
        ],
        "file": look.address("sla_file", REPS),
        "again": look.address("sla_now"),
    }


def _pool_note(pool: PoolFigures, now: dt.datetime) -> str:
    """``2 too long, the oldest came 3 h ago; 4 more no longer sales-ready``."""
    said = []
    if pool.oldest_since is not None:
        oldest = f"the oldest came {display.ago(pool.oldest_since, now=now)}"
        said.append(f"{display.number(pool.overdue)} too long, {oldest}" if pool.overdue else oldest)
    if pool.fallen:
        more = "more " if pool.waiting else ""
        said.append(f"{display.number(pool.fallen)} {more}no longer sales-ready")
    return "; ".join(said)


def _room_note(room: Room) -> str:
    if not room.reps:
        return "No rep takes leads now"
    return f"{display.percent(room.ratio)} of the room of {room.reps} rep{'s' if room.reps != 1 else ''}"


def step_words(step: str) -> str:
    """What a step of the ladder is called: ``Overdue``."""
    return STEPS.get(step) or capital(step.replace("_", " "))


def band_words(place: int) -> str:
    """``within an hour``, ``in 1 to 4 hours``."""
    return "within an hour" if not place else f"in {HOURS[place - 1]} to {HOURS[place]} hours"


def tone_of(kept: Compliance, target: int | None) -> str:
    """Whether a share keeps the target: "good", "warn" (within ten points), "bad" or ""."""
    if kept.percent is None or target is None:
        return ""
    if kept.percent >= target:
        return "good"
    return "warn" if kept.percent >= target - NEAR else "bad"


def period_context(look: Look) -> dict[str, Any]:
    """The figures of the period: over the weeks, by part, the delays, the hours, the flow and the ladder."""
    figures, links = look.figures, look.links
    return {
        "figures": figures,
        "split": figures.asked.split,
        "target": look.target,
        "plot_title": _plot_title(look),
        "plot_columns": ["Week of", "All", *(line.name for line in figures.plotted)],
        "plot_rows": _plot(look),
        "is_cut": len(figures.plotted) < sum(bool(line.kept.due) for line in figures.lines),
        "parts": [(line, _part_links(links, line, is_all=False)) for line in figures.lines[: look.most]],
        "count": len(figures.lines),
        "all_url": look.all_url(len(figures.lines)),
        "all": (figures.all, _part_links(links, figures.all, is_all=True)),
        "delays": _delays(figures, links),
        "heat": heat(figures, links),
        "flow_columns": ["Week of", "Assigned", "Decided"],
        "flow_rows": [
            [
                each.week.label,
                Linked(each.assigned, links.flow("assigned", each.week.monday)),
                Linked(each.decided, links.flow("decided", each.week.monday)),
            ]
            for each in figures.flow
        ],
        "steps": [
            (
                CLOCKS[SlaEvent.Clock(each.clock)],
                step_words(each.step),
                Linked(each.count, links.step(each.clock, each.step)),
            )
            for each in figures.steps
        ],
        "files": {name: look.address("sla_file", name) for name in OF_PERIOD},
        "again": look.address("sla_period"),
    }


@dataclass(frozen=True, slots=True)
class DelayRow:
    """A delay of a grade beside what was promised; elapsed time unless ``is_working``."""

    delay: str
    grade: str
    middle: Middle
    target: str
    url: str
    is_working: bool


def _delays(figures: Dashboard, links: Links) -> list[DelayRow]:
    """Each delay with the grades below each other; nothing is promised of the system's."""
    found = figures.by_grade

    def rows(delay: str, show: str, *, target: str = "") -> list[DelayRow]:
        return [
            DelayRow(
                delay,
                each.grade,
                getattr(each.line, DELAYS[show]),
                getattr(each, target) if target else "",
                links.assigned(show, is_all=True, grade=each.grade),
                is_working=bool(target),
            )
            for each in found
        ]

    return [
        *rows("Until assigned", "first"),
        *rows("Until response", "responded", target="response_target"),
        *rows("Until decision", "decided", target="decision_target"),
    ]


DELAYS = {"first": "system", "responded": "human", "decided": "decision"}
"""The delay of a line that is counted of the leads in a list."""


def _plot_title(look: Look) -> str:
    asked = look.asked
    return (
        f"{CLOCKS[SlaEvent.Clock(asked.clock)]} in time by week and {asked.split}, last {asked.weeks} weeks"
    )


def _plot(look: Look) -> list[list[object]]:
    """Rows of week, all and each part that is plotted, in per cent, with the clocks behind them."""
    figures, links = look.figures, look.links
    rows: list[list[object]] = []
    for place, week in enumerate(figures.weeks):
        cells = [_percent(figures.all.weeks[place], links.due("due", is_all=True, week=week.monday))]
        cells += [
            _percent(line.weeks[place], links.due("due", line.key, week=week.monday))
            for line in figures.plotted
        ]
        rows.append([week.label, *cells])
    return rows


def _percent(kept: Compliance, url: str) -> Linked:
    return Linked(kept.percent, url if kept.due else "")


def _part_links(links: Links, line: Line, *, is_all: bool) -> dict[str, str]:
    """The lists behind a line: clocks that were due and missed, and what each delay was counted of."""
    return {
        "due": links.due("due", line.key, is_all=is_all),
        "missed": links.due("missed", line.key, is_all=is_all),
        "first": links.assigned("first", line.key, is_all=is_all),
        "responded": links.assigned("responded", line.key, is_all=is_all),
        "decided": links.assigned("decided", line.key, is_all=is_all),
    }
