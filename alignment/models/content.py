"""What a version says: dimensions, criteria, disqualifiers, reject reasons and SLA terms."""

from typing import Any

from django.db import models
from django.db.models import Q

from alignment.models.version import Grade, Version


class Dimension(models.TextChoices):
    """The six sides from which a lead is judged."""

    BUDGET = "budget", "Budget"
    AUTHORITY = "authority", "Authority"
    NEED = "need", "Need"
    TIMEFRAME = "timeframe", "Timeframe"
    FIT = "fit", "Fit"
    ENGAGEMENT = "engagement", "Engagement"


class VersionPart(models.Model):
    """A part of a version: its ``key`` names it across versions, so that they can be compared."""

    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=160)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class VersionDimension(models.Model):
    """The cap of a dimension and, for BANT, what facts say of it while nobody was asked.

    ``partial_when`` and ``met_when`` are condition trees, null where facts say nothing.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="dimensions")
    dimension = models.CharField(max_length=10, choices=Dimension)
    cap = models.PositiveSmallIntegerField()
    partial_when = models.JSONField(null=True, blank=True)
    met_when = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "dimension"], name="dimension_once_a_version"),
            models.CheckConstraint(condition=Q(cap__lte=100), name="cap_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} (at most {self.cap})"


class Criterion(VersionPart):
    """A condition worth whole points.

    Either ``condition`` is a condition tree, worth ``points`` once; or ``activity`` says what is
    counted: ``{"kind": "page_view" or [..], "detail": "*pricing*"}``. Then each occurrence is worth
    ``points`` (``per`` = *occurrence*) or the youngest one alone (*once*), weighted by its age under
    ``decay``, at most ``daily_cap`` occurrences a day of the company's zone, and at most ``cap``
    points in all (by size, so a cap bounds negative points too).

    ``decay``: ``{"kind": "none"}``, ``{"kind": "window", "days": 30}``, ``{"kind": "linear",
    "days": 90}``, ``{"kind": "step", "days": 30, "keep": 50}`` (percent kept after each step) or
    ``{"kind": "half_life", "days": 14}``.
    """

    class Per(models.TextChoices):
        ONCE = "once", "Once"
        OCCURRENCE = "occurrence", "Each time"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="criteria")
    dimension = models.CharField(max_length=10, choices=Dimension)
    points = models.SmallIntegerField()
    is_on = models.BooleanField(default=True)
    condition = models.JSONField(null=True, blank=True)
    activity = models.JSONField(null=True, blank=True)
    per = models.CharField(max_length=10, choices=Per, default=Per.ONCE)
    cap = models.PositiveSmallIntegerField(null=True, blank=True)
    daily_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    decay = models.JSONField(null=True, blank=True)

    class Meta(VersionPart.Meta):
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="criterion_key_once_a_version"),
            models.CheckConstraint(
                condition=Q(condition__isnull=False, activity__isnull=True)
                | Q(condition__isnull=True, activity__isnull=False),
                name="criterion_has_condition_or_activity",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=-100, points__lte=100), name="criterion_points_within_100"
            ),
        ]

    @property
    def counts_activities(self) -> bool:
        return self.activity is not None


class Disqualifier(VersionPart):
    """A condition that forces grade D, whatever the points."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="disqualifiers")
    condition = models.JSONField()

    class Meta(VersionPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="disqualifier_key_once_a_version")
        ]


class Reason(VersionPart):
    """An agreed reason to reject: what it contradicts and what it suggests to change.

    ``suggested_points`` is how many points more (or fewer) its criterion should be worth, null where
    the reason suggests no number.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="reasons")
    dimension = models.CharField(max_length=10, choices=Dimension, blank=True)
    criterion_key = models.SlugField(max_length=60, blank=True)
    suggestion = models.CharField(max_length=200, blank=True)
    suggested_points = models.SmallIntegerField(null=True, blank=True)
    needs_text = models.BooleanField(default=False)

    class Meta(VersionPart.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="reason_key_once_a_version")]


def shipped_ladder() -> list[dict[str, Any]]:
    """Remind the owner at 75 % of the time used; at the due moment flag it and tell the manager."""
    return [
        {"step": "at_risk", "percent": 75, "tell": ["owner"]},
        {"step": "breached", "percent": 100, "tell": ["owner", "manager"]},
    ]


class SlaTerm(models.Model):
    """How fast sales answers a lead of a grade, in working time.

    ``source`` empty holds for every source without a term of its own. ``is_handed_over`` false
    sends the grade to nurture; the times then have no meaning. A working day is the time between
    the same moments of two successive working days. ``may_pause`` lets whoever works a lead stop its
    clocks for a while, with a reason.
    """

    class Unit(models.TextChoices):
        MINUTES = "minutes", "working minutes"
        HOURS = "hours", "working hours"
        DAYS = "days", "working days"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="terms")
    grade = models.CharField(max_length=1, choices=Grade)
    source = models.CharField(max_length=120, blank=True)
    is_handed_over = models.BooleanField(default=True)
    response_amount = models.PositiveSmallIntegerField(default=1)
    response_unit = models.CharField(max_length=8, choices=Unit, default=Unit.HOURS)
    decision_amount = models.PositiveSmallIntegerField(default=2)
    decision_unit = models.CharField(max_length=8, choices=Unit, default=Unit.DAYS)
    may_pause = models.BooleanField(default=False)
    ladder = models.JSONField(default=shipped_ladder)

    class Meta:
        ordering = ["grade", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "grade", "source"], name="term_once_a_grade_and_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grade}{f' from {self.source}' if self.source else ''}"


class Commitment(models.Model):
    """What one side owes the other, beside the definition itself.

    Marketing: *leads*, sales-ready ones a month, of one grade or of all (``grade`` empty); and
    *acceptance*, the percentage of decided leads that sales accepts. Sales: *follow_up* and *feedback*,
    the percentage of leads answered and decided within the terms.
    """

    class Kind(models.TextChoices):
        LEADS = "leads", "Sales-ready leads a month"
        ACCEPTANCE = "acceptance", "Accepted by sales"
        FOLLOW_UP = "follow_up", "Followed up in time"
        FEEDBACK = "feedback", "Decided in time"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="commitments")
    kind = models.CharField(max_length=10, choices=Kind)
    grade = models.CharField(max_length=1, choices=Grade, blank=True)
    amount = models.PositiveIntegerField(help_text="Leads a month, or percent.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "grade"], name="commitment_once_a_kind_and_grade"
            ),
            models.CheckConstraint(
                condition=Q(kind="leads") | Q(amount__lte=100, grade=""),
                name="commitment_in_percent_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{f' ({self.grade})' if self.grade else ''}: {self.amount}"
