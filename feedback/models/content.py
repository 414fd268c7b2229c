"""The content library: what marketing made for sales to show, and each time that it was used."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alignment.models import Dimension
from core.fields import FoldedField
from feedback.models.handoff import Handoff
from leads.models import Lead, Stage


class ContentPiece(models.Model):
    """Something to show to a lead: a link, a text to copy, or both.

    ``dimension`` is the question it answers and ``reason_key`` the objection it meets, the key of an
    agreed reason; ``industry``, ``stage`` and ``language`` say for whom it is. Empty is for all.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        CASE_STUDY = "case_study", "Case study"
        PRICE_SHEET = "price_sheet", "Price sheet"
        CALCULATION = "calculation", "Calculation"
        CHECKLIST = "checklist", "Checklist"
        VIDEO = "video", "Video"
        MAIL = "mail", "Template mail"
        OTHER = "other", "Other"

    title = models.CharField(max_length=160)
    title_folded = FoldedField(source="title")
    kind = models.CharField(max_length=12, choices=Kind)
    url = models.CharField("link", max_length=500, blank=True)
    text = models.TextField("text to copy", blank=True)
    dimension = models.CharField(max_length=10, choices=Dimension, blank=True)
    reason_key = models.SlugField(max_length=60, blank=True, db_index=False)
    industry = models.CharField(max_length=120, blank=True)
    industry_folded = FoldedField(source="industry")
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    language = models.CharField(max_length=10, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title_folded", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(url="") | ~Q(text=""), name="content_has_a_link_or_a_text"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="content_link_is_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContentUse(models.Model):
    """A rep copied a piece for a lead, or opened a mail with it; append-only.

    ``handoff`` is the episode of the lead that was open when it was used, null where none was.
    """

    class How(models.TextChoices):
        TEXT = "text", "Text copied"
        LINK = "link", "Link copied"
        MAIL = "mail", "Mail opened"

    piece = models.ForeignKey(ContentPiece, on_delete=models.PROTECT, related_name="uses", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="content_uses")
    handoff = models.ForeignKey(
        Handoff, on_delete=models.CASCADE, null=True, blank=True, related_name="content_uses"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    how = models.CharField(max_length=5, choices=How)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["piece", "-at"], name="use_of_piece"),
            models.Index(fields=["-at"], name="content_use_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.piece_id}: {self.get_how_display()}"
