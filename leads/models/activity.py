"""What leads did."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import models

from core.fields import CodedField, FoldedField
from leads.models.campaign import Campaign
from leads.models.lead import Lead


class ActivityKind(models.TextChoices):
    """What was done; an import maps other systems' kinds to these."""

    PAGE_VIEW = "page_view", "Page view"
    EMAIL_OPEN = "email_open", "E-mail opened"
    EMAIL_CLICK = "email_click", "E-mail clicked"
    EMAIL_REPLY = "email_reply", "E-mail answered"
    FORM = "form", "Form sent"
    DOWNLOAD = "download", "Download"
    WEBINAR = "webinar", "Webinar attended"
    EVENT = "event", "Event visited"
    CHAT = "chat", "Chat"
    CALL = "call", "Called us"
    TRIAL = "trial", "Trial started"
    UNSUBSCRIBE = "unsubscribe", "Unsubscribed"
    OTHER = "other", "Other"


KIND_CODES: Final[Mapping[str, int]] = {kind.value: code for code, kind in enumerate(ActivityKind, start=1)}
"""The numbers by which rows hold a kind: a new one goes to the end of the kinds."""


class Activity(models.Model):
    """Something a lead did, at a moment.

    ``at_epoch`` is seconds since 1970 UTC; ``day`` is whole days since 1970-01-01 in the company's
    zone, by which decay and daily caps count. ``dedup_key`` makes a repeated delivery harmless.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="activities", db_index=False)
    kind = CodedField(codes=KIND_CODES, choices=ActivityKind)
    detail = models.CharField(max_length=300, blank=True, help_text="Page, form, mail or event.")
    detail_folded = FoldedField(source="detail", max_length=300)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    at_epoch = models.BigIntegerField()
    day = models.IntegerField()
    dedup_key = models.CharField(max_length=120, null=True, blank=True, unique=True)

    class Meta:
        verbose_name_plural = "activities"
        # All that scoring's one pass reads, in its order: no row is fetched and nothing sorted.
        indexes = [
            models.Index(fields=["lead", "day", "at_epoch", "kind", "detail_folded"], name="activity_of_lead")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.detail}".strip()

    @property
    def at(self) -> dt.datetime:
        """The moment, aware, in UTC."""
        return dt.datetime.fromtimestamp(self.at_epoch, tz=dt.UTC)
