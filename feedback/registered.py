"""What feedback offers to the frame and to the apps below it."""

from core.hooks import (
    DraftPanel,
    LandingPage,
    LeadPanel,
    NavItem,
    PreviewPanel,
    SetupStep,
    TimelineSource,
    hooks,
)
from feedback import lead_page, recounting, tasks
from feedback.access import ROUTING_READERS
from feedback.content import panel as content
from feedback.content.access import READERS as CONTENT_READERS
from feedback.models import WorkingCalendar
from feedback.reports.effects import version_effects
from feedback.routing.uses import field_uses, left_behind
from feedback.services.crm import record_outcomes
from feedback.services.notices import tell
from feedback.views import calendars, commitments, hindsight, notices, reasons, scoreboard, sla
from users.models import SALES, Role

REP, MANAGER = frozenset({Role.REP}), frozenset({Role.SALES_MANAGER})


def register_queue() -> None:
    """Queue and accepted leads in the navigation, and what sales did on the lead's page."""
    hooks.navigation += [
        NavItem("Queue", "feedback:queue", SALES, order=10, key="q", icon="queue"),
        NavItem("My accepted", "feedback:accepted", REP, order=20, key="a", icon="check-circle"),
        NavItem("Accepted", "feedback:accepted", MANAGER, order=20, key="a", icon="check-circle"),
    ]
    hooks.landing.append(LandingPage(Role.REP, "feedback:queue"))
    hooks.lead_panels.append(
        LeadPanel("header", 10, "feedback/_lead_handoff.html", lead_page.panel),
    )
    hooks.timelines.append(TimelineSource("handoffs", lead_page.entries))
    hooks.scores_changed.append(tasks.hint_open_wanted)


def register_routing() -> None:
    """Routing in the navigation, the fields that its rules ask for, and the leads of those who leave."""
    hooks.navigation.append(
        NavItem("Routing", "feedback:routing", ROUTING_READERS, order=35, key="t", icon="routing")
    )
    hooks.field_uses.append(field_uses)
    hooks.left_behind.append(left_behind)


def register_notices() -> None:
    """Whoever has something to tell people does it by the notices; files tell what came of leads."""
    hooks.tell.append(tell)
    hooks.import_sinks["outcomes"] = record_outcomes


def register_reports() -> None:
    """Follow-up, reasons, working hours and notices in the navigation, and the calendar of the set-up."""
    hooks.navigation += [
        NavItem("Follow-up", "feedback:sla", frozenset(sla.READERS), order=30, key="s", icon="sla"),
        NavItem(
            "Scoreboard",
            "feedback:scoreboard",
            frozenset(scoreboard.READERS),
            order=60,
            key="b",
            icon="scoreboard",
        ),
        NavItem(
            "Commitments",
            "feedback:commitments",
            frozenset(commitments.READERS),
            order=55,
            key="c",
            icon="sign",
        ),
        NavItem("Reasons", "feedback:reasons", frozenset(reasons.READERS), order=50, key="r", icon="reasons"),
        NavItem(
            "Working hours", "feedback:calendars", frozenset(calendars.EDITORS), order=80, icon="calendar"
        ),
        NavItem(
            "Notices",
            "feedback:notices",
            frozenset(Role.values),
            order=90,
            key="n",
            icon="flag",
            count=notices.unread,
        ),
    ]
    hooks.zone_changed.append(recounting.ZONE)
    hooks.landing += [
        LandingPage(Role.EXECUTIVE, "feedback:scoreboard"),
        LandingPage(Role.SALES_MANAGER, "feedback:sla"),
        LandingPage(Role.MEDIATOR, "feedback:sla"),
        LandingPage(Role.MARKETING_MANAGER, "feedback:reasons"),
    ]
    hooks.setup.append(
        SetupStep(
            "Working hours",
            "feedback:calendars",
            order=40,
            missing=_missing_hours,
            roles=frozenset(calendars.EDITORS),
        )
    )


def _missing_hours() -> str:
    has_hours = WorkingCalendar.objects.exists()
    return "" if has_hours else "Say when sales works: due times count those hours only."


def register_content() -> None:
    """The content library in the navigation, and what it offers for a lead on the lead's page."""
    hooks.navigation.append(
        NavItem("Content", "feedback:content", frozenset(CONTENT_READERS), order=52, key="t", icon="copy")
    )
    hooks.lead_panels.append(LeadPanel("left", 40, "feedback/_content_panel.html", content.lead_panel))
    hooks.timelines.append(TimelineSource("content", content.entries))


def register_hindsight() -> None:
    """What a version would have meant in the past, beside drafts and previews and in the history."""
    hooks.preview_panels += [
        PreviewPanel(20, "feedback/_load.html", hindsight.load_context),
        PreviewPanel(30, "feedback/_backtest.html", hindsight.backtest_context),
    ]
    hooks.draft_panels.append(DraftPanel(20, "feedback/_rail.html", hindsight.rail_context))
    hooks.version_effects.append(version_effects)
