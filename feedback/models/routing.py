"""Who gets a lead: the rules in their order, whose turn it is, why each owner was chosen, who is short."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from feedback.models.handoff import Assignment, Handoff
from users.models import Team


class RoutingRule(models.Model):
    """Leads that meet ``condition`` go to ``team`` (None: any) and are dealt in a ``way`` there.

    The first rule in the order of ``position`` decides. ``revision`` counts its changes, so that a form
    which was opened before one is refused.
    """

    class Way(models.TextChoices):
        ROUND_ROBIN = "round_robin", "Round robin"
        WEIGHTED = "weighted", "Weighted"
        LEAST_LOADED = "least_loaded", "Least loaded"

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    condition = models.JSONField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=12, choices=Way, default=Way.LEAST_LOADED)
    is_owner_first = models.BooleanField(default=True)
    is_on = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RoutingTurn(models.Model):
    """A rep's place in the turns of one rule: which of its leads was their last (0: none yet), and how far
    their share of leads by weight lags behind (in leads times the sum of weights).

    See ``feedback.routing.roster``.
    """

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="turns")
    rep = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.BigIntegerField(default=0)
    credit = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "rep"], name="one_turn_a_rule_and_rep")]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.rep_id}"


class AssignmentTrace(models.Model):
    """Why an assignment has this owner, as it was then (``feedback.routing.trace``).

    Beside the assignment and not in it: reports read a million of those.
    """

    assignment = models.OneToOneField(
        Assignment, on_delete=models.CASCADE, primary_key=True, related_name="trace"
    )
    detail = models.JSONField()

    def __str__(self) -> str:
        return f"Why {self.assignment_id}"


class Leave(models.Model):
    """Days off of a rep, the last included: no new leads come (days of the company's zone), and their clocks
    stand still (days of their calendar's zone)."""

    rep = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaves")
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lte=F("ends")), name="leave_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.rep_id} {self.starts} to {self.ends}"


class PoolShortage(models.Model):
    """A time in which leads waited in a team's pool (None: no team's) and nobody there had room.

    The sales managers are told as it begins, and of the next one after this one has ended.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(ended_at=None), name="one_open_shortage_a_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team_id} since {self.since}"


class PoolOverdue(models.Model):
    """A lead waited longer in the pool than its term allows, and the managers were told: once a wait."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="pool_overdue")
    pooled_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handoff", "pooled_at"], name="pool_overdue_is_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} since {self.pooled_at}"
