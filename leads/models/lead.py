"""Leads, the keys other systems know them by, and the moves between stages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import FoldedField
from leads.freemail import FreeMailField
from leads.models.company import Company
from users.models import Team


class Stage(models.TextChoices):
    """Where a lead stands; ``leads.stages`` holds the allowed moves."""

    INQUIRY = "inquiry", "Inquiry"
    SALES_READY = "sales_ready", "Sales-ready"
    ACCEPTED = "accepted", "Accepted"
    QUALIFIED = "qualified", "Qualified"
    CUSTOMER = "customer", "Customer"
    LOST = "lost", "Lost"
    DISQUALIFIED = "disqualified", "Disqualified"
    NURTURE = "nurture", "Nurture"


class Lead(models.Model):
    """A person who may buy.

    ``owner`` and ``team`` say who works the lead now; only feedback moves them. ``extra`` keeps
    imported columns that no field takes, by their header. ``attributes`` has the values of custom fields by
    their slugs, typed, ``attributes_folded`` the folded ones of texts; both are written by
    ``leads.custom.storing`` alone. ``decay_stopped_at`` takes the place of now for engagement criteria
    while sales works the lead.
    """

    name = models.CharField(max_length=200, blank=True)
    name_folded = FoldedField(source="name")
    email = models.CharField(max_length=254, blank=True)
    email_folded = FoldedField(source="email")
    has_free_mail = FreeMailField()
    phone = models.CharField(max_length=60, blank=True, help_text="As it was given.")
    phone_e164 = models.CharField(max_length=20, blank=True)
    title = models.CharField("job title", max_length=200, blank=True)
    title_folded = FoldedField(source="title")
    driver = models.CharField(max_length=200, blank=True, default="", help_text="What drives the person.")
    driver_folded = FoldedField(source="driver")
    company = models.ForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code, such as DE.")
    city = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=120, blank=True)
    source_folded = FoldedField(source="source")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.INQUIRY)
    stage_at = models.DateTimeField(default=timezone.now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads", db_index=False
    )
    do_not_call = models.BooleanField(default=False)
    is_unsubscribed = models.BooleanField("unsubscribed from e-mail", default=False)
    nurture_until = models.DateField(null=True, blank=True)
    decay_stopped_at = models.DateTimeField(null=True, blank=True)
    has_external_id = models.BooleanField(default=False, editable=False)
    extra = models.JSONField(default=dict, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    attributes_folded = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["team", "-id"], name="lead_by_team"),
            models.Index(fields=["stage", "-id"], name="lead_by_stage"),
            models.Index(
                fields=["id"], condition=Q(decay_stopped_at__isnull=False), name="lead_with_stopped_decay"
            ),
            models.Index(fields=["email_folded"], name="lead_by_email"),
            models.Index(fields=["phone_e164"], name="lead_by_phone", condition=~Q(phone_e164="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | ~Q(name="") | Q(has_external_id=True),
                name="lead_has_email_phone_name_or_external_id",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="lead_stage_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"Lead {self.pk}"


class ExternalId(models.Model):
    """What another system calls the lead."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        verbose_name = "external id"
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="external_id_names_one_lead")]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"


class StageChange(models.Model):
    """One move of a lead from stage to stage; never changed afterwards."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=20, choices=Stage)
    to_stage = models.CharField(max_length=20, choices=Stage)
    at = models.DateTimeField()
    cause = models.CharField(max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
