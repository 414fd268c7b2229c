"""The watch over the clock: steps taken, notices, and how far the score log was read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.models.handoff import Assignment


class SlaEvent(models.Model):
    """A step of the ladder that was taken for an assignment: exactly once.

    ``took`` says that the lead was taken from its owner with it.
    """

    class Clock(models.TextChoices):
        RESPONSE = "response", "Response"
        DECISION = "decision", "Decision"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="events")
    clock = models.CharField(max_length=10, choices=Clock)
    step = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    took = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["step", "-at"], name="sla_event_by_step"),
            models.Index(fields=["at"], name="sla_event_by_moment"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "clock", "step"], name="ladder_step_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.step}"

    @property
    def is_late(self) -> bool:
        """Whether the clock had run out when it was taken; before, it is a warning."""
        return self.at >= self.due_at

    @property
    def in_words(self) -> str:
        """``First response due soon``, ``Decision overdue: taken from the owner``."""
        what = "First response" if self.clock == self.Clock.RESPONSE else "Decision"
        said = f"{what} overdue" if self.is_late else f"{what} due soon"
        return f"{said}: taken from the owner" if self.took else said


class Notification(models.Model):
    """A notice in the app; ``key`` makes a repeat harmless."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=120, unique=True)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="unread_notice", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.text


class LogCursor(models.Model):
    """How far a log was read.

    Rows up to ``last_id`` are done for good. Those after it are read again each time, because a lower
    id may be committed after a higher one: only once ``seen_id`` was the highest id for longer than any
    transaction lasts does it become ``last_id``.
    """

    name = models.CharField(max_length=40, primary_key=True)
    last_id = models.BigIntegerField(default=0)
    seen_id = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.last_id}"
