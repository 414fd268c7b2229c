"""How a version looks in the API: the sentences of its page, with the trees behind them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from alignment import words
from alignment.models import (
    Commitment,
    Criterion,
    Dimension,
    Disqualifier,
    Grade,
    SlaTerm,
    Version,
    VersionDimension,
)
from core.api.fields import Moment
from leads.models import BantLevel
from users.api.outputs import Named


def _tree() -> serializers.DictField:
    return serializers.DictField(allow_null=True, help_text="A condition; null: there is none.")


class DimensionOut(serializers.Serializer[VersionDimension]):
    """The most points of a dimension, and what facts say of it while nobody was asked."""

    dimension = serializers.ChoiceField(Dimension.choices)
    cap = serializers.IntegerField()
    partial_when = _tree()
    met_when = _tree()


class CriterionOut(serializers.Serializer[Criterion]):
    """A condition worth points. Either ``condition`` or ``activity`` is given."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a part's, not the field's
    words = serializers.SerializerMethodField()
    dimension = serializers.ChoiceField(Dimension.choices)
    points = serializers.IntegerField()
    is_on = serializers.BooleanField()
    condition = _tree()
    activity = _tree()
    per = serializers.ChoiceField(Criterion.Per.choices)
    cap = serializers.IntegerField(allow_null=True)
    daily_cap = serializers.IntegerField(allow_null=True)
    decay = _tree()

    def get_words(self, row: Criterion) -> str:
        return words.criterion_in_words(row)


class DisqualifierOut(serializers.Serializer[Disqualifier]):
    """A condition that forces D."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a part's, not the field's
    words = serializers.SerializerMethodField()
    condition = _tree()

    def get_words(self, row: Disqualifier) -> str:
        return words.disqualifier_in_words(row)


class ReasonOut(serializers.Serializer[Any]):
    """An agreed reason to reject: a decision names it by ``key``."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a part's, not the field's
    dimension = serializers.CharField(allow_blank=True)
    criterion_key = serializers.CharField(allow_blank=True)
    suggestion = serializers.CharField(allow_blank=True)
    suggested_points = serializers.IntegerField(
        allow_null=True, help_text="How many points more its criterion should be worth."
    )
    needs_text = serializers.BooleanField()


class TermOut(serializers.Serializer[SlaTerm]):
    """How fast sales answers a lead of a grade; ``source`` empty: of every source without its own."""

    grade = serializers.ChoiceField(Grade.choices)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a term's, not the field's
    words = serializers.SerializerMethodField()
    is_handed_over = serializers.BooleanField()
    response_amount = serializers.IntegerField()
    response_unit = serializers.ChoiceField(SlaTerm.Unit.choices)
    decision_amount = serializers.IntegerField()
    decision_unit = serializers.ChoiceField(SlaTerm.Unit.choices)
    may_pause = serializers.BooleanField()

    def get_words(self, row: SlaTerm) -> str:
        return words.term_in_words(row)


class FloorOut(serializers.Serializer[Any]):
    """The points at which a grade begins; without meaning where the version has a matrix."""

    grade = serializers.ChoiceField(Grade.choices)
    from_points = serializers.IntegerField(allow_null=True, help_text="Null: whatever is below the others.")


class MatrixOut(serializers.Serializer[Any]):
    """Grades by fit (the five dimensions besides engagement) and engagement, in place of the floors."""

    fit = serializers.ListField(child=serializers.IntegerField(), help_text="Three floors, falling.")
    engagement = serializers.ListField(child=serializers.IntegerField(), help_text="Three floors, falling.")
    grades = serializers.ListField(
        child=serializers.CharField(),
        help_text="A row of four letters for each part of fit, the best fit and engagement first.",
    )


class CommitmentOut(serializers.Serializer[Commitment]):
    """What a side owes the other; ``grade`` empty: of all grades."""

    kind = serializers.ChoiceField(Commitment.Kind.choices)
    grade = serializers.CharField(allow_blank=True)
    amount = serializers.IntegerField(help_text="Leads a month, or percent.")
    words = serializers.SerializerMethodField()

    def get_words(self, row: Commitment) -> str:
        return words.commitment_in_words(row)


class GateOut(serializers.Serializer[Any]):
    """What makes a lead sales-ready."""

    words = serializers.ListField(child=serializers.CharField())
    grade = serializers.ChoiceField(Grade.choices)
    bant_count = serializers.IntegerField()
    bant_level = serializers.ChoiceField([level.name.lower() for level in BantLevel])
    must_have = _tree()


class SignatureOut(serializers.Serializer[Any]):
    """A side's name under the version."""

    side = serializers.CharField()
    by = Named()
    at = Moment()


class VersionOut(serializers.Serializer[Version]):
    """One wording of a definition."""

    id = serializers.IntegerField()
    definition = Named()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(Version.Status.choices)
    position = serializers.IntegerField(help_text="Leads are offered to active versions in this order.")
    reason = serializers.CharField(allow_blank=True)
    signatures = SignatureOut(many=True)
    activated_at = Moment(allow_null=True)
    retired_at = Moment(allow_null=True)
    scope_words = serializers.SerializerMethodField()
    scope = _tree()
    grades = serializers.SerializerMethodField()
    matrix = MatrixOut(allow_null=True)
    gate = serializers.SerializerMethodField()
    dimensions = DimensionOut(many=True)
    criteria = CriterionOut(many=True)
    disqualifiers = DisqualifierOut(many=True)
    reasons = ReasonOut(many=True)
    terms = TermOut(many=True)
    commitments = CommitmentOut(many=True)

    def get_scope_words(self, version: Version) -> str:
        return words.scope_in_words(version)

    @extend_schema_field(FloorOut(many=True))
    def get_grades(self, version: Version) -> list[dict[str, Any]]:
        floors = zip(Grade, (version.floor_a, version.floor_b, version.floor_c, None), strict=True)
        return [{"grade": grade.value, "from_points": floor} for grade, floor in floors]

    @extend_schema_field(GateOut)
    def get_gate(self, version: Version) -> dict[str, Any]:
        return {
            "words": words.gate_in_words(version),
            "grade": version.gate_grade,
            "bant_count": version.gate_bant_count,
            "bant_level": BantLevel(version.gate_bant_level).name.lower(),
            "must_have": version.gate_must_have,
        }


class DefinitionOut(serializers.Serializer[Any]):
    """The versions in force, in the order in which a lead is offered to their scopes."""

    versions = VersionOut(many=True)
