"""Imports of files: what was read, how it was mapped and what was left out."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ImportJob(models.Model):
    """One file on its way into leads, activities or outcomes.

    The file's bytes are in the database, so that any worker on any host can read them; they are
    dropped when the job ends. ``mapping`` maps a column's index (as text) to a target of
    ``leads.imports.targets``, ``options`` holds how dates are read and whether rows are numbered.
    ``position`` is the last row done: a job that runs twice goes on behind it.
    """

    class Kind(models.TextChoices):
        LEADS = "leads", "Leads"
        ACTIVITIES = "activities", "Activities"
        OUTCOMES = "outcomes", "Outcomes"

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Waiting for you"
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LEADS)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    encoding = models.CharField(max_length=40)
    delimiter = models.CharField(max_length=1)
    first_line = models.PositiveIntegerField(default=0, help_text="Lines above the header.")
    header = models.JSONField(default=list)
    preview = models.JSONField(default=list, help_text="The first rows, as they were read.")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    system = models.CharField(max_length=40, blank=True, help_text="Where the file comes from.")
    rows = models.PositiveIntegerField(default=0, help_text="Rows of data in the file.")
    position = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True, help_text="The last sign of life.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """A row that was left out, or a value that was: where, what and why."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(help_text="As a spreadsheet counts: the header is row 1.")
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300)
    is_row_left_out = models.BooleanField(default=True)

    class Meta:
        ordering = ["row", "id"]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"
