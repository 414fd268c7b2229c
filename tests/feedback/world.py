"""A small sales team with leads that were judged, for the tests of handoffs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from alignment.models import Grade, Reason, SlaTerm, Version
from feedback.models import Assignment, Handoff, RepSettings
from feedback.services import handoffs
from feedback.services.assigning import Gift, give
from leads.models import Lead
from scoring.models import Generation, GenerationVersion, LiveGeneration, Score, ScoreCause, ScoreChange
from tests.alignment.factories import make_draft
from tests.factories import UserFactory, north
from users.models import Role, User

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday morning, within office hours."""
SOON = timedelta(minutes=5)
POINTS = {"A": 90, "B": 60, "C": 40, "D": 10}


def active_version(**terms: Any) -> Version:
    """An active version with two more reasons, one of which needs text; it judges the live generation."""
    version = make_draft()
    Reason.objects.create(version=version, key="other", label="Other", needs_text=True, position=9)
    if terms:
        SlaTerm.objects.create(version=version, **terms)
    Version.objects.filter(pk=version.pk).update(status=Version.Status.ACTIVE)
    version.refresh_from_db()
    go_live(version)
    return version


def go_live(*versions: Version) -> Generation:
    """A new empty generation of these versions that readers see."""
    generation = Generation.objects.create(state=Generation.State.LIVE)
    for rank, version in enumerate(versions):
        GenerationVersion.objects.create(generation=generation, version=version, rank=rank)
    LiveGeneration.objects.update_or_create(pk=1, defaults={"generation": generation})
    return generation


def generation() -> int:
    """The live generation."""
    return LiveGeneration.objects.get().generation_id


def version() -> Version:
    """The version of the live generation."""
    return GenerationVersion.objects.select_related("version").get(generation=generation()).version


def judge(
    lead: Lead,
    grade: str = "A",
    *,
    ready: bool = True,
    at: datetime = NOW,
    total: int = 0,
    cause: str = ScoreCause.EDIT,
) -> None:
    """Say of the lead what scoring would: its score now, and the change in the log."""
    points = total or POINTS[grade]
    old = Score.objects.filter(generation_id=generation(), lead_id=lead.pk).first()
    Score.objects.filter(generation_id=generation(), lead_id=lead.pk).delete()
    six = dict.fromkeys(("budget", "authority", "need", "timeframe", "fit", "engagement"), 0)
    Score.objects.create(
        generation_id=generation(),
        lead=lead,
        version=version(),
        total=points,
        grade=grade,
        gate=0 if ready else 1,
        bant=0b10,
        as_of=0,
        **six,
    )
    ScoreChange.objects.create(
        lead=lead,
        at=at,
        cause=cause,
        generation=generation(),
        version=version(),
        old_grade=old.grade if old else None,
        old_total=old.total if old else None,
        new_grade=grade,
        new_total=points,
        was_ready=bool(old and old.gate == 0),
        is_ready=ready,
    )


def make_lead(number: int = 1, **fields: Any) -> Lead:
    """A lead that nobody works."""
    fields = {"name": f"Lead {number}", "email": f"lead{number}@example.com", "phone": "+49 30 1234"} | fields
    return Lead.objects.create(**fields)


def ready_lead(number: int = 1, grade: str = "A", **fields: Any) -> Lead:
    """A lead that was judged sales-ready just now."""
    lead = make_lead(number, **fields)
    judge(lead, grade)
    return lead


def away(rep: User) -> None:
    """The rep takes no new leads."""
    RepSettings.objects.update_or_create(user=rep, defaults={"is_away": True})


def assigned(
    to: User, lead: Lead | None = None, *, at: datetime = NOW, grade: str = "A", state: str = ""
) -> Assignment:
    """A handoff in the hands of ``to``, opened and assigned at ``at``."""
    number = Lead.objects.count() + 1
    lead = lead or make_lead(number)
    judged = Version.objects.filter(status=Version.Status.ACTIVE).first() or active_version()
    handoff = Handoff.objects.create(
        lead=lead,
        cycle=Handoff.objects.filter(lead=lead).count() + 1,
        version=judged,
        term=SlaTerm.objects.get(version=judged, grade=Grade(grade), source=""),
        grade=grade,
        total=POINTS[grade],
        facts={},
        ready_at=at,
        team=north(),
    )
    Lead.objects.filter(pk=lead.pk).update(stage="sales_ready")
    lead.refresh_from_db()
    return _give(handoff, to, at)


def waiting(lead: Lead | None = None, **fields: Any) -> Handoff:
    """A handoff in the pool of the team North."""
    row = assigned(UserFactory(role=Role.REP), lead)
    handoff = row.handoff
    Assignment.objects.filter(pk=row.pk).delete()
    Handoff.objects.filter(pk=handoff.pk).update(state="waiting", first_assigned_at=None, **fields)
    Lead.objects.filter(pk=handoff.lead_id).update(owner=None, team=None)
    handoff.refresh_from_db()
    return handoff


def _give(handoff: Handoff, to: User, at: datetime) -> Assignment:
    from django.db import transaction

    with transaction.atomic():
        return give([Gift(handoff, to.pk, to.team_id, "For a test.")], by=None, now=at, action="test")[0]


def sweep(at: datetime = NOW) -> handoffs.Opened:
    """Open what is wanted, as the beat does."""
    return handoffs.open_wanted(now=at)
