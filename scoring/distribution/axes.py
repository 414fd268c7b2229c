"""By what the base is split: the columns to group by, and the filter of the lead list for a group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Case, CharField, F, Value, When
from django.db.models.expressions import Combinable

from leads import countries
from rules.context import Context
from rules.fields import registry

SIZES = (0, 10, 50, 250, 1_000)
"""The fewest employees of each class of size."""
BIN = 5
LAST_BIN = 95
"""The last bin of points holds 100 as well."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to split the base.

    ``column`` is what to group by and ``label`` the text to show for it, where the key itself isn't; with
    ``campaign`` and ``points`` the statement knows better. ``field`` is the one that the lead list filters
    by. ``without`` names the leads that lack the fact.
    """

    key: str
    name: str
    field: str
    without: str
    column: Callable[[Context], Combinable] | None = None
    label: Callable[[Context], Combinable] | None = None


def _comparable(field: str) -> Callable[[Context], Combinable]:
    return lambda ctx: registry.get(field).comparable(ctx)


def _value(field: str) -> Callable[[Context], Combinable]:
    return lambda ctx: registry.get(field).value(ctx)


def _size(_ctx: Context) -> Combinable:
    classes = [When(company__employees__lt=below, then=Value(str(least))) for least, below in pairwise(SIZES)]
    known = When(company__employees__gte=SIZES[-1], then=Value(str(SIZES[-1])))
    return Case(*classes, known, default=Value(""), output_field=CharField())


AXES: Mapping[str, Axis] = {
    each.key: each
    for each in (
        Axis(
            "source",
            "Source",
            "lead.source",
            "No source",
            _comparable("lead.source"),
            _value("lead.source"),
        ),
        Axis("campaign", "First campaign", "campaign.first", "No campaign"),
        Axis("country", "Country", "lead.country", "No country", _value("lead.country")),
        Axis(
            "industry",
            "Industry",
            "company.industry",
            "No industry",
            _comparable("company.industry"),
            _value("company.industry"),
        ),
        Axis("size", "Company size", "company.employees", "Size unknown", _size),
        Axis(
            "version",
            "Definition",
            "score.version",
            "In no definition’s scope",
            lambda _ctx: F("score__version_id"),
        ),
    )
}
"""What a person chooses from; ``points`` is counted besides."""


def group_pairs(axis: str, key: str, text: str) -> Pairs | None:
    """The parameters by which the lead list shows a group; None if no filter can say it.

    ``text`` is the label of a folded key, or the campaign's name.
    """
    field = AXES[axis].field
    if not key:
        return [(f"{field}.unknown", "1")]
    if axis == "size":
        return _size_pairs(field, int(key))
    if axis == "version":
        return [(field, key)]
    if axis == "country":
        return [(field, key)] if key in country_names() else None
    return [(f"{field}.is", text)] if text.strip() else None


def _size_pairs(field: str, least: int) -> Pairs:
    if least == SIZES[-1]:
        return [(f"{field}.gte", str(least))]
    return [(f"{field}.between", f"{least},{SIZES[SIZES.index(least) + 1] - 1}")]


def bin_pairs(least: int) -> Pairs:
    """The parameters for leads with ``least`` points up to the next bin."""
    if least == LAST_BIN:
        return [("score.total.gte", str(least))]
    return [("score.total.between", f"{least},{least + BIN - 1}")]


def grade_pairs(*grades: str) -> Pairs:
    """The parameters for leads with one of the grades; "" is none, be it out of scope or not judged yet."""
    return [("score.grade", each) if each else ("score.grade.unknown", "1") for each in grades]


READY: Pairs = [("score.is_ready", "true")]


def size_words(key: str) -> str:
    """``10 to 49 employees``."""
    least = int(key)
    if least == SIZES[-1]:
        return f"{least:,} employees or more"
    return f"{least:,} to {SIZES[SIZES.index(least) + 1] - 1:,} employees"


def country_names() -> dict[str, str]:
    """Names by code."""
    return dict(countries.choices())
