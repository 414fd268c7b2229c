"""Scores in generations, and the history of what changed and why."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alignment.models import Grade, Version
from leads.models import Lead


class Generation(models.Model):
    """The scores of all leads under one ordered set of active versions.

    Building -> live -> retired, or cancelled. Readers see the one that ``LiveGeneration`` names.
    """

    class State(models.TextChoices):
        BUILDING = "building", "Being built"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"
        CANCELLED = "cancelled", "Cancelled"

    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    versions = models.ManyToManyField(Version, through="GenerationVersion", related_name="+")
    leads = models.PositiveIntegerField(default=0, help_text="Leads when it was announced.")
    is_logged = models.BooleanField(
        default=False, help_text="Every change of grade it made is in the history."
    )
    started_at = models.DateTimeField(default=timezone.now)
    live_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    pruned_at = models.DateTimeField(null=True, blank=True, help_text="Its scores were deleted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="building"), name="one_generation_is_built_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"Generation {self.pk} ({self.state})"


class GenerationVersion(models.Model):
    """A version of a generation and its rank: a lead is judged by the first whose scope it meets."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="ranks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "rank"], name="rank_once_a_generation"),
            models.UniqueConstraint(fields=["generation", "version"], name="version_once_a_generation"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.version_id}"


class GenerationRange(models.Model):
    """An id range of leads of a generation that is being built, so that a crash loses one range."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="ranges")
    first_lead = models.BigIntegerField()
    last_lead = models.BigIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    logged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_lead"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "first_lead"], name="range_once_a_generation")
        ]

    def __str__(self) -> str:
        return f"{self.first_lead}-{self.last_lead}"


class LiveGeneration(models.Model):
    """One row that names the generation readers see."""

    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="live_generation_is_one_row")]

    def __str__(self) -> str:
        return f"Generation {self.generation_id}"


class Refresh(models.Model):
    """One day's judging again of a generation, for what time alone changes; one a day and generation.

    ``position`` is the last lead done, so that a crash loses one range.
    """

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="refreshes")
    day = models.IntegerField(help_text="Since 1970-01-01, company's zone.")
    position = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "refreshes"
        constraints = [
            models.UniqueConstraint(fields=["generation", "day"], name="refresh_once_a_day_and_generation")
        ]

    def __str__(self) -> str:
        return f"{self.generation_id}: day {self.day}"


class Gate(models.IntegerChoices):
    """Bits of ``Score.gate``: what of the gate a lead misses; 0 is sales-ready."""

    GRADE = 1, "Grade too low"
    BANT = 2, "Too few BANT dimensions"
    MUST_HAVE = 4, "A must-have is missing"
    DISQUALIFIED = 8, "Disqualified"
    NO_VERSION = 16, "In no definition's scope"


class Score(models.Model):
    """What a generation's versions say of a lead; written by the engine only.

    Six dimensions in points after their caps; ``version`` null is a lead in no scope, without a
    grade. ``bant`` packs the four BANT levels, two bits each: budget the lowest, then authority,
    need, timeframe. ``as_of`` is the day (since 1970-01-01, company's zone) it was judged on. No
    foreign keys in the database: they would cost more than the judging.
    """

    pk = models.CompositePrimaryKey("generation_id", "lead_id")
    generation = models.ForeignKey(
        Generation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    lead = models.ForeignKey(
        Lead, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="scores"
    )
    version = models.ForeignKey(
        Version, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    budget = models.SmallIntegerField()
    authority = models.SmallIntegerField()
    need = models.SmallIntegerField()
    timeframe = models.SmallIntegerField()
    fit = models.SmallIntegerField()
    engagement = models.SmallIntegerField()
    total = models.SmallIntegerField()
    grade = models.CharField(max_length=1, choices=Grade, null=True)
    bant = models.SmallIntegerField()
    gate = models.SmallIntegerField()
    as_of = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["generation", "-total", "-lead"], name="score_by_total")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.grade or '–'} {self.total}"

    @property
    def is_sales_ready(self) -> bool:
        return self.gate == 0


class ScoreCause(models.TextChoices):
    """Why a score changed: a fact of the lead, time, or the rules."""

    EDIT = "edit", "Edited"
    IMPORT = "import", "Imported"
    ANSWER = "answer", "BANT answer"
    ACTIVITY = "activity", "Activity"
    COMPANY = "company", "Company edited"
    DECAY = "decay", "Time passed"
    OVERRIDE = "override", "Grade set by hand"
    RECYCLE = "recycle", "Released by sales"
    ACTIVATION = "activation", "New version"


class ScoreChange(models.Model):
    """One change of a lead's score: append-only, written with the score itself.

    ``old_total`` is null where the lead had no score before. An activation is logged once a lead and
    generation, however often it is tried.
    """

    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="score_changes"
    )
    generation = models.BigIntegerField(default=0, help_text="The id of the generation whose score it is.")
    at = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=ScoreCause)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    old_grade = models.CharField(max_length=1, null=True)
    new_grade = models.CharField(max_length=1, null=True)
    old_total = models.SmallIntegerField(null=True)
    new_total = models.SmallIntegerField()
    was_ready = models.BooleanField()
    is_ready = models.BooleanField()
    budget = models.SmallIntegerField(default=0, help_text="Change in points; so are the next five.")
    authority = models.SmallIntegerField(default=0)
    need = models.SmallIntegerField(default=0)
    timeframe = models.SmallIntegerField(default=0)
    fit = models.SmallIntegerField(default=0)
    engagement = models.SmallIntegerField(default=0)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["lead", "-id"], name="score_change_of_lead")]
        constraints = [
            models.UniqueConstraint(
                fields=["generation", "lead"],
                condition=Q(cause=ScoreCause.ACTIVATION),
                name="activation_is_logged_once_a_lead",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.old_grade} → {self.new_grade}"


class GradeOverride(models.Model):
    """A grade that somebody set by hand: it takes the place of the computed one until ``ends_at``.

    At most one of a lead is open (not ended). ``ended_at`` is set once: by a person who ended it early
    (``ended_by``), by the one who set the next, or by the sweep when its time was over (nobody).
    Everything else stays as it was written.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, db_index=False, related_name="overrides")
    grade = models.CharField(max_length=1, choices=Grade)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The end of a day in the company's zone.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["lead", "-id"], name="override_of_lead"),
            models.Index(fields=["ends_at"], condition=Q(ended_at__isnull=True), name="override_to_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at__isnull=True), name="one_open_override_a_lead"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("at")), name="override_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.grade} by hand"

    def counts_at(self, now: datetime) -> bool:
        """Whether it takes the place of the computed grade at ``now``."""
        return self.ended_at is None and self.ends_at > now

    def last_day(self, zone: ZoneInfo) -> date:
        """The last day on which it counts, in the company's ``zone``."""
        return (self.ends_at.astimezone(zone) - timedelta(seconds=1)).date()


