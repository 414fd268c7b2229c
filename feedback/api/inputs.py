"""What is asked and told of handoffs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer
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


class PauseIn(Strict):
    """Until when the clocks stand still, and why, in a few words."""

    until = Moment(help_text="A moment to come; at most 10 working days of pause in all.")
    reason = serializers.CharField(max_length=200)


def _kind(value: str) -> Choice:
    return Choice(choices=[value])


class AcceptIn(Strict):
    """Sales takes the lead on."""

    kind = _kind(Decision.Kind.ACCEPT)


class RejectIn(Strict):
    """Sales gives the lead back, with one of the handoff's reasons; some of them need a text."""

    kind = _kind(Decision.Kind.REJECT)
    reason = serializers.CharField(max_length=60, help_text="The key of a reason.")
    text = serializers.CharField(max_length=1_000, required=False, allow_blank=True)


class RecycleIn(Strict):
    """Not now: marketing has the lead until a day, then it comes again if it is sales-ready."""

    kind = _kind(Decision.Kind.RECYCLE)
    until = serializers.DateField(help_text="A day to come, at most three years ahead.")
    text = serializers.CharField(max_length=1_000, required=False, allow_blank=True)


class ReturnIn(Strict):
    """Somebody else's lead: it is dealt out anew, and not to its owner. The text says why."""

    kind = _kind(Decision.Kind.RETURN)
    text = serializers.CharField(max_length=1_000)


class DuplicateIn(Strict):
    """The lead is another one once more."""

    kind = _kind(Decision.Kind.DUPLICATE)
    twin = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, help_text="The id of the lead to keep."
    )


class DisqualifyIn(RejectIn):
    """The lead will never buy: it isn't handed over again."""

    kind = _kind(Decision.Kind.DISQUALIFY)


class UndoIn(Strict):
    """Your own last decision is taken back, within ten seconds."""

    kind = _kind(Decision.Kind.UNDO)


class QualifiedIn(Strict):
    """The lead is a real opportunity."""

    kind = _kind(Outcome.Kind.QUALIFIED)


class WonIn(Strict):
    """The lead bought."""

    kind = _kind(Outcome.Kind.WON)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    currency = serializers.RegexField(
        "^[A-Z]{3}$",
        required=False,
        help_text="As in EUR; without it: the reporting currency.",
        error_messages={"invalid": "Give three capital letters, such as EUR."},
    )


class LostIn(Strict):
    """The lead did not buy; the text says why."""

    kind = _kind(Outcome.Kind.LOST)
    text = serializers.CharField(max_length=500)


class RetainedIn(Strict):
    """The customer stayed; may be told again later."""

    kind = _kind(Outcome.Kind.RETAINED)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ChurnedIn(Strict):
    """The customer left; the text says why."""

    kind = _kind(Outcome.Kind.CHURNED)
    text = serializers.CharField(max_length=500)


Kinds = Mapping[str, type[Strict]]
DECISIONS: Kinds = {
    "accept": AcceptIn,
    "reject": RejectIn,
    "recycle": RecycleIn,
    "return": ReturnIn,
    "duplicate": DuplicateIn,
    "disqualify": DisqualifyIn,
    "undo": UndoIn,
}
OUTCOMES: Kinds = {
    "qualified": QualifiedIn,
    "won": WonIn,
    "lost": LostIn,
    "retained": RetainedIn,
    "churned": ChurnedIn,
}


def one_of(kinds: Kinds, data: Any) -> dict[str, Any]:
    """``data`` read as what its ``kind`` says; a ValidationError names what that kind has no place for."""
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise serializers.ValidationError({"kind": [f"Choose one of: {', '.join(kinds)}."]})
    asked = kinds[kind](data=data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def described(name: str, kinds: Kinds) -> PolymorphicProxySerializer:
    """How ``one_of`` is described."""
    return PolymorphicProxySerializer(name, dict(kinds), resource_type_field_name="kind")


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
