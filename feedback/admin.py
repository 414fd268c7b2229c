"""Handoffs and what became of them in the Django admin: to look at."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from feedback.models import (
    Assignment,
    Attempt,
    Channel,
    CompanyHoliday,
    ContentPiece,
    ContentUse,
    Decision,
    Handoff,
    Leave,
    NoticeSettings,
    Notification,
    Outcome,
    Pause,
    PoolOverdue,
    PoolShortage,
    RepSettings,
    RoutingRule,
    SlaEvent,
    TeamHours,
    WorkingCalendar,
)


@admin.register(ContentPiece)
class ContentPieceAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "dimension", "industry", "stage", "language", "retired_at"]
    list_filter = ["kind", "dimension", "stage"]
    search_fields = ["^title_folded"]


@admin.register(ContentUse)
class ContentUseAdmin(ReadOnlyAdmin):
    list_display = ["piece", "lead_id", "how", "by", "at"]
    list_filter = ["how"]
    list_select_related = ["piece", "by"]


@admin.register(Handoff)
class HandoffAdmin(ReadOnlyAdmin):
    list_display = ["id", "lead_id", "cycle", "state", "grade", "team", "ready_at", "closed_at"]
    list_filter = ["state", "grade", "team"]
    list_select_related = ["team"]
    search_fields = ["=id", "=lead__id"]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "handoff_id",
        "owner",
        "assigned_at",
        "response_due_at",
        "responded_at",
        "decision_due_at",
        "decided_at",
        "next_event_at",
    ]
    list_select_related = ["owner"]
    search_fields = ["=handoff__id"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["handoff_id", "kind", "result", "by", "at", "happened_at"]
    list_filter = ["kind", "result"]
    list_select_related = ["by"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["handoff_id", "kind", "reason", "by", "at", "seen_at"]
    list_filter = ["kind"]
    list_select_related = ["reason", "by"]


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ["handoff_id", "kind", "amount", "currency", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["by"]


@admin.register(SlaEvent)
class SlaEventAdmin(ReadOnlyAdmin):
    list_display = ["assignment_id", "clock", "step", "due_at", "at"]
    list_filter = ["clock", "step"]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["user", "text", "at", "read_at"]
    list_select_related = ["user"]


@admin.register(NoticeSettings)
class NoticeSettingsAdmin(ReadOnlyAdmin):
    list_display = ["user", "mail", "daily_at", "quiet_from", "quiet_until"]
    list_select_related = ["user"]


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    list_display = ["name", "shape", "team", "is_active"]
    list_select_related = ["team"]
    exclude = ["address"]


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(ReadOnlyAdmin):
    list_display = ["name", "zone", "country", "region", "is_default"]


@admin.register(RepSettings)
class RepSettingsAdmin(ReadOnlyAdmin):
    list_display = ["user", "calendar", "is_away", "capacity", "per_day", "per_week", "weight"]
    list_select_related = ["user", "calendar"]


@admin.register(Leave)
class LeaveAdmin(ReadOnlyAdmin):
    list_display = ["rep", "starts", "ends"]
    list_select_related = ["rep"]


@admin.register(CompanyHoliday)
class CompanyHolidayAdmin(ReadOnlyAdmin):
    list_display = ["day", "label"]


@admin.register(TeamHours)
class TeamHoursAdmin(ReadOnlyAdmin):
    list_display = ["team", "calendar"]
    list_select_related = ["team", "calendar"]


@admin.register(Pause)
class PauseAdmin(ReadOnlyAdmin):
    list_display = ["assignment_id", "starts_at", "until", "ended_at", "by"]
    list_select_related = ["by"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(ReadOnlyAdmin):
    list_display = ["position", "name", "team", "way", "is_owner_first", "is_on"]
    list_select_related = ["team"]


@admin.register(PoolShortage)
class PoolShortageAdmin(ReadOnlyAdmin):
    list_display = ["team", "since", "ended_at"]
    list_select_related = ["team"]


@admin.register(PoolOverdue)
class PoolOverdueAdmin(ReadOnlyAdmin):
    list_display = ["handoff_id", "pooled_at", "due_at", "at"]
