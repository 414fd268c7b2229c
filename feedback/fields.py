"""What feedback adds to the registry of fields: how a lead's handoff stands and when it is due."""

from django.db.models import Case, DateTimeField, F, OuterRef, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Least

from feedback.models import Assignment, Handoff
from rules.context import Context
from rules.fields import Field, FieldType, Use, registry

SHOWN = frozenset({Use.VIEW, Use.COLUMN, Use.REPORT})


def register() -> None:
    """Add the fields; called once, while apps start."""
    registry.register(
        Field(
            key="handoff.state",
            label="Handoff",
            type=FieldType.CHOICE,
            uses=SHOWN,
            group="Sales",
            expression=_state,
            choices=tuple(Handoff.State.choices),
            help="How the lead's latest handoff stands.",
        ),
        Field(
            key="handoff.due",
            label="Due",
            type=FieldType.MOMENT,
            uses=SHOWN,
            group="Sales",
            expression=_due,
            help="When sales owes the lead a first contact or a decision.",
        ),
    )


def _state(_context: Context) -> Combinable:
    latest = Handoff.objects.filter(lead=OuterRef("pk")).order_by("-cycle")
    return Subquery(latest.values("state")[:1])


def _due(_context: Context) -> Combinable:
    current = Assignment.objects.filter(handoff__lead=OuterRef("pk"), ended_at=None).annotate(
        due=Case(
            When(responded_at=None, decided_at=None, then=Least("response_due_at", "decision_due_at")),
            When(responded_at=None, then=F("response_due_at")),
            When(decided_at=None, then=F("decision_due_at")),
            default=None,
            output_field=DateTimeField(null=True),
        )
    )
    return Subquery(current.values("due")[:1])
