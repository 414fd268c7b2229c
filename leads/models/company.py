"""The company a lead works for, and how it buys."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import FoldedField


class Buying(models.TextChoices):
    """Who buys in a company: headquarters, each site by itself, or now one and now the other."""

    CENTRAL = "central", "Central"
    DECENTRAL = "decentral", "Decentral"
    MIXED = "mixed", "Mixed"


class Incumbency(models.TextChoices):
    """How firmly a company holds to the supplier it has."""

    NONE = "none", "No supplier"
    WEAK = "weak", "Loose"
    STRONG = "strong", "Firm"
    AT_RISK = "at_risk", "Coming apart"


class Company(models.Model):
    """A company; found by its web domain, else by its folded name.

    From ``buying`` on stands its buying centre, as sales learned it: "" and null are unknown. Who said
    each of these facts, and when, is in ``FactSource``; what drives a person is the lead's.

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
    buying = models.CharField(max_length=10, choices=Buying, blank=True, default="")
    by_rfp = models.BooleanField("buys by request for proposal", null=True, blank=True)
    incumbent = models.CharField(max_length=200, blank=True, default="")
    incumbent_folded = FoldedField(source="incumbent")
    incumbent_relationship = models.CharField(max_length=10, choices=Incumbency, blank=True, default="")
    driver = models.CharField(max_length=200, blank=True, default="")
    driver_folded = FoldedField(source="driver")
    department_driver = models.CharField(max_length=200, blank=True, default="")
    department_driver_folded = FoldedField(source="department_driver")
    politics = models.CharField(max_length=500, blank=True, default="")
    politics_folded = FoldedField(source="politics", max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "companies"
        indexes = [
            models.Index(fields=["name_folded"], name="company_by_name"),
            models.Index(fields=["domain"], name="company_by_domain", condition=~Q(domain="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(buying__in=["", *Buying.values]), name="company_buying_is_known"
            ),
            models.CheckConstraint(
                condition=Q(incumbent_relationship__in=["", *Incumbency.values]),
                name="company_incumbency_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
