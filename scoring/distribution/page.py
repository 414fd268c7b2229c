"""The page *Grades* as typed values; its template only prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.drawing import Linked
from core.errors import Invalid
from leads.days import date_of, day_number
from scoring import querysets
from scoring.distribution.axes import AXES, BIN, LAST_BIN, READY, bin_pairs, grade_pairs
from scoring.distribution.choices import SHOWN, WEEKS, Asked
from scoring.distribution.counting import Counted, monday_of
from scoring.distribution.figures import GRADES, Split, bins, groups, percents, whole
from scoring.distribution.groups import Figure, Links, Row, rows
from scoring.distribution.weeks import Activation, Week, activations, past_weeks
from scoring.models import Generation, Refresh

NOW = "Now"


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure: its leads, its share of those with a grade in words, and its list."""

    label: str
    figure: Figure
    note: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What ``{% chart %}`` takes."""

    kind: str
    columns: list[str]
    rows: list[list[object]]
    marks: dict[str, str]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several views, as ``{% tabs %}`` takes it."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is shown of one count."""

    counted: Counted
    asked: Asked
    split: Split
    tiles: list[Tile]
    histogram: Plot
    bands: list[str]
    weeks: Plot
    has_weeks: bool
    since: date | None
    activated: str
    rows: list[Row]
    group_name: str

    @property
    def axis_name(self) -> str:
        return AXES[self.asked.by].name

    @property
    def weeks_title(self) -> str:
        """What the plot of weeks shows."""
        titles = {
            "share": "Share of each grade",
            "leads": "Leads by grade",
            "points": "Mean points of a lead",
        }
        return titles.get(self.asked.show, "Share of leads that are sales-ready")

    @property
    def here(self) -> str:
        """What is chosen, as the query of an address."""
        return self.asked.url()

    @property
    def all_url(self) -> str:
        """The weeks of all leads."""
        return self.asked.url(group="")

    @property
    def axes(self) -> list[Choice]:
        """By what the base can be split."""
        return [Choice(axis.name, self.asked.url(by=key), key == self.asked.by) for key, axis in AXES.items()]

    @property
    def spans(self) -> list[Choice]:
        """For how many weeks."""
        return [
            Choice(label, self.asked.url(weeks=int(key)), int(key) == self.asked.weeks)
            for key, label in WEEKS.items()
        ]

    @property
    def shows(self) -> list[Choice]:
        """What of each week."""
        return [
            Choice(label, self.asked.url(show=key), key == self.asked.show) for key, label in SHOWN.items()
        ]


def page_of(found: Counted, asked: Asked, *, is_open: bool, now: datetime, zone: ZoneInfo) -> Page:
    """The page for somebody who may come to the leads (``is_open``) or not; nine queries at most.

    Invalid if the group that was asked for is none of those shown.
    """
    links = Links(is_open=is_open)
    split = whole(found.lines)
    this = date_of(monday_of(day_number(now, zone)))
    drawn = rows(found.lines, asked, links)
    if asked.group and all(row.key != asked.group for row in drawn):
        raise Invalid("That group is none of those counted by name: choose one of the table.")
    past = past_weeks(weeks=asked.weeks, axis=_axis(asked), key=asked.group, now=now, zone=zone)
    first = past[0].monday if past else this
    fresh = activations(since=first, zone=zone)
    bands = _bands()
    return Page(
        counted=found,
        asked=asked,
        split=split,
        tiles=_tiles(split, links),
        histogram=_histogram(found, links, bands),
        bands=[f"{name}: {', '.join(f'{g} from {floor}' for g, floor in floors)}" for name, floors in bands],
        weeks=_weeks(past, _current(found, asked), asked, _marks(fresh, this)),
        has_weeks=bool(past),
        since=first if this - first < timedelta(weeks=asked.weeks - 1) and past else None,
        activated=", ".join(f"{each.name} on {_day(each.on)}" for each in fresh),
        rows=drawn,
        group_name=next((row.name for row in drawn if asked.group and row.key == asked.group), asked.group),
    )


