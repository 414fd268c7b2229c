"""Campaigns and the touches by which they reached leads."""

from django.db import models

from core.fields import FoldedField


class Campaign(models.Model):
    """Something marketing ran; ``cost`` is in ``currency``."""

    name = models.CharField(max_length=160)
    name_folded = FoldedField(source="name", unique=True)
    channel = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class Touch(models.Model):
    """A campaign reached a lead; the first touch sourced it."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="touches", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="touches")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "touches"
        constraints = [
            models.UniqueConstraint(fields=["lead", "campaign", "at"], name="touch_is_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} → {self.lead_id}"
