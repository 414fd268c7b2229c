"""What is worked out again when the company moves to another time zone."""

from datetime import datetime

from core.hooks import Recount
from feedback.models import Assignment, WorkingCalendar
from feedback.services.calendars import by_default
from feedback.services.clocks import reset_clocks


def _in_use() -> bool:
    """Whether open leads are worked by the hours that count until somebody sets up a calendar."""
    has_default = WorkingCalendar.objects.filter(is_default=True).exists()
    return not has_default and Assignment.objects.filter(ended_at=None).exists()


def _run(now: datetime) -> None:
    reset_clocks(by_default(), now=now)


ZONE = Recount(
    "Open leads without a working calendar become due by the hours of the new zone.", _in_use, _run
)