def last_refresh() -> Refresh | None:
    """The newest run over the whole base for what time alone changes; it may still be going on."""
    return Refresh.objects.order_by("-pk").first()


def _axis(asked: Asked) -> str:
    return asked.by if asked.group else "version"


def _current(found: Counted, asked: Asked) -> Split | None:
    if not asked.group:
        return whole(found.lines)
    alike = (each for each in groups(found.lines, asked.by) if not each.is_rest and each.key == asked.group)
    return next((each.split for each in alike), None)


def _tiles(split: Split, links: Links) -> list[Tile]:
    def note(share: float | None) -> str:
        return "" if share is None else f"{share:.1%}".replace("%", " %")

    return [
        *(
            Tile(f"Grade {each}", links.figure(split.of(each), grade_pairs(each)), note(split.share(each)))
            for each in GRADES
        ),
        Tile("Sales-ready", links.figure(split.ready, READY), note(split.ready_share)),
        Tile("No grade", links.figure(split.ungraded, grade_pairs("")), _ungraded(split)),
    ]


def _ungraded(split: Split) -> str:
    if split.unjudged:
        return f"{split.out_of_scope:,} in no definition’s scope, {split.unjudged:,} not judged yet"
    return "in no definition’s scope"


def _histogram(found: Counted, links: Links, bands: Sequence[tuple[str, list[tuple[str, int]]]]) -> Plot:
    drawn: list[list[object]] = []
    for least, split in bins(found.lines):
        cells = [links.figure(split.of(each), bin_pairs(least), grade_pairs(each)) for each in GRADES]
        drawn.append([_bin_name(least), *(Linked(each.leads, each.url) for each in cells)])
    floors = bands[0][1] if len(bands) == 1 else []
    marks = {_bin_name(min(floor // BIN * BIN, LAST_BIN)): f"{grade} {floor}+" for grade, floor in floors}
    return Plot("stacked", ["Points", *GRADES], drawn, marks)


def _bin_name(least: int) -> str:
    return f"{least}–{100 if least == LAST_BIN else least + BIN - 1}"


def _bands() -> list[tuple[str, list[tuple[str, int]]]]:
    """The floors of each version in force that grades by them: (its id and name, [(grade, floor)])."""
    live = querysets.live_generation_id()
    if live is None:
        return []
    versions = Generation.objects.get(pk=live).versions.select_related("definition")
    return [
        (str(each), [("C", each.floor_c), ("B", each.floor_b), ("A", each.floor_a)])
        for each in versions.order_by("position", "pk")
        if not each.matrix
    ]


def _marks(fresh: Sequence[Activation], this: date) -> dict[str, str]:
    """By the name of the week's row: the numbers alone, as long as there is one definition."""
    one = len({each.version.definition_id for each in fresh}) == 1
    marks: dict[str, list[str]] = {}
    for each in fresh:
        row = NOW if each.monday == this else _day(each.monday)
        marks.setdefault(row, []).append(f"v{each.version.number}" if one else each.name)
    return {row: ", ".join(names) for row, names in marks.items()}


def _weeks(past: list[Week], current: Split | None, asked: Asked, marks: dict[str, str]) -> Plot:
    drawn = [[_day(week.monday), *_cells(week.split, asked.show)] for week in past]
    drawn.append([NOW, *_cells(current, asked.show)])
    return Plot(
        kind="stacked" if asked.show in ("share", "leads") else "line",
        columns=["Week of", *(GRADES if asked.show in ("share", "leads") else [SHOWN[asked.show]])],
        rows=drawn,
        marks=marks,
        unit="%" if asked.show in ("share", "ready") else "",
    )


def _cells(split: Split | None, show: str) -> list[object]:
    if split is None:
        return [None] * (len(GRADES) if show in ("share", "leads") else 1)
    match show:
        case "share":
            return list(percents(split))
        case "leads":
            return [split.of(grade) for grade in GRADES]
        case "ready":
            return [None if split.ready_share is None else round(split.ready_share * 100, 1)]
    return [None if split.mean is None else round(split.mean, 1)]


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
