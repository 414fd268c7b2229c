"""The shared definition of a sales-ready lead, and its versions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from leads.models import BantLevel


class Grade(models.TextChoices):
    """How good a lead is; A is best."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Definition(models.Model):
    """A definition that both teams keep; what it says stands in its versions."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One wording of a definition.

    Draft -> proposed -> signed -> active -> retired; a proposed one may also be *withdrawn*,
    *declined* by a side that asks for changes (those go into a new draft copied from it), or *expired*
    where ``expires_at`` passed without both names. A signed one may be withdrawn until it is active.
    From *proposed* on its content is immutable, which triggers in the database keep. ``number`` is
    settled when it is proposed. ``revision`` counts the edits of a draft, so that nobody saves over an
    edit they haven't seen. Each person has one open draft of a definition at most.

    Version 1 of the shipped template is active without signatures and says so until it has both.

    ``scope`` is a condition tree, null for all leads; a lead is judged by the active version of
    lowest ``position`` whose scope it meets. A grade is the best one whose floor the total reaches.
    ``matrix`` takes the place of the floors where it is given: ``{"fit": [60, 40, 20], "engagement":
    [10, 6, 3], "grades": ["AABB", "ABBC", "BCCD", "CDDD"]}``. Fit is the sum of the five dimensions
    besides engagement; the floors descend and cut each axis into four; ``grades`` has a row for each
    part of fit and in it a grade for each part of engagement, the best first.

    ``kind`` tells a change from a rollback, whose content is that of ``based_on``; in an *emergency*
    both managers brought it into force in one step.

    The gate: at least ``gate_grade``, ``gate_bant_count`` of the four BANT dimensions at
    ``gate_bant_level`` or better, and the tree ``gate_must_have`` where there is one.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        SIGNED = "signed", "Signed"
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Changes asked for"
        EXPIRED = "expired", "Expired"

    class Kind(models.TextChoices):
        CHANGE = "change", "Change"
        ROLLBACK = "rollback", "Rollback"
        EMERGENCY = "emergency", "Emergency rollback"

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHANGE)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, help_text="Why both teams should want this version.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    scope = models.JSONField(null=True, blank=True)
    position = models.PositiveIntegerField(default=1)
    floor_a = models.SmallIntegerField(default=75)
    floor_b = models.SmallIntegerField(default=55)
    floor_c = models.SmallIntegerField(default=30)
    matrix = models.JSONField(null=True, blank=True)
    gate_grade = models.CharField(max_length=1, choices=Grade, default=Grade.B)
    gate_bant_count = models.PositiveSmallIntegerField(default=3)
    gate_bant_level = models.SmallIntegerField(choices=BantLevel, default=BantLevel.PARTIAL)
    gate_must_have = models.JSONField(null=True, blank=True)

    activate_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as it is signed.")
    proposed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Until when a proposal is open.")
    signed_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["definition", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="version_number_is_unique"),
            models.UniqueConstraint(
                fields=["definition"], condition=Q(status="active"), name="definition_has_one_active_version"
            ),
            models.UniqueConstraint(
                fields=["definition", "author"], condition=Q(status="draft"), name="one_open_draft_a_person"
            ),
            models.CheckConstraint(
                condition=Q(floor_a__gt=F("floor_b"), floor_b__gt=F("floor_c")), name="grade_floors_descend"
            ),
            models.CheckConstraint(condition=Q(gate_bant_count__lte=4), name="gate_counts_four_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.definition} v{self.number}"

    @property
    def is_editable(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_in_force(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_to_come(self) -> bool:
        """Whether it may still come into force: a draft, a proposal, or signed and waiting for its time."""
        return self.status in (self.Status.DRAFT, self.Status.PROPOSED, self.Status.SIGNED)

    @property
    def is_closed(self) -> bool:
        """Whether it was proposed and will never be in force; a draft may take it up."""
        return self.status in (self.Status.DECLINED, self.Status.WITHDRAWN, self.Status.EXPIRED)

    @property
    def is_signable(self) -> bool:
        """Whether names may go under it: a proposal, or the shipped version 1 that nobody signed yet."""
        return self.status == self.Status.PROPOSED or (self.is_in_force and self.signed_at is None)
