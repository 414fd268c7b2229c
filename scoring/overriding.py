"""Which grade was set by hand, and how that reads."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from scoring.models import GradeOverride
from users.models import User


@dataclass(frozen=True, slots=True)
class SetByHand:
    """A grade set by hand as pages, the API and decisions tell of it; ``until`` is its last day."""

    id: int
    grade: str
    reason: str
    by: User | None
    at: datetime
    until: date

    @property
    def words(self) -> str:
        """``Grade B, set by hand by Marta Ortiz until 30 November 2026``."""
        return f"Grade {self.grade}, set by hand by {self.who} until {day_in_words(self.until)}"

    @property
    def who(self) -> str:
        """Its author; a person who is gone is somebody."""
        return str(self.by) if self.by else "somebody who is gone"


def set_by_hand(override: GradeOverride, zone: ZoneInfo) -> SetByHand:
    """``override`` (its author at hand) as plain values; days are those of the company's ``zone``."""
    return SetByHand(
        override.pk, override.grade, override.reason, override.by, override.at, override.last_day(zone)
    )


def overrides_at(now: datetime) -> QuerySet[GradeOverride]:
    """Those that take the place of the computed grade at ``now``, at most one of a lead."""
    return GradeOverride.objects.filter(ended_at__isnull=True, ends_at__gt=now).select_related("by")


def is_by_hand(lead: str, now: datetime) -> Exists:
    """Whether there is one, for rows whose column ``lead`` names a lead; the index of open ones answers.

    It has no effect on a lead that is disqualified or in no scope; the score's gate says so.
    """
    return Exists(
        GradeOverride.objects.filter(lead_id=OuterRef(lead), ended_at__isnull=True, ends_at__gt=now)
    )


def day_in_words(day: date) -> str:
    """``30 November 2026``."""
    return f"{day.day} {day:%B} {day.year}"
