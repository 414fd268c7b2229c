"""Proposing what each column of a file is: by its header, and by what stands in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from core.text import fold
from leads.custom.definitions import definitions
from leads.imports import values
from leads.imports.offered import targets
from leads.imports.targets import CUSTOM, squeezed
from leads.models import ImportJob
from rules.fields import FieldType

Kind = ImportJob.Kind
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SIGNS: Final = (
    ("marketo", {"marketoguid"}),
    ("marketo", {"leadscore", "firstname", "updatedat"}),
    ("meta", {"adid", "formid", "platform"}),
    ("google_ads", {"gclid", "leadid"}),
    ("apollo", {"apollocontactid"}),
    ("linkedin", {"connectedon", "url"}),
    ("zoho", {"recordid", "leadowner", "createdtime"}),
    ("zoho", {"leadid", "leadowner", "createdtime"}),
    ("hubspot", {"recordid"}),
    ("hubspot", {"contactid", "lifecyclestage"}),
    ("pipedrive", {"pipedrivesystemid"}),
    ("salesforce", {"isconverted", "ownerid"}),
    ("salesforce", {"companyaccount", "leadowner"}),
    ("dynamics", {"rowchecksum"}),
)
"""A system and the headers that give it away."""
DEALS: Final = {"dealstage", "opportunitystage", "closedlostreason", "dealamount", "dealstatus", "outcome"}
"""Headers that only a list of what came of leads has."""
DATES: Final = ("created", "activity.at", "bant.timeframe")


@dataclass(slots=True)
class Proposal:
    """What a file seems to be. ``mapping`` goes from a column's index to a target's key.

    ``date_order`` is "" where the dates prove nothing; ``asks_for_order`` then says that they should be
    asked about. ``needs_numbers``: no column tells its rows apart.
    """

    kind: str
    system: str
    mapping: dict[int, str] = field(default_factory=dict)
    date_order: str = ""
    asks_for_order: bool = False
    needs_numbers: bool = False


def propose(header: Sequence[str], samples: Sequence[Sequence[str]]) -> Proposal:
    """A proposal from the header and the first rows."""
    names = [squeezed(name) for name in header]
    kind = _kind(set(names))
    columns = [_column(samples, place) for place in range(len(header))]
    proposal = Proposal(kind, _system(set(names)), _by_header(kind, header, names, columns))
    if kind == Kind.LEADS:
        _by_content(proposal.mapping, columns)
    dated = {
        *DATES,
        *(f"{CUSTOM}{slug}" for slug, each in definitions().items() if each.type is FieldType.DATE),
    }
    dates = [cell for place, key in proposal.mapping.items() if key in dated for cell in columns[place]]
    proposal.date_order = values.date_order(dates)
    proposal.asks_for_order = not proposal.date_order and any(map(values.is_ambiguous_date, dates))
    proposal.needs_numbers = kind == Kind.LEADS and not has_identity(proposal.mapping)
    return proposal


def _kind(names: set[str]) -> Kind:
    if {"activitydate", "leadid"} <= names:
        return Kind.ACTIVITIES
    return Kind.OUTCOMES if names & DEALS else Kind.LEADS


def has_identity(mapping: dict[int, str]) -> bool:
    """Whether the mapping names something by which a lead is known."""
    known = {"email", "phone", "name", "first_name", "last_name", "external_id"}
    return bool(known & set(mapping.values()))


def _column(samples: Sequence[Sequence[str]], place: int) -> list[str]:
    cells = [row[place].strip() for row in samples if place < len(row)]
    return [cell for cell in cells if not values.is_empty(cell)]


def _system(names: set[str]) -> str:
    return next((system for system, signs in SIGNS if signs <= names), "")


def _by_header(
    kind: str, header: Sequence[str], names: list[str], columns: list[list[str]]
) -> dict[int, str]:
    """For each target the column whose header stands first in its list; a column is used once."""
    mapping: dict[int, str] = {}
    for key, target in targets(kind).items():
        fits = [
            (target.headers.index(name), place)
            for place, name in enumerate(names)
            if name in target.headers
            and place not in mapping
            and _is_plausible(key, header[place], columns[place])
        ]
        if fits:
            mapping[min(fits)[1]] = key
    return mapping


def _is_plausible(key: str, header: str, cells: list[str]) -> bool:
    """Whether the cells may be what the header promises."""
    if key == "title":
        return "lead - title" not in fold(header)  # Pipedrive: the title of the enquiry
    if key == "external_id" and fold(header) == "url":
        return bool(cells) and all("linkedin.com/" in cell for cell in cells)
    if key in ("email", "activity.email"):
        return sum("@" in cell for cell in cells) * 2 >= len(cells)
    if key == "phone":
        return all(sum(char.isdigit() for char in cell) >= 5 or cell.startswith("p:") for cell in cells)
    if key in ("name", "first_name", "last_name"):
        return not cells or not all(cell.isdigit() for cell in cells)
    if key == "campaign":
        return not cells or not all(re.fullmatch(r"-?[\d.,]+", cell) for cell in cells)
    return True


def _by_content(mapping: dict[int, str], columns: list[list[str]]) -> None:
    """A column of addresses is the e-mail, whatever it is called."""
    if "email" in mapping.values():
        return
    for place, cells in enumerate(columns):
        if (
            place not in mapping
            and cells
            and sum(bool(EMAIL.fullmatch(cell)) for cell in cells) * 5 >= len(cells) * 4
        ):
            mapping[place] = "email"
            return
