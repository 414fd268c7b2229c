"""Fields that a company adds to its leads, and the work that a new or changed one makes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class CustomField(models.Model):
    """A field of leads that the company made itself.

    ``slug`` is made from the first label and never changes: criteria, files and programs name the field by
    ``attribute.<slug>``, and ``Lead.attributes`` keeps values under it. ``choices`` are the texts of a
    choice, ``headers`` the columns by which an import knows the field, besides its label. A retired field
    is offered nowhere; its values stay, and it can come back.
    """

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        BOOLEAN = "boolean", "Yes or no"
        CHOICE = "choice", "Choice from a list"

    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=10, choices=Type)
    unit = models.CharField(max_length=20, blank=True)
    help = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list, blank=True)
    headers = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """The name of the field in conditions, addresses and files."""
        return f"attribute.{self.slug}"


class FieldRun(models.Model):
    """Work over all leads that a field makes, in the background.

    *convert*: values that imports kept under ``headers`` become values of the field, where they fit its
    type. *judge*: every lead is marked, as conditions that ask for the field mean something else now.
    ``position`` is the last lead done, ``last_lead`` the last there was at the start: a run that dies goes
    on behind its position.
    """

    class Kind(models.TextChoices):
        CONVERT = "convert", "Kept columns become values"
        JUDGE = "judge", "Leads are judged again"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    headers = models.JSONField(default=list)
    date_order = models.CharField(max_length=3, blank=True)
    position = models.BigIntegerField(default=0)
    last_lead = models.BigIntegerField(default=0)
    converted = models.PositiveIntegerField(default=0)
    unfit = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["field"], condition=Q(state="running"), name="one_run_of_a_field_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.get_kind_display()}"
