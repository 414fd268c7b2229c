"""What versions say of the past, worked out in the background and kept for the day."""

from django.db import models
from django.utils import timezone


class Hindsight(models.Model):
    """One question about the past, asked of an ordered set of versions on one day.

    ``versions`` names them with their revisions, ``3.1,7.12``: an edit of a draft asks anew. *backtest*
    judges the leads that sales decided on, as of each decision; *load* judges leads at the end of each of
    the last weeks. ``result`` is ``feedback.backtest.Past`` or ``feedback.load.Weeks`` as JSON.
    ``taken_at`` is when a worker began, so that a lost one is replaced.
    """

    class Kind(models.TextChoices):
        BACKTEST = "backtest", "Backtest"
        LOAD = "load", "Load"

    class State(models.TextChoices):
        WAITING = "waiting", "Being worked out"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=10, choices=Kind)
    versions = models.CharField(max_length=400)
    day = models.IntegerField(help_text="Since 1970-01-01, company's zone.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "versions", "day"], name="hindsight_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} under {self.versions}"
