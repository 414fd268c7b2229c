"""Who put their name to a version, and what was said of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from alignment.models.version import Version


class Side(models.TextChoices):
    """The two parties to the agreement."""

    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales"


class Signature(models.Model):
    """One side's name under a version; two different people, one for each side."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="each_side_signs_once"),
            models.UniqueConstraint(fields=["version", "by"], name="nobody_signs_for_both"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.by}"


class Comment(models.Model):
    """What somebody said of a version; ``asks_for_changes`` is the one that declined it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=1000)
    asks_for_changes = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
