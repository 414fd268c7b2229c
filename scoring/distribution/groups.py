"""The table of groups: their names, their order and the leads behind each figure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from alignment.models import Version
from core.text import fold
from leads.models import Campaign
from scoring.distribution.axes import AXES, READY, Pairs, country_names, grade_pairs, group_pairs, size_words
from scoring.distribution.choices import Asked
from scoring.distribution.figures import GRADES, Group, Split, groups, sort_value
from scoring.distribution.statement import TOP, Line


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of leads and the list of them; no address where there are none or no filter can say it."""

    leads: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``grades`` as GRADES, ``ungraded`` those without one.

    ``weeks_url`` shows its weeks alone, which can't be for leads without the fact and for the rest.
    """

    key: str
    name: str
    is_rest: bool
    split: Split
    leads: Figure
    grades: list[Figure]
    ungraded: Figure
    ready: Figure
    weeks_url: str


class Links:
    """Makes figures; ``is_open`` says whether the viewer may come to the leads."""

    def __init__(self, *, is_open: bool) -> None:
        self.is_open = is_open

    def figure(self, leads: int, *conditions: Pairs | None) -> Figure:
        """``leads`` and the list under all conditions; None is one that no filter can say."""
        known = [pairs for pairs in conditions if pairs is not None]
        if not self.is_open or not leads or len(known) < len(conditions):
            return Figure(leads)
        query = urlencode([pair for pairs in known for pair in pairs])
        return Figure(leads, f"{reverse('leads:list')}?{query}")


def rows(lines: Iterable[Line], asked: Asked, links: Links) -> list[Row]:
    """The groups in the order that was asked for, the rest last; one query at most for their names."""
    found = groups(lines, asked.by)
    name = _namer(asked.by, [group.key for group in found])
    drawn = [_row(group, name(group), asked, links) for group in found]
    return _in_order(drawn, asked.sort)


def _row(group: Group, name: str, asked: Asked, links: Links) -> Row:
    own = None if group.is_rest else group_pairs(asked.by, group.key, name)
    split = group.split
    return Row(
        key=group.key,
        name=name,
        is_rest=group.is_rest,
        split=split,
        leads=links.figure(split.leads, own),
        grades=[links.figure(split.of(each), own, grade_pairs(each)) for each in GRADES],
        ungraded=links.figure(split.ungraded, own, grade_pairs("")),
        ready=links.figure(split.ready, own, READY),
        weeks_url=asked.url(group=group.key) if group.key else "",
    )


def _namer(axis: str, keys: list[str]) -> Callable[[Group], str]:
    names = _names(axis, [key for key in keys if key])

    def name(group: Group) -> str:
        if group.is_rest:
            return f"All others, each smaller than these {TOP}"
        return names.get(group.key) or group.label or group.key or AXES[axis].without

    return name


def _names(axis: str, keys: list[str]) -> dict[str, str]:
    match axis:
        case "campaign":
            known = Campaign.objects.filter(pk__in=keys).values_list("pk", "name")
            return {str(pk): name for pk, name in known}
        case "version":
            versions = Version.objects.filter(pk__in=keys).select_related("definition")
            return {str(each.pk): str(each) for each in versions}
        case "country":
            return country_names()
        case "size":
            return {key: size_words(key) for key in keys}
    return {}


def _in_order(drawn: list[Row], sort: str) -> list[Row]:
    by, is_down = sort.removeprefix("-"), sort.startswith("-")
    ordered = sorted(drawn, key=lambda row: fold(row.name))
    if by == "name":
        ordered = ordered[::-1] if is_down else ordered
    else:
        ordered.sort(key=lambda row: sort_value(row.split, by), reverse=is_down)
    return sorted(ordered, key=lambda row: row.is_rest)
