"""What sales did with the leads it was handed, and by when it had to."""

from feedback.models.calendar import CalendarDay, CalendarInterval, RepSettings, WorkingCalendar
from feedback.models.content import ContentPiece, ContentUse
from feedback.models.decision import Decision
from feedback.models.handoff import Assignment, Attempt, Handoff, Outcome
from feedback.models.hindsight import Hindsight
from feedback.models.notices import Channel, NoticeSettings
from feedback.models.sla import LogCursor, Notification, SlaEvent

__all__ = [
    "Assignment",
    "Attempt",
    "CalendarDay",
    "CalendarInterval",
    "Channel",
    "ContentPiece",
    "ContentUse",
    "Decision",
    "Handoff",
    "Hindsight",
    "LogCursor",
    "NoticeSettings",
    "Notification",
    "Outcome",
    "RepSettings",
    "SlaEvent",
    "WorkingCalendar",
]
