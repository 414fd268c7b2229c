"""Who put their name to a version, and what was said of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
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
    """What somebody said of a version, or of one criterion of it.

    ``asks_for_changes`` is the one that declined it. An *objection* stands in the way of signatures
    until its author resolves it or the mediator overrules it; ``resolution`` says how, and why. It may
    be opened again, which a ``Reopening`` keeps.
    """

    class Resolution(models.TextChoices):
        OPEN = "", "Open"
        RESOLVED = "resolved", "Resolved"
        OVERRULED = "overruled", "Overruled"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    criterion_key = models.SlugField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=1000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    asks_for_changes = models.BooleanField(default=False)
    is_objection = models.BooleanField(default=False)
    resolution = models.CharField(max_length=10, choices=Resolution, default=Resolution.OPEN, blank=True)
    resolution_text = models.CharField(max_length=1000, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_at__isnull=True, resolved_by__isnull=True)
                | (~Q(resolution="") & Q(resolved_at__isnull=False, resolved_by__isnull=False)),
                name="resolution_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        """Whether somebody may still settle it; what declined a version is for its next draft to settle."""
        return not self.resolution and not self.asks_for_changes


class Reopening(models.Model):
    """A settled comment was opened again: by whom, when and why, and how it *was* settled until then.

    The database lets a comment be opened again only where such a row keeps what is cleared on it.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=1000, blank=True)
    was = models.CharField(max_length=10, choices=Comment.Resolution)
    was_text = models.CharField(max_length=1000, blank=True)
    was_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    was_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_was_display()} until {self.by} opened it again"
