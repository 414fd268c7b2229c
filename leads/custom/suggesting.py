"""Columns that imports kept because no field takes them, and what fields they would make."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from leads import cleaning
from leads.cleaning import UnusableError
from leads.custom.checking import headers_of
from leads.custom.definitions import Definition
from leads.custom.values import read
from leads.imports.targets import squeezed
from leads.imports.values import is_empty
from leads.models import CustomField, ImportJob
from rules.fields import FieldType

JOBS: Final = 20
MOST: Final = 50
SAMPLES: Final = 3
GUESSED: Final = (FieldType.BOOLEAN, FieldType.NUMBER, FieldType.DATE)


@dataclass(slots=True)
class KeptColumn:
    """A column of recent imports: its spellings, what stood in it, and what type that looks like."""

    header: str
    headers: list[str] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def type(self) -> FieldType:
        """The first type that every sample fits; text if none does."""
        fitting = (
            kind for kind in GUESSED if self.samples and all(_fits(kind, each) for each in self.samples)
        )
        return next(fitting, FieldType.TEXT)


def kept_columns(fields: Iterable[CustomField]) -> list[KeptColumn]:
    """What the latest ``JOBS`` imports of leads kept and no field of ``fields`` takes, the largest first; one
    query, at most ``MOST`` columns."""
    taken = {name for each in fields for name in headers_of(each.label, each.headers)}
    jobs = ImportJob.objects.filter(kind=ImportJob.Kind.LEADS, state=ImportJob.State.DONE)
    found: dict[str, KeptColumn] = {}
    for job in jobs.only("header", "mapping", "preview", "created", "updated")[:JOBS]:
        for place, header in enumerate(job.header):
            name = squeezed(header)
            if name and name not in taken and not job.mapping.get(str(place)):
                _add(found.setdefault(name, KeptColumn(cleaning.plain(header)[:200])), job, place, header)
    columns = [each for each in found.values() if each.samples]
    return sorted(columns, key=lambda each: (-each.rows, each.header))[:MOST]


def _add(column: KeptColumn, job: ImportJob, place: int, header: str) -> None:
    spelling = cleaning.plain(header)[:200]
    column.headers += [spelling] if spelling not in column.headers else []
    column.rows += job.created + job.updated
    cells = (row[place].strip() for row in job.preview if place < len(row))
    for cell in cells:
        if not is_empty(cell) and cell not in column.samples and len(column.samples) < SAMPLES:
            column.samples.append(cell)


def _fits(kind: FieldType, cell: str) -> bool:
    try:
        read(Definition(slug="guessed", label="", type=kind), cell, ZoneInfo("UTC"), "dmy")
    except UnusableError:
        return False
    return True
