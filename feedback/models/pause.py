"""Pauses: times in which the clocks of an assignment stand still, and why."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from feedback.models.handoff import Assignment


class Pause(models.Model):
    """From ``starts_at`` on the clocks stand still until ``until``, or ``ended_at`` if somebody ended it.

    A pause begins as it is written and the next one only after it, so that two of an assignment never
    overlap. ``ended_at`` is null while it runs; where its time came by itself it stays null until the next
    one begins. It ends with its assignment at the latest.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="pauses")
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["until"], name="pause_that_may_run", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at=None), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("until")), name="pause_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("starts_at"), ended_at__lte=F("until")),
                name="pause_is_ended_within_it",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """From when to when the clocks stood still, or will."""
        return self.starts_at, self.ended_at or self.until

    def runs(self, now: dt.datetime) -> bool:
        """Whether the clocks stand still at ``now``, if the assignment is open."""
        starts, ends = self.span
        return starts <= now < ends
