"""How the forms of sales are filled in well, and by whom: the queue, routing, hours and being told."""

from collections.abc import Callable, Mapping

from tests.ugly.world import World
from users.models import Role

Values = Callable[[World], Mapping[str, object]]
NAMED = {"name": "Anna", "zone": "Europe/Berlin"}
CALENDAR = {
    **NAMED,
    "country": "DE",
    "region": "BY",
    "monday": "9:00-12:00, 13:00-18:00",
    "days_off": "2026-12-24 Eve",
}
BUILDER = {
    "builder": "condition",
    "condition-use": "criterion",
    "condition-label": "Condition",
    "condition-match": "all",
    "condition-0-not": "1",
    "condition-0-field": "company.employees",
    "condition-0-op": "between",
    "condition-0-value": "20",
    "condition-1-field": "activity",
    "condition-1-kinds": "page_view",
    "condition-1-detail": "*price*",
    "condition-1-times": "2",
    "condition-1-window": "30",
}

SALES: dict[str, tuple[Role | None, Values]] = {
    "reject": (
        Role.REP,
        lambda w: {"reason": w.version.reasons.get(key="other").pk, "text": "Not now.", "next": "/"},
    ),
    "attempt": (Role.REP, lambda w: {"kind": "call", "result": "reached", "note": "Hi."}),
    "disqualify": (
        Role.REP,
        lambda w: {"reason": w.version.reasons.get(key="other").pk, "text": "Never.", "next": "/"},
    ),
    "recycle": (Role.REP, lambda w: {"until": "", "day": "2027-06-01", "text": "Later."}),
    "return": (Role.REP, lambda w: {"text": "Not mine."}),
    "duplicate": (Role.REP, lambda w: {"twin": w.accepted.handoff.lead_id}),
    "record_answer": (
        Role.REP,
        lambda w: {"dimension": "need", "level": "2", "evidence": "x", "amount": "", "purchase_on": ""},
    ),
    "notice_settings": (
        Role.REP,
        lambda w: {"mail": "daily", "daily_at": "08:00", "quiet_from": "20:00", "quiet_until": "07:00"},
    ),
    "channel_new": (
        Role.SALES_MANAGER,
        lambda w: {
            "name": "#new",
            "shape": "teams",
            "address": "https://hooks.slack.com/services/T0/B0/y",
            "team": w.team.pk,
            "is_active": "on",
        },
    ),
    "channel": (
        Role.SALES_MANAGER,
        lambda w: {"name": "#other", "shape": "slack", "address": "", "team": "", "is_active": "on"},
    ),
    "callback": (Role.REP, lambda w: {"at": "2026-12-01T10:00", "preset": ""}),
    "pause": (Role.REP, lambda w: {"until": "2026-12-01T10:00", "preset": "", "reason": "Away."}),
    "outcome": (Role.REP, lambda w: {"kind": "won", "amount": "100", "currency": "EUR", "text": ""}),
    "outcome_lost": (Role.REP, lambda w: {"kind": "lost", "amount": "", "currency": "", "text": "Price."}),
    "assign": (
        Role.SALES_MANAGER,
        lambda w: {"handoff": w.undecided.handoff_id, "to": w.outsider.pk, "next": "/queue/"},
    ),
    "rejections_seen": (Role.MARKETER, lambda w: {"decision": 1, "next": "/reasons/"}),
    "calendar_new": (Role.SALES_MANAGER, lambda w: CALENDAR),
    "calendar": (Role.SALES_MANAGER, lambda w: CALENDAR),
    "rep_settings": (
        Role.SALES_MANAGER,
        lambda w: {
            "calendar": w.calendar.pk,
            "is_away": "on",
            "capacity": "10",
            "weight": "2",
            "per_day": "3",
            "per_week": "9",
            "ramp_from": "2026-11-02",
            "ramp_weeks": "4",
        },
    ),
    "leave_add": (Role.SALES_MANAGER, lambda w: {"starts": "2999-01-04", "ends": "2999-01-09"}),
    "holiday_add": (Role.SALES_MANAGER, lambda w: {"day": "2026-12-30", "label": "Stocktaking"}),
    "team_hours": (Role.SALES_MANAGER, lambda w: {"calendar": w.calendar.pk}),
    "rule_new": (
        Role.SALES_MANAGER,
        lambda w: {**BUILDER, "name": "New", "team": w.team.pk, "way": "weighted", "is_owner_first": "on"},
    ),
    "rule": (
        Role.SALES_MANAGER,
        lambda w: {**BUILDER, "name": "Other", "team": w.team.pk, "way": "round_robin", "revision": 1},
    ),
    "rule_move": (Role.SALES_MANAGER, lambda w: {"to": "up"}),
    "rule_switch": (Role.SALES_MANAGER, lambda w: {"on": "0"}),
    "hand_over": (Role.SALES_MANAGER, lambda w: {"way": "rep", "to": w.outsider.pk}),
    "take_back": (Role.SALES_MANAGER, lambda w: {"handoff": w.undecided.handoff_id, "next": "/queue/"}),
}
