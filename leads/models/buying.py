"""Who told what is known of a buying centre, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leads.models.bant import AnswerSource
from leads.models.company import Company
from leads.models.lead import Lead


class FactSource(models.Model):
    """Who said a fact of a company's buying centre last, or what drives a lead; earlier ones are audited.

    It stands beside the facts, not with them: criteria read the company's columns alone. A fact that was
    taken away keeps its row, which says who did.
    """

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="fact_sources", db_index=False
    )
    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, null=True, blank=True, related_name="fact_sources", db_index=False
    )
    fact = models.CharField(max_length=30, help_text="The name of the column.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=10, choices=AnswerSource)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "fact"], name="fact_source_once_a_company"),
            models.UniqueConstraint(fields=["lead", "fact"], name="fact_source_once_a_lead"),
            models.CheckConstraint(
                condition=Q(company=None, lead__isnull=False) | Q(company__isnull=False, lead=None),
                name="fact_source_is_of_a_company_or_a_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.by or self.get_source_display()}"
