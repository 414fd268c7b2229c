"""Weeks of follow-up that were counted once and needn't be counted again."""

from django.db import models


class KeptWeek(models.Model):
    """The figures of a week that is over, packed by ``feedback.reports.kept_weeks``; PostgreSQL only.

    ``counts`` is null until it was counted; ``announced_at`` says since when changes are noted, which must
    be a while before it is counted. The week is one of ``zone``.
    """

    monday = models.DateField()
    zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    announced_at = models.DateTimeField()
    counts = models.BinaryField(null=True)
    delays_grade = models.BinaryField(null=True)
    delays_source = models.BinaryField(null=True)
    delays_team = models.BinaryField(null=True)
    delays_rep = models.BinaryField(null=True)
    delays_version = models.BinaryField(null=True)

    class Meta:
        ordering = ["monday"]
        constraints = [
            models.UniqueConstraint(fields=["monday", "zone"], name="week_is_kept_once_a_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.monday} ({self.zone})"


class ChangedWeek(models.Model):
    """A row that was counted in a kept week changed: the week doesn't hold any more.

    Written by triggers in the transaction of the change, so whoever sees the change sees this too. Rows are
    only added, which makes nobody wait; whoever keeps weeks takes them away with the week.
    """

    kept_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return str(self.kept_id)
