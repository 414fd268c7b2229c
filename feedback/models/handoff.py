"""Handoffs: a sales-ready lead given to sales, who owns it and what came of it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alignment.models import Grade, SlaTerm, Version
from core.fields import FoldedField
from leads.models import Lead
from users.models import Team


class Handoff(models.Model):
    """One sales-ready episode of a lead; at most one is open.

    It keeps the version, term and facts it began with: a later activation, edit or decay never
    withdraws it, ``not_ready_since`` only says so. What does is a lead that becomes a customer, lost or
    disqualified elsewhere; ``withdrawn_why`` says what happened.

    While it waits in the pool a clock of its own runs from ``pooled_at`` to ``pool_due_at``, and the sweep
    looks at ``pool_event_at``; outside the pool all three are null. ``closed_grade`` and ``closed_total`` are
    the score that sales decided on as it closed; a lead that changed enough since comes again before its
    cool-off is over, and its next episode keeps in ``back_before`` when that would have been.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "In the pool"
        ASSIGNED = "assigned", "Assigned"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        RECYCLED = "recycled", "Recycled"
        DUPLICATE = "duplicate", "Duplicate"
        DISQUALIFIED = "disqualified", "Disqualified"
        WITHDRAWN = "withdrawn", "Withdrawn"
        QUALIFIED = "qualified", "Qualified"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    OPEN = (State.WAITING, State.ASSIGNED, State.ACCEPTED)

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="handoffs", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="handoffs")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(SlaTerm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=1, choices=Grade)
    total = models.SmallIntegerField()
    facts = models.JSONField(help_text="What the lead was judged on, by field key.")
    ready_at = models.DateTimeField(help_text="When the lead became sales-ready.")
    first_assigned_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    not_ready_since = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="In the pool: it is not dealt before, but may be claimed."
    )
    pooled_at = models.DateTimeField(null=True, blank=True)
    pool_due_at = models.DateTimeField(null=True, blank=True)
    pool_event_at = models.DateTimeField(null=True, blank=True)
    closed_grade = models.CharField(max_length=1, choices=Grade, blank=True, default="")
    closed_total = models.SmallIntegerField(null=True, blank=True)
    back_before = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["pool_event_at"],
                name="handoff_due_in_pool",
                condition=Q(pool_event_at__isnull=False, not_ready_since=None),
            ),
            models.Index(fields=["state", "-id"], name="handoff_by_state"),
            models.Index(
                fields=["grade", "-total", "id"], name="handoff_in_pool", condition=Q(state="waiting")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lead", "cycle"], name="cycle_once_a_lead"),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state__in=["waiting", "assigned", "accepted"]),
                name="lead_has_one_open_handoff",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(pooled_at=None, pool_due_at=None, pool_event_at=None),
                name="pool_clock_runs_in_the_pool",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_why=""), name="withdrawal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} ({self.get_state_display()})"

    def held(self, now: datetime) -> datetime | None:
        """Until when it is not dealt; None once that is past."""
        return self.held_until if self.held_until is not None and self.held_until > now else None


class Assignment(models.Model):
    """A handoff in the hands of one owner, with due moments of its own.

    ``next_event_at`` is when the sweep looks at it next; null once nothing is left to watch.
    Reassigning ends this row and begins another. ``response_minutes`` and ``decision_minutes`` are
    the working minutes from assignment to ``responded_at`` and ``decided_at``, written with them.
    A rejection sets ``decided_at`` and ``ended_at``, an acceptance ``decided_at`` alone: the response
    clock runs on. ``returned_at`` is when the owner gave it back as a wrong owner, who owes nothing.

    ``grade``, ``version`` and ``source`` are what handoff and lead said when it was assigned, and
    ``system_minutes`` the whole minutes from sales-ready to a first assignment: the figures of follow-up
    are counted from this table alone, as looking a handoff up for each row takes seven times as long.
    """

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="assignments")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", db_index=False
    )
    why = models.CharField(max_length=200, help_text="Why this owner.")
    grade = models.CharField(max_length=1, choices=Grade)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=120, blank=True)
    source_folded = FoldedField(source="source")
    system_minutes = models.PositiveIntegerField(null=True, blank=True)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    response_due_at = models.DateTimeField()
    decision_due_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    response_minutes = models.PositiveIntegerField(null=True, blank=True)
    decision_minutes = models.PositiveIntegerField(null=True, blank=True)
    callback_at = models.DateTimeField(null=True, blank=True)
    next_event_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_event_at"],
                name="assignment_due_for_sweep",
                condition=Q(next_event_at__isnull=False),
            ),
            models.Index(fields=["owner", "-assigned_at"], name="assignment_of_owner"),
            models.Index(
                fields=["owner", "-id"], name="open_assignment_of_owner", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=["id"],
                name="watched_assignment",
                condition=Q(ended_at=None) & (Q(responded_at=None) | Q(decided_at=None)),
            ),
            models.Index(fields=["assigned_at"], name="assignment_by_start"),
            models.Index(fields=["response_due_at"], name="assignment_by_response_due"),
            models.Index(fields=["decision_due_at"], name="assignment_by_decision_due"),
            models.Index(fields=["decided_at"], name="assignment_by_decision"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(ended_at=None), name="handoff_has_one_owner_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} → {self.owner_id}"


class Attempt(models.Model):
    """A rep tried to reach the lead. A call, mail or meeting answers the clock; a note doesn't.

    ``at`` is when it was entered, which counts; ``happened_at`` is when it is said to have been.
    """

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        EMAIL = "email", "E-mail"
        MEETING = "meeting", "Meeting"
        NOTE = "note", "Note"

    RESPONSES = (Kind.CALL, Kind.EMAIL, Kind.MEETING)

    class Result(models.TextChoices):
        REACHED = "reached", "Reached"
        NO_ANSWER = "no_answer", "No answer"
        MESSAGE = "message", "Left a message"
        SENT = "sent", "Sent"
        WRONG = "wrong", "Wrong number or address"

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="attempts")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="attempts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Outcome(models.Model):
    """What came of an accepted lead, with the facts at that moment; append-only.

    Of a customer it may be told again and again that they were *retained*, and once that they *churned*.
    ``amount_reporting`` is ``amount`` converted to the reporting currency when it was written.
    """

    class Kind(models.TextChoices):
        QUALIFIED = "qualified", "Qualified"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        RETAINED = "retained", "Retained"
        CHURNED = "churned", "Churned"

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_reporting = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "kind"], condition=~Q(kind="retained"), name="outcome_once_a_handoff"
            ),
            models.CheckConstraint(
                condition=~Q(kind="won") | Q(amount__isnull=False), name="won_has_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
