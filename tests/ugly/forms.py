"""How each form is filled in well, by whom, and what odd values a field of it may get."""

from collections.abc import Callable, Mapping

from alignment.models import Dimension
from tests.factories import PASSWORD
from tests.ugly.world import World
from users.models import Role

ODD = {
    "empty": "",
    "null character": "a\0b",
    "half of a character": "\ud800",
    "hidden direction": "\u202etxet",
    "another head": "x\r\nBcc: all@example.com",
    "1 MB": "x" * 1_000_000,
    "not known": "n/a",
    "zero": "0",
    "negative": "-1",
    "small": "0.001",
    "no number": "NaN",
    "infinite": "Infinity",
    "beyond floats": "1e400",
    "too large for the database": "9" * 30,
    "too long for a number": "9" * 5_000,
    "superscript": "²",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "last moment with zone": "9999-12-31T23:59:59-12:00",
    "skipped hour": "2027-03-28T02:30",
    "markup": "<script>alert(1)</script>",
    "tree": '{"not": ' * 900 + '{"all": []}' + "}" * 900,
}
WORST = ("null character", "too long for a number", "markup")
Values = Callable[[World], Mapping[str, object]]
NAMED = {"name": "Anna", "zone": "Europe/Berlin"}
LEAD = {
    "name": "Tom",
    "email": "tom@example.com",
    "phone": "+49 30 99887766",
    "title": "CTO",
    "country": "DE",
    "city": "Bonn",
    "language": "de",
    "source": "Fair",
    "company_name": "Acme",
    "company_domain": "acme.example",
    "company_industry": "Tools",
    "company_employees": "20",
    "company_country": "DE",
}
FIELD = {
    "label": "Plan",
    "type": "choice",
    "unit": "",
    "choices": "Gold\r\nSilver",
    "headers": "Tariff",
    "help": "What they pay for.",
}
PIECE = {
    "title": "Guide",
    "kind": "article",
    "url": "https://example.com/guide",
    "text": "Hello {name}",
    "dimension": "need",
    "reason_key": "other",
    "industry": "Tools",
    "stage": "inquiry",
    "language": "de",
}
CALENDAR = {
    **NAMED,
    "country": "DE",
    "region": "BY",
    "monday": "9:00-12:00, 13:00-18:00",
    "days_off": "2026-12-24 Eve",
}
CRITERION = {
    "label": "Large",
    "dimension": "fit",
    "points": "5",
    "counts": "condition",
    "condition-match": "all",
    "condition-not": "0",
    "condition-0-field": "company.employees",
    "condition-0-op": "gte",
    "condition-0-value": "200",
    "builder-action": "",
}
ACTIVITY = {
    "counts": "activity",
    "activity-kinds": "page_view",
    "activity-detail": "*pricing*",
    "per": "occurrence",
    "cap": "10",
    "daily_cap": "2",
    "decay": "step",
    "decay_days": "30",
    "decay_keep": "50",
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
FORMS: dict[str, tuple[Role | None, Values]] = {
    "sign_in": (None, lambda w: {"username": "a@example.com", "password": PASSWORD, "next": "/"}),
    "forgotten": (None, lambda w: {"email": w.people[Role.REP].email}),
    "join": (None, lambda w: {**NAMED, "password": "quite a long one", "email": "x@example.com"}),
    "change_password": (
        Role.REP,
        lambda w: {
            "old_password": PASSWORD,
            "new_password1": "quite another one",
            "new_password2": "quite another one",
        },
    ),
    "profile": (Role.REP, lambda w: NAMED),
    "grade": (
        Role.MARKETING_MANAGER,
        lambda w: {"grade": "B", "reason": "Asked", "ends_on": "2027-01-31", "replaces": ""},
    ),
    "tokens": (Role.REP, lambda w: {"name": "Website", "days": 90}),
    "invite": (Role.ADMIN, lambda w: {"email": "b@example.com", "role": "rep", "team": w.team.pk}),
    "teams": (Role.ADMIN, lambda w: {"name": "East"}),
    "team": (Role.ADMIN, lambda w: {"name": "West"}),
    "person": (Role.ADMIN, lambda w: {"role": "rep", "team": w.team.pk}),
    "organisation": (
        Role.ADMIN,
        lambda w: {"name": "Acme", "zone": "Europe/Berlin", "currency": "USD", "is_sure": "on"},
    ),
    "field_new": (Role.ADMIN, lambda w: {**FIELD, "column": "Shoe size", "date_order": "dmy"}),
    "field": (Role.ADMIN, lambda w: {**FIELD, "seen_at": w.field.updated_at.isoformat(), "is_sure": "on"}),
    "field_move": (Role.ADMIN, lambda w: {"to": "up"}),
    "new": (Role.MARKETER, lambda w: LEAD | {f"attributes_{w.field.slug}": ""}),
    "edit_lead": (Role.MARKETER, lambda w: {**LEAD, "seen_at": w.lead.updated_at.isoformat()}),
    "answer_lead": (
        Role.REP,
        lambda w: {
            "dimension": "timeframe",
            "level": "2",
            "amount": "10",
            "text": "x",
            "purchase_on": "2027-01-01",
            "evidence": "y",
        },
    ),
    "buying": (
        Role.REP,
        lambda w: {
            "company_buying": "central",
            "company_by_rfp": "no",
            "company_incumbent": "Old Ltd",
            "company_incumbent_relationship": "weak",
            "company_driver": "Growth",
            "company_department_driver": "Cost",
            "company_politics": "Quiet",
            "lead_driver": "Peace",
            "seen_company_buying": "",
            "next": "/queue/",
        },
    ),
    "buying_fact": (
        Role.REP,
        lambda w: {"fact": "company.buying", "value": "mixed", "seen": "", "next": "/queue/"},
    ),
    "content_new": (Role.MARKETER, lambda w: PIECE),
    "content_edit": (Role.MARKETER, lambda w: PIECE | {"seen_at": w.piece.updated_at.isoformat()}),
    "content_use": (Role.REP, lambda w: {"lead": w.lead.pk, "how": "text", "why": "Answers Need"}),
    "import_start": (
        Role.MARKETER,
        lambda w: {
            "kind": "leads",
            "column-0": "name",
            "column-1": "",
            "system": "crm",
            "date_order": "dmy",
            "numbers_rows": "on",
            "save": "1",
        },
    ),
    "start": (Role.MARKETER, lambda w: {"name": "Partners", "before": w.version.pk, "template": "champ"}),
    "undo": (Role.MARKETER, lambda w: {"revision": w.draft.revision}),
    "redo": (Role.MARKETER, lambda w: {"revision": w.draft.revision}),
    "criteria": (Role.MARKETER, lambda w: CRITERION),
    "criterion": (Role.MARKETER, lambda w: CRITERION | ACTIVITY | {"seen": ""}),
    "effect": (Role.MARKETER, lambda w: CRITERION | ACTIVITY),
    "points": (Role.MARKETER, lambda w: {"points": "3", "seen_points": ""}),
    "switch": (Role.MARKETER, lambda w: {"is_on": "0"}),
    "move": (Role.MARKETER, lambda w: {"to": "fit:", "dimension": "fit"}),
    "delete": (Role.MARKETER, lambda w: {"seen": ""}),
    "part": (
        Role.MARKETER,
        lambda w: {
            "label": "Too early",
            "dimension": "need",
            "criterion_key": "always",
            "suggestion": "Wait.",
            "suggested_points": "-3",
            "needs_text": "on",
            "seen": "",
        },
    ),
    "part_move": (Role.MARKETER, lambda w: {"key": "other", "before": ""}),
    "part_remove": (Role.MARKETER, lambda w: {"key": "other", "seen": ""}),
    "caps_of_draft": (Role.MARKETER, lambda w: {f"cap_{each}": 10 for each in Dimension.values}),
    "grades_of_draft": (
        Role.MARKETER,
        lambda w: {
            "kind": "matrix",
            "floor_a": 80,
            "floor_b": 55,
            "floor_c": 30,
            **{f"{axis}_{n}": 60 - 20 * n for axis in ("fit", "engagement") for n in range(3)},
            **{f"cell_{row}_{column}": "B" for row in range(4) for column in range(4)},
        },
    ),
    "gate_of_draft": (
        Role.MARKETER,
        lambda w: {
            "gate_grade": "B",
            "gate_bant_count": "3",
            "gate_bant_level": "1",
            "gate_gate_must_have-match": "all",
            "gate_gate_must_have-0-field": "company.employees",
            "gate_gate_must_have-0-op": "gte",
            "gate_gate_must_have-0-value": "20",
            "builder-action": "",
        },
    ),
    "scope_of_draft": (Role.MARKETER, lambda w: {"position": "7", "scope_scope-match": "all"}),
    "terms_of_draft": (
        Role.MARKETER,
        lambda w: {
            "grade": "A",
            "source": "Fair",
            "goes": "handed_over",
            "response_amount": "1",
            "response_unit": "hours",
            "decision_amount": "2",
            "decision_unit": "days",
            "percent_0": "75",
            "owner_0": "on",
            "percent_1": "100",
            "manager_1": "on",
        },
    ),
    "commitments_of_draft": (
        Role.MARKETER,
        lambda w: {"leads": 40, "leads_A": 10, "acceptance": 70, "follow_up": 90, "feedback": 80},
    ),
    "propose": (
        Role.MARKETER,
        lambda w: {
            "revision": w.draft.revision,
            "reason": "Because.",
            "activate_at": "2027-01-04T08:00",
            "expires_at": "2027-01-03T08:00",
        },
    ),
    "decline": (Role.SALES_MANAGER, lambda w: {"text": "No."}),
    "comment": (
        Role.REP,
        lambda w: {"text": "Hm.", "about": "always", "is_objection": "on", "mention": 1, "next": "/"},
    ),
    "mention": (Role.REP, lambda w: {"text": "Ask @R", "mention": 1}),
    "resolve": (Role.REP, lambda w: {"text": "Settled.", "next": "/"}),
    "reopen": (Role.REP, lambda w: {"text": "Not settled.", "next": "/"}),
    "overrule": (Role.MEDIATOR, lambda w: {"text": "Both agreed.", "next": "/"}),
    "roll_back": (Role.SALES_MANAGER, lambda w: {"reason": "It was better.", "emergency": "1"}),
    "term": (Role.MARKETER, lambda w: {"name": "Contact", "meaning": "A person.", "revision": 1}),
    "new_term": (Role.MARKETER, lambda w: {"name": "Golden hour", "meaning": "One.", "revision": 0}),
    "forget": (Role.MARKETER, lambda w: {"revision": 1}),
    "reject": (
        Role.REP,
        lambda w: {"reason": w.version.reasons.get(key="other").pk, "text": "Not now.", "next": "/"},
    ),
    "attempt": (Role.REP, lambda w: {"kind": "call", "result": "reached", "note": "Hi."}),
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
    "builder": (Role.MARKETER, lambda w: {**BUILDER, "builder-action": "condition:op:0"}),
    "said": (Role.MARKETER, lambda w: BUILDER),
    "try": (
        Role.MARKETER,
        lambda w: {
            "typed-title": "CTO",
            "typed-email": "tom@example.com",
            "typed-country": "DE",
            "typed-source": "Fair",
            "typed-company_industry": "Tools",
            "typed-company_employees": "20",
            "typed-company_revenue": "1000000.50",
            "typed-company_country": "DE",
            "typed-said_need": "2",
            "typed-times_0": "3",
            "typed-days_0": "7",
        },
    ),
    "notices_read": (Role.REP, lambda w: {"next": "/notices/"}),
}
"""What each form takes when it is filled in well, and by whom."""
ALIASES = {
    "edit_lead": "leads/<int:pk>/edit/",
    "answer_lead": "leads/<int:pk>/answer/",
    "outcome_lost": "outcome",
    **{
        f"{part}_of_draft": f"definition/versions/<int:draft>/parts/{part}/"
        for part in ("caps", "grades", "gate", "scope", "terms", "commitments")
    },
}
READING = {
    *("home", "healthz", "styleguide", "people", "invitations", "list", "lead", "timeline"),
    *("panel", "values", "import", "import_progress", "import_problems", "queue", "queue_list"),
    *("pool", "handoff", "accepted", "definition", "edit", "version", "history", "edits"),
    *("caps_bar", "bands_bar", "export", "compare", "discussion", "glossary", "sla"),
    *("sla_assignments", "commitments", "commitment_leads", "reasons", "calendars", "scoreboard"),
    *("notices", "preview_progress", "preview_leads", "preview_line", "rescoring", "grades"),
    *("content", "content_piece"),
    *("routing", "routing_try", "hand_over_choice"),
    *("grades_file", "changes", "next", "fields", "field_progress", "backtest", "load", "rail"),
}
"""Pages that take a form's method and have no form: they only show."""
WITHOUT_FIELDS = {
    *("sign_out", "install", "draft", "discard", "copy", "sign", "withdraw", "accept", "claim", "notice"),
    *("field_retire", "field_restore", "content_retire", "content_restore", "rule_delete", "leave_remove"),
    *("import_cancel", "invitation_renew", "invitation_withdraw", "person_deactivate", "person_reactivate"),
    *("token_revoke", "set_up"),
    *("preview", "preview_cancel", "rescoring_cancel", "rescoring_restart", "end_grade", "grades_count"),
}
ELSEWHERE = {"imports", "import_file", "answer", "first_run", "password_reset_confirm"}
"""Files: tests/leads/test_import_pages.py and tests/alignment/test_documents_pages.py; the answer is above as
answer_lead; links: tests/users."""
