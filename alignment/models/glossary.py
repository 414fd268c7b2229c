"""The company's own words for Bantam's terms."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class GlossaryEntry(models.Model):
    """What the company calls ``term`` and what it means by it; one row a term, edited by both teams.

    ``term`` is the key of one of our own terms, or of one that the company added. ``revision`` counts
    the edits, so that nobody saves over one they haven't seen.
    """

    term = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    meaning = models.CharField(max_length=1000, blank=True)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "glossary entries"
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="glossary_entry_has_a_name")]

    def __str__(self) -> str:
        return self.name
