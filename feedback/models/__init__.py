"""What sales did with the leads it was handed, and by when it had to."""

from feedback.models.calendar import CalendarDay, CalendarInterval, RepSettings, WorkingCalendar
from feedback.models.handoff import Assignment, Attempt, Decision, Handoff, Outcome
from feedback.models.hindsight import Hindsight
from feedback.models.sla import LogCursor, Notification, SlaEvent
from feedback.models.week import ChangedWeek, KeptPart, KeptWeek

__all__ = [
    "Assignment",
    "Attempt",
    "CalendarDay",
    "CalendarInterval",
    "ChangedWeek",
    "Decision",
    "Handoff",
    "Hindsight",
    "KeptPart",
    "KeptWeek",
    "LogCursor",
    "Notification",
    "Outcome",
    "RepSettings",
    "SlaEvent",
    "WorkingCalendar",
]
