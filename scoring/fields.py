"""Scores in the registry of fields: what lists, filters, exports and the API may ask of a lead's score."""

from typing import Any

from django.db.models import BooleanField, Case, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from alignment.models import Dimension, Grade, Version
from rules.context import Context
from rules.fields import Choices, Field, FieldType, Use, registry
from scoring.models import Gate
from scoring.overriding import is_by_hand
from scoring.querysets import live_generation_id

USES = frozenset({Use.ROUTING, Use.VIEW, Use.COLUMN, Use.REPORT})
"""Never in a criterion: a score can't depend on itself."""
GROUP = "Score"


def join_live_score(rows: QuerySet[Any], _ctx: Context) -> QuerySet[Any]:
    """``rows`` of leads joined to their score in the live generation, which is read once, here."""
    generation = live_generation_id() or 0
    relation = FilteredRelation("scores", condition=Q(scores__generation_id=generation))
    joined: QuerySet[Any] = rows.annotate(score=relation)
    return joined


def register() -> None:
    """Add the fields; called once, while the app starts."""
    registry.register(
        Field(
            key="score.grade",
            label="Grade",
            type=FieldType.CHOICE,
            uses=USES,
            group=GROUP,
            lookup="score__grade",
            prepare=join_live_score,
            choices=tuple((str(value), str(label)) for value, label in Grade.choices),
        ),
        _number("score.total", "Points", "score__total"),
        *(
            _number(f"score.{each.value}", f"{each.label} points", f"score__{each.value}")
            for each in Dimension
        ),
        Field(
            key="score.is_ready",
            label="Sales-ready",
            type=FieldType.BOOLEAN,
            uses=USES,
            group=GROUP,
            expression=_is_ready,
            prepare=join_live_score,
        ),
        Field(
            key="score.is_by_hand",
            label="Grade set by hand",
            type=FieldType.BOOLEAN,
            uses=USES,
            group=GROUP,
            expression=_is_by_hand,
            prepare=join_live_score,
        ),
        Field(
            key="score.version",
            label="Version",
            type=FieldType.CHOICE,
            uses=USES,
            group=GROUP,
            lookup="score__version_id",
            prepare=join_live_score,
            choices=_versions,
            blank=False,
        ),
    )


def _dimension(dimension: Dimension) -> Field:
    return _number(f"score.{dimension.value}", f"{dimension.label} points", f"score__{dimension.value}")


def _number(key: str, label: str, lookup: str) -> Field:
    return Field(
        key=key,
        label=label,
        type=FieldType.NUMBER,
        uses=USES,
        group=GROUP,
        lookup=lookup,
        prepare=join_live_score,
    )


def _is_ready(_ctx: Context) -> Combinable:
    """Null for a lead that was not judged yet."""
    return Case(
        When(score__gate=0, then=Value(True)),
        When(score__gate__gt=0, then=Value(False)),
        output_field=BooleanField(null=True),
    )


def _is_by_hand(ctx: Context) -> Combinable:
    """Not for a lead that is disqualified, or in no definition's scope: there it has no effect."""
    counts = Q(is_by_hand("pk", ctx.now), score__gate__lt=Gate.DISQUALIFIED)
    return Case(When(counts, then=Value(True)), default=Value(False), output_field=BooleanField())


def _versions() -> Choices:
    known = Version.objects.exclude(status=Version.Status.DRAFT).select_related("definition")
    return tuple((str(version.pk), str(version)) for version in known.order_by("-pk")[:200])
