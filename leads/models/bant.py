"""What somebody said of a lead's budget, authority, need and timeframe."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leads.models.lead import Lead


class BantDimension(models.TextChoices):
    """The four questions of BANT."""

    BUDGET = "budget", "Budget"
    AUTHORITY = "authority", "Authority"
    NEED = "need", "Need"
    TIMEFRAME = "timeframe", "Timeframe"


class BantLevel(models.IntegerChoices):
    """How far a dimension is met; the numbers order the levels."""

    UNMET = 0, "Unmet"
    PARTIAL = 1, "Partial"
    MET = 2, "Met"


class AnswerSource(models.TextChoices):
    """Who said so."""

    SELF = "self", "The lead"
    REP = "rep", "A rep"
    IMPORT = "import", "An import"


class BantAnswer(models.Model):
    """One answer; never changed afterwards. The latest that has not expired counts.

    ``amount_reporting`` is ``amount`` converted to the reporting currency when it was written.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="answers", db_index=False)
    dimension = models.CharField(max_length=10, choices=BantDimension)
    level = models.SmallIntegerField(choices=BantLevel)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_reporting = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=300, blank=True, help_text="The role, or the need.")
    purchase_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=10, choices=AnswerSource)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["lead", "dimension", "-at", "-id"], name="answer_of_lead")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=BantLevel.values), name="answer_level_is_known"),
            models.CheckConstraint(
                condition=Q(dimension__in=BantDimension.values), name="answer_dimension_is_bant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.get_level_display()}"
