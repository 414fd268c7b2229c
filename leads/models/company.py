"""The company a lead works for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import FoldedField


class Company(models.Model):
    """A company; found by its web domain, else by its folded name.

    ``revenue_reporting`` is ``revenue`` converted to the reporting currency when it was written;
    criteria and reports use it.
    """

    name = models.CharField(max_length=200)
    name_folded = FoldedField(source="name")
    domain = models.CharField(max_length=120, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    industry_folded = FoldedField(source="industry")
    employees = models.PositiveIntegerField(null=True, blank=True)
    revenue = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    revenue_currency = models.CharField(max_length=3, blank=True)
    revenue_reporting = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code, such as DE.")
    city = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "companies"
        indexes = [
            models.Index(fields=["name_folded"], name="company_by_name"),
            models.Index(fields=["domain"], name="company_by_domain", condition=~Q(domain="")),
        ]

    def __str__(self) -> str:
        return self.name