class Preview(models.Model):
    """What a version that isn't in force would do to every lead's score; nothing that counts is written.

    ``versions`` are the ids that would be in force, in their order; ``against`` is the generation it is
    held against, 0 for none. It is stale once the version's revision or the live generation is another.
    ``position`` is the last lead done and ``done`` how many, so that a crash loses one range. ``sample``
    and ``result`` are ``scoring.previews.Moves`` as JSON: from some leads at once, and from all.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Being counted"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        STALE = "stale", "Overtaken"
        FAILED = "failed", "Failed"

    version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField()
    against = models.BigIntegerField(default=0)
    versions = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    error = models.CharField(max_length=500, blank=True)
    leads = models.PositiveIntegerField(default=0, help_text="Leads when it began.")
    done = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    sample = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    pruned_at = models.DateTimeField(null=True, blank=True, help_text="Its rows of leads were deleted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state="running"), name="one_preview_of_a_version_runs"
            )
        ]

    def __str__(self) -> str:
        return f"Preview {self.pk} of {self.version_id} ({self.state})"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_whole(self) -> bool:
        """Whether every lead was counted."""
        return self.state == self.State.DONE


class PreviewScore(models.Model):
    """One lead of a preview: what it is under the live versions, and what it would be.

    Both sides are judged at the same moment and are kept, so that the leads behind a figure are those
    that were counted. No foreign keys in the database, as with ``Score``.
    """

    pk = models.CompositePrimaryKey("preview_id", "lead_id")
    preview = models.ForeignKey(
        Preview, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="scores"
    )
    lead = models.ForeignKey(
        Lead, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    old_grade = models.CharField(max_length=1, choices=Grade, null=True)
    new_grade = models.CharField(max_length=1, choices=Grade, null=True)
    old_total = models.SmallIntegerField()
    new_total = models.SmallIntegerField()
    was_ready = models.BooleanField()
    is_ready = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                fields=["preview", "old_grade", "new_grade", "-new_total", "-lead"], name="preview_by_move"
            ),
            models.Index(
                fields=["preview", "is_ready", "-new_total", "-lead"],
                condition=Q(was_ready=True, is_ready=False) | Q(was_ready=False, is_ready=True),
                name="preview_by_readiness",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.old_grade or '–'} → {self.new_grade or '–'}"

    @property
    def change(self) -> int:
        """In points."""
        return self.new_total - self.old_total


# Django looks for an app's tables here; these live with what counts them.
from scoring.distribution.models import GradeCount, GradeCountLine  # noqa: E402, F401
