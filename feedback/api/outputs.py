"""How handoffs look in the API."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from alignment.models import Grade
from core.api.fields import Moment
from feedback.models import Assignment, Attempt, Decision, Handoff, Outcome, Pause, RoutingRule
from users.api.outputs import Named


class NamedAs(serializers.Serializer[Any]):
    """A row by its id and how it calls itself."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class RuleOut(serializers.Serializer[Any]):
    """The routing rule that decided, as it was then."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    way = serializers.ChoiceField(RoutingRule.Way.choices)
    team = serializers.CharField(allow_blank=True)


class TraceOut(serializers.Serializer[Any]):
    """Why this owner: the rule (null: none matched, or a person decided), and who else was looked at, as
    pairs of a name and what was said of them; ``more`` were left out."""

    why = serializers.CharField()
    rule = RuleOut(default=None, allow_null=True)
    looked = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), default=list)
    more = serializers.IntegerField(default=0)


class PauseOut(serializers.Serializer[Pause]):
    """A time in which the clocks stood still: to ``ended_at`` if somebody ended it, else to ``until``."""

    id = serializers.IntegerField()
    starts_at = Moment()
    until = Moment()
    ended_at = Moment(allow_null=True)
    reason = serializers.CharField()
    by = Named()


class AssignmentOut(serializers.Serializer[Assignment]):
    """Who has the handoff, or had it last, and the clocks."""

    id = serializers.IntegerField()
    owner = Named()
    why = serializers.CharField()
    trace = TraceOut(source="trace.detail", default=None, allow_null=True)
    assigned_at = Moment()
    ended_at = Moment(allow_null=True)
    response_due_at = Moment()
    decision_due_at = Moment()
    responded_at = Moment(allow_null=True)
    decided_at = Moment(allow_null=True)
    callback_at = Moment(allow_null=True)
    pauses = PauseOut(many=True, source="pauses.all")


class HandoffOut(serializers.Serializer[Handoff]):
    """One sales-ready episode of a lead; ``pooled_at`` and ``pool_due_at`` are of its wait in the pool now.

    ``back_before`` is the day until which it would have rested, of one that changed enough to come before.
    """

    id = serializers.IntegerField()
    lead = NamedAs()
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(Handoff.State.choices)
    team = Named(allow_null=True)
    version = NamedAs()
    grade = serializers.ChoiceField(Grade.choices)
    total = serializers.IntegerField()
    ready_at = Moment()
    first_assigned_at = Moment(allow_null=True)
    accepted_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    pooled_at = Moment(allow_null=True)
    pool_due_at = Moment(allow_null=True)
    back_before = serializers.DateField(allow_null=True)
    withdrawn_why = serializers.CharField(allow_blank=True)
    not_ready_since = Moment(allow_null=True)
    assignment = serializers.SerializerMethodField()

    @extend_schema_field(AssignmentOut(allow_null=True))
    def get_assignment(self, handoff: Handoff) -> Any:
        rows: list[Assignment] = getattr(handoff, "by_age", [])
        return AssignmentOut(rows[0]).data if rows else None


class HandoffPage(serializers.Serializer[Any]):
    """One page of handoffs, newest first; ``next`` is the address of the next one."""

    results = HandoffOut(many=True)
    next = serializers.URLField(allow_null=True)


class AttemptOut(serializers.Serializer[Attempt]):
    """A try to reach the lead."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Attempt.Kind.choices)
    result = serializers.ChoiceField(Attempt.Result.choices, allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    by = Named()
    at = Moment()


class DecisionOut(serializers.Serializer[Decision]):
    """Sales's verdict."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Decision.Kind.choices)
    reason = serializers.CharField(source="reason.key", default=None, allow_null=True)
    text = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    twin = serializers.IntegerField(source="twin_id", allow_null=True)
    undoes = serializers.IntegerField(source="undoes_id", allow_null=True)
    by = Named()
    at = Moment()


class OutcomeOut(serializers.Serializer[Outcome]):
    """What came of it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Outcome.Kind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    by = Named()
    at = Moment()


class ReasonChoice(serializers.Serializer[Any]):
    """A reason with which this handoff can be rejected."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a reason's, not the serializer's
    needs_text = serializers.BooleanField()


class HandoffDetail(HandoffOut):
    """A handoff with what was done, and the facts that it was judged on."""

    facts = serializers.DictField()
    reasons = ReasonChoice(many=True, source="version.reasons.all")
    attempts = AttemptOut(many=True)
    decisions = DecisionOut(many=True)
    outcomes = OutcomeOut(many=True)


def shown(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """``handoffs`` with what a list shows of them: three queries."""
    pauses = Prefetch("pauses", Pause.objects.select_related("by"))
    by_age = Assignment.objects.select_related("owner", "trace").prefetch_related(pauses).order_by("-pk")
    return handoffs.select_related("lead", "team", "version__definition").prefetch_related(
        Prefetch("assignments", by_age, to_attr="by_age")
    )


def whole(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """``handoffs`` with all that the detail shows."""
    return shown(handoffs).prefetch_related(
        "version__reasons",
        Prefetch("attempts", Attempt.objects.select_related("by")),
        Prefetch("decisions", Decision.objects.select_related("by", "reason")),
        Prefetch("outcomes", Outcome.objects.select_related("by")),
    )
