"""What sales did with the leads it was handed, and by when it had to."""

from feedback.models.calendar import (
    CalendarDay,
    CalendarInterval,
    CompanyHoliday,
    RepSettings,
    TeamHours,
    WorkingCalendar,
)
from feedback.models.content import ContentPiece, ContentUse
from feedback.models.decision import Decision
from feedback.models.handoff import Assignment, Attempt, Handoff, Outcome
from feedback.models.hindsight import Hindsight
from feedback.models.notices import Channel, NoticeSettings
from feedback.models.pause import Pause
from feedback.models.routing import (
    AssignmentTrace,
    Leave,
    PoolOverdue,
    PoolShortage,
    RoutingRule,
    RoutingTurn,
)
from feedback.models.sla import LogCursor, Notification, SlaEvent
from feedback.models.week import ChangedWeek, KeptPart, KeptWeek

__all__ = [
    "Assignment",
    "AssignmentTrace",
    "Attempt",
    "CalendarDay",
    "CalendarInterval",
    "ChangedWeek",
    "Channel",
    "CompanyHoliday",
    "ContentPiece",
    "ContentUse",
    "Decision",
    "Handoff",
    "Hindsight",
    "KeptPart",
    "KeptWeek",
    "Leave",
    "LogCursor",
    "NoticeSettings",
    "Notification",
    "Outcome",
    "Pause",
    "PoolOverdue",
    "PoolShortage",
    "RepSettings",
    "RoutingRule",
    "RoutingTurn",
    "SlaEvent",
    "TeamHours",
    "WorkingCalendar",
]
