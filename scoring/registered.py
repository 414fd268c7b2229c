"""What scoring offers the lower apps: fields, parts of pages, and listeners that hint its workers."""

from alignment.models import Dimension
from core.hooks import AgreementNotice, DraftPanel, LeadColumn, LeadPanel, NavItem, hooks
from scoring import fields, panels, tasks
from scoring.counts import criterion_counts
from scoring.distribution.access import READERS

COLUMN_FIELDS = (
    "score.grade",
    "score.is_by_hand",
    "score.total",
    "score.version",
    *(f"score.{each.value}" for each in Dimension),
)


def register() -> None:
    """Register everything; called once, while the app starts."""
    fields.register()
    hooks.lead_marked.append(tasks.hint_judge)
    hooks.agreement_changed.append(tasks.hint_activate)
    hooks.lead_panels += [
        LeadPanel("header", 10, "scoring/_grade.html", panels.grade_context),
        LeadPanel("right", 5, "scoring/_steps.html", panels.steps_context),
        LeadPanel("right", 10, "scoring/_explanation.html", panels.explanation_context),
    ]
    hooks.agreement_notices.append(AgreementNotice(10, "scoring/_rescoring.html", panels.rescoring_context))
    hooks.criterion_counts.append(criterion_counts)
    hooks.draft_panels.append(DraftPanel(10, "scoring/_draft_preview.html", panels.draft_context))
    hooks.navigation.append(NavItem("Grades", "scoring:grades", READERS, order=45, key="v", icon="numbers"))
    hooks.lead_columns.append(
        LeadColumn("Score", 10, COLUMN_FIELDS, "scoring/_column.html", panels.column_context, "score.total")
    )
