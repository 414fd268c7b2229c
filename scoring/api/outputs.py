"""How a score and its explanation look in the API."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from alignment.models import Dimension, Grade
from core.api.fields import Moment
from leads.models import BantDimension, BantLevel
from scoring.api.overriding import OverrideOut
from scoring.explanation import BantLine, Explanation
from scoring.models import Score
from scoring.steps import NextSteps, State, Step

EPOCH = date(1970, 1, 1)


class LineOut(serializers.Serializer[Any]):
    """One criterion: `points` = `full` - `decayed` - `cut`."""

    key = serializers.CharField()
    label = serializers.CharField(label="Criterion")  # type: ignore[assignment]  # a criterion's, not the serializer's
    words = serializers.CharField()
    value = serializers.CharField(allow_blank=True, help_text="The lead's own, in words.")
    worth = serializers.IntegerField(help_text="What the criterion gives at most, or each time.")
    full = serializers.IntegerField(help_text="What it would give without age and cap.")
    decayed = serializers.IntegerField(help_text="What age took.")
    cut = serializers.IntegerField(help_text="What the criterion's own cap took.")
    points = serializers.IntegerField()
    is_met = serializers.BooleanField()
    fading_since = serializers.DateField(
        allow_null=True, help_text="The day on which age began to take of what counts now."
    )


class DimensionLineOut(serializers.Serializer[Any]):
    """A dimension: `points` = the sum of its lines' points - `cut`, at most `cap`."""

    dimension = serializers.ChoiceField(Dimension.choices)
    points = serializers.IntegerField()
    cap = serializers.IntegerField()
    cut = serializers.IntegerField()
    lines = LineOut(many=True)


class GateLineOut(serializers.Serializer[Any]):
    """One demand of the gate."""

    text = serializers.CharField()
    is_met = serializers.BooleanField()


class BantLineOut(serializers.Serializer[BantLine]):
    """The status of a BANT dimension; inferred where nobody answered and facts speak."""

    dimension = serializers.ChoiceField(BantDimension.choices)
    level = serializers.SerializerMethodField()
    is_answered = serializers.BooleanField()

    def get_level(self, line: BantLine) -> str:
        return BantLevel(line.level).name.lower()


class VersionNamed(serializers.Serializer[Any]):
    """The version that judged."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class ExplanationOut(serializers.Serializer[Explanation]):
    """Why, judged now: `total` is the sum of the dimensions' points."""

    version = VersionNamed(allow_null=True)
    as_of = Moment()
    grade = serializers.ChoiceField(Grade.choices, allow_null=True)
    computed_grade = serializers.ChoiceField(
        Grade.choices, allow_null=True, source="computed", help_text="Without what was set by hand."
    )
    override = OverrideOut(allow_null=True, help_text="A disqualified lead stays D under it.")
    total = serializers.IntegerField()
    is_ready = serializers.BooleanField()
    dimensions = DimensionLineOut(many=True)
    gate = GateLineOut(many=True)
    bant = BantLineOut(many=True)
    disqualified_by = serializers.ListField(child=serializers.CharField())
    decay_stopped_at = Moment(allow_null=True)


class GainOut(serializers.Serializer[Any]):
    """What a dimension gives more, or less, after its cap."""

    dimension = serializers.ChoiceField(Dimension.choices)
    points = serializers.IntegerField()


class StepOut(serializers.Serializer[Step]):
    """A step as the engine tried it: what it is worth, and grade, total and readiness after it."""

    effort = serializers.SerializerMethodField(
        help_text="From the least: ask, look_up, ask_again, invite, two."
    )
    text = serializers.CharField()
    points = serializers.IntegerField()
    gains = GainOut(many=True)
    total = serializers.IntegerField(source="after.total")
    grade = serializers.ChoiceField(Grade.choices, source="after.grade", allow_null=True)
    is_ready = serializers.BooleanField(source="after.is_ready")

    def get_effort(self, step: Step) -> str:
        return step.effort.name.lower()


class NextStepsOut(serializers.Serializer[NextSteps]):
    """What would lift the lead, the least effort first; `nearest` alone lifts nothing yet."""

    state = serializers.ChoiceField([(each.value, each.value) for each in State])
    text = serializers.CharField(help_text="How the lead stands, or why there is no step.")
    steps = StepOut(many=True)


class StoredScore(serializers.Serializer[Score]):
    """The score that lists and the queue show; a change of the lead reaches it within seconds."""

    grade = serializers.ChoiceField(Grade.choices, allow_null=True)
    total = serializers.IntegerField()
    is_ready = serializers.BooleanField(source="is_sales_ready")
    budget = serializers.IntegerField()
    authority = serializers.IntegerField()
    need = serializers.IntegerField()
    timeframe = serializers.IntegerField()
    fit = serializers.IntegerField()
    engagement = serializers.IntegerField()
    version = serializers.IntegerField(source="version_id", allow_null=True)
    judged_on = serializers.SerializerMethodField()

    def get_judged_on(self, score: Score) -> date:
        return EPOCH + timedelta(days=score.as_of)


class ScoreOut(serializers.Serializer[Any]):
    """A lead's score; null before it was judged, the explanation null while no definition is in force."""

    lead = serializers.IntegerField()
    score = StoredScore(allow_null=True)
    explanation = ExplanationOut(allow_null=True)
    next_steps = NextStepsOut()
