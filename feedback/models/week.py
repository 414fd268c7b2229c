"""Weeks of follow-up that were counted once and needn't be counted again."""

from django.db import models


class KeptWeek(models.Model):
    """A week of ``zone`` that is over and whose figures are kept, once ``is_counted``; PostgreSQL only.

    ``announced_at`` says since when changes are noted, which must be a while before it is counted.
    """

    monday = models.DateField()
    zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    announced_at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)

    class Meta:
        ordering = ["monday"]
        constraints = [
            models.UniqueConstraint(fields=["monday", "zone"], name="week_is_kept_once_a_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.monday} ({self.zone})"


class KeptPart(models.Model):
    """The figures of a kept week of one team, or of all where ``team_id`` is 0; packed by
    ``feedback.reports.kept_weeks``."""

    week = models.ForeignKey(KeptWeek, on_delete=models.CASCADE, related_name="parts")
    team_id = models.BigIntegerField()
    counts = models.BinaryField()
    delays_grade = models.BinaryField()
    delays_source = models.BinaryField()
    delays_team = models.BinaryField()
    delays_rep = models.BinaryField()
    delays_version = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "team_id"], name="kept_part_once_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.week_id}: {self.team_id}"


class ChangedWeek(models.Model):
    """A row that was counted in a kept week changed: the week doesn't hold any more.

    Written by triggers in the transaction of the change, so whoever sees the change sees this too. Rows are
    only added, which makes nobody wait; whoever keeps weeks takes them away with the week.
    """

    kept_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return str(self.kept_id)
