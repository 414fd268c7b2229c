"""What the address of the page asks for, read and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from core.errors import Invalid
from scoring.distribution.axes import AXES
from scoring.distribution.figures import SORTS

WEEKS = {"12": "12 weeks", "26": "26 weeks"}
SHOWN = {"share": "Shares", "leads": "Leads", "ready": "Sales-ready", "points": "Mean points"}


@dataclass(frozen=True, slots=True)
class Asked:
    """``by`` is an axis, ``group`` a key of it whose weeks are shown ("" for all leads)."""

    by: str = "source"
    sort: str = "-leads"
    weeks: int = 12
    show: str = "share"
    group: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Self:
        """From the parameters of an address; Invalid says which one can't be read. Blank is left out."""
        given = {name: params[name] for name in ("by", "sort", "weeks", "show") if params.get(name)}
        _check("be grouped by", given.get("by", "source"), AXES)
        _check("be sorted by", given.get("sort", "leads").removeprefix("-"), SORTS)
        _check("be shown for so many weeks:", given.get("weeks", "12"), WEEKS)
        _check("be shown as", given.get("show", "share"), SHOWN)
        return cls(
            by=given.get("by", "source"),
            sort=given.get("sort", "-leads"),
            weeks=int(given.get("weeks", "12")),
            show=given.get("show", "share"),
            group=params.get("group", ""),
        )

    def url(self, **changed: object) -> str:
        """The same page with something else chosen; another axis has other groups."""
        other = replace(self, **changed)  # type: ignore[arg-type]  # fields by name
        if "by" in changed and other.by != self.by:
            other = replace(other, group="", sort="-leads")
        pairs = {"by": other.by, "weeks": other.weeks, "show": other.show, "sort": other.sort}
        return "?" + urlencode(pairs | ({"group": other.group} if other.group else {}))


def _check(what: str, given: str, known: Mapping[str, object]) -> None:
    if given not in known:
        raise Invalid(f"Grades can't {what} “{given[:40]}”: choose one of {', '.join(known)}.")
