"""What is asked and told of handoffs."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework import serializers

from core.api.fields import Choice, Moment, Strict
from feedback.models import Assignment, Attempt, Decision, Handoff, Outcome
from users.models import User

LARGEST_ID = 2**63 - 1


class HandoffQuery(Strict):
    """The filters of the list; all must hold."""

    state = serializers.ListField(child=Choice(choices=Handoff.State.choices), required=False, max_length=12)
    owner = serializers.RegexField(
        "^(me|[0-9]{1,18})$",
        required=False,
        help_text="Who has it, or had it last: an id, or `me`.",
        error_messages={"invalid": "Give the id of a person, or me."},
    )
    lead = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    due_before = Moment(required=False, help_text="Its response or decision is open and due before then.")


class AttemptIn(Strict):
    """How the lead was tried to reach. A call, e-mail or meeting stops the response clock, a note doesn't."""

    kind = Choice(choices=Attempt.Kind.choices)
    result = Choice(choices=Attempt.Result.choices, required=False)
    note = serializers.CharField(max_length=1_000, required=False, allow_blank=True)


class DecisionIn(Strict):
    """Accept, or reject with one of the handoff's reasons; some reasons need a text."""

    kind = Choice(choices=Decision.Kind.choices)
    reason = serializers.CharField(max_length=60, required=False, help_text="The key of a reason.")
    text = serializers.CharField(max_length=1_000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An acceptance has no reason."""
        if attrs["kind"] == Decision.Kind.ACCEPT and ("reason" in attrs or attrs.get("text")):
            raise serializers.ValidationError("Only a rejection has a reason and a text.")
        return attrs


class OutcomeIn(Strict):
    """What came of an accepted lead: won needs an amount, lost a text."""

    kind = Choice(choices=Outcome.Kind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    currency = serializers.RegexField(
        "^[A-Z]{3}$",
        required=False,
        help_text="As in EUR; without it: the reporting currency.",
        error_messages={"invalid": "Give three capital letters, such as EUR."},
    )
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Nothing that the kind has no place for is dropped silently."""
        takes = {Outcome.Kind.WON: {"amount", "currency"}, Outcome.Kind.LOST: {"text"}}
        kind = Outcome.Kind(attrs["kind"])
        if extra := set(attrs) - {"kind"} - takes.get(kind, set()):
            message = f"“{kind.label}” has none."
            raise serializers.ValidationError({name: [message] for name in extra})
        return attrs


def filtered(handoffs: QuerySet[Handoff], asked: Mapping[str, Any], me: User) -> QuerySet[Handoff]:
    """``handoffs`` as a ``HandoffQuery`` asks; each filter starts from its own index."""
    if "state" in asked:
        handoffs = handoffs.filter(state__in=asked["state"])
    if "lead" in asked:
        handoffs = handoffs.filter(lead_id=asked["lead"])
    if owner := asked.get("owner"):
        later = Assignment.objects.filter(handoff=OuterRef("handoff"), pk__gt=OuterRef("pk"))
        last = Assignment.objects.filter(~Exists(later), owner_id=me.pk if owner == "me" else int(owner))
        handoffs = handoffs.filter(pk__in=last.values("handoff"))
    if moment := asked.get("due_before"):
        response = Q(responded_at=None, response_due_at__lt=moment)
        decision = Q(decided_at=None, decision_due_at__lt=moment)
        due = Assignment.objects.filter(response | decision, ended_at=None)
        handoffs = handoffs.filter(pk__in=due.values("handoff"))
    return handoffs
