"""Writing down who said the facts of buying centres, in the transaction that writes the facts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from leads.models import FactSource
from leads.models.bant import AnswerSource
from users.models import User

DRIVER = "driver"
"""The one fact of a buying centre that is a lead's."""


def note_companies(
    said: Mapping[int, Collection[str]], *, by: User | None, source: str = AnswerSource.REP, now: datetime
) -> None:
    """Say of each company that ``by`` said these facts (columns) just now; a repeat renews the moment."""
    _write(
        [
            FactSource(company_id=pk, fact=name, by=by, source=source, at=now)
            for pk, names in sorted(said.items())
            for name in sorted(names)
        ],
        "company",
    )


def note_leads(ids: Iterable[int], *, by: User | None, source: str = AnswerSource.REP, now: datetime) -> None:
    """Say of each lead that ``by`` said just now what drives it; a repeat takes the later moment."""
    _write(
        [FactSource(lead_id=pk, fact=DRIVER, by=by, source=source, at=now) for pk in sorted(set(ids))], "lead"
    )


def _write(rows: list[FactSource], owner: str) -> None:
    """One statement; nothing is asked of the database without rows."""
    if rows:
        FactSource.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=[owner, "fact"],
            update_fields=["by", "source", "at"],
            batch_size=1_000,
        )
