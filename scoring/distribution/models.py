"""Counts of the whole base: one a day, which stay, and that of now, which the next one replaces."""

from django.db import models


class GradeCount(models.Model):
    """One count of all leads at one moment; its lines are written with it and never changed.

    ``day`` (since 1970-01-01, company's zone) is null for the count of *now* of a large base. Days are
    counted once; after a year the last one of each week stays.
    """

    day = models.IntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "scoring"
        constraints = [models.UniqueConstraint(fields=["day"], name="grades_are_counted_once_a_day")]

    def __str__(self) -> str:
        return f"Grades at {self.at}"


class GradeCountLine(models.Model):
    """The leads of one group of an axis that have one grade.

    ``key`` is "" for leads without the fact and, where ``is_rest``, for all groups that are too small to
    be named. ``label`` is the text of a group whose key is folded. ``grade`` is "" for a lead in no
    definition's scope and "?" for one that wasn't judged yet. ``points`` is their sum over leads with a
    grade; ``ready`` counts the sales-ready ones. The lines of each axis sum to the whole base.
    """

    count = models.ForeignKey(GradeCount, on_delete=models.CASCADE, related_name="lines", db_index=False)
    axis = models.CharField(max_length=10)
    key = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200, blank=True)
    is_rest = models.BooleanField(default=False)
    grade = models.CharField(max_length=1, blank=True)
    leads = models.PositiveIntegerField()
    points = models.BigIntegerField()
    ready = models.PositiveIntegerField()

    class Meta:
        app_label = "scoring"
        constraints = [
            models.UniqueConstraint(
                fields=["count", "axis", "key", "is_rest", "grade"], name="grade_count_line_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.axis} {self.key}: {self.leads} {self.grade}"
