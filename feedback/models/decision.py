"""Decisions: what a rep says of a handoff, and what takes a decision back."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alignment.models import Reason, Version
from feedback.models.handoff import Handoff
from leads.models import Lead


class Decision(models.Model):
    """A rep's verdict on a handoff, with the facts it was made on; never changed afterwards.

    One that was taken back stays, and an *undo* row names it in ``undoes``. ``until`` is the day until which
    a recycled lead rests, ``twin`` the lead of which this one is a duplicate. ``before`` is how handoff,
    assignment and lead stood, for an undo. ``seen_at`` is when marketing marked a rejection as seen.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", "Accepted"
        REJECT = "reject", "Rejected"
        RECYCLE = "recycle", "Recycled"
        RETURN = "return", "Returned"
        DUPLICATE = "duplicate", "Marked as duplicate"
        DISQUALIFY = "disqualify", "Disqualified"
        UNDO = "undo", "Took it back"

    REJECTIONS = (Kind.REJECT, Kind.DISQUALIFY)
    """Sales says no to the lead, with an agreed reason."""
    VERDICTS = (Kind.ACCEPT, *REJECTIONS)
    """What speaks of how good the lead is; the other kinds speak of its time, its owner or its data."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    until = models.DateField(null=True, blank=True)
    twin = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undoes = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "-at"], name="decision_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["reject", "disqualify"]) | Q(reason__isnull=False),
                name="rejection_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="recycle") | Q(until__isnull=False), name="recycling_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind="undo") | Q(undoes__isnull=False), name="undo_names_its_decision"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def in_words(self) -> str:
        """``Rejected: No budget``, ``Recycled until 4 Jan 2027``, ``Took it back: accepted``.

        Select ``reason``, ``twin`` and ``undoes`` with it.
        """
        said = self.get_kind_display()
        if self.until is not None:
            return f"{said} until {self.until.day} {self.until:%b %Y}"
        undone = self.undoes.get_kind_display().lower() if self.undoes else ""
        named = self.reason or self.twin or undone
        return f"{said}: {named}" if named else said
