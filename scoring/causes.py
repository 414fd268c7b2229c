"""The cause of each change of a score in words, with who and what as far as that is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Dimension
from core.models import AuditEntry
from leads.models import Activity, BantAnswer
from scoring.models import Generation, GenerationVersion, GradeOverride, ScoreCause, ScoreChange

WITHIN = timedelta(minutes=10)
"""A change is judged within seconds of its cause; what was written longer before is not named as one."""
SWEPT = timedelta(days=7)
"""The end of a grade set by hand waits for the sweep, which may have been away."""
AHEAD = timedelta(minutes=5)
TOLD_LATE = (ScoreCause.ACTIVITY, ScoreCause.ANSWER)
"""What a file or a program may tell of hours after it happened."""

Happening = tuple[datetime, str, str]
"""When, what and who."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a lead's score, to be shown."""

    change: ScoreChange
    title: str
    detail: str = ""
    who: str = ""

    @property
    def points(self) -> int | None:
        """How many more; None for the first score."""
        return None if self.change.old_total is None else self.change.new_total - self.change.old_total

    @property
    def moved(self) -> list[tuple[str, int]]:
        """The dimensions that changed, with their points."""
        values = [(str(each.label), int(getattr(self.change, each.value))) for each in Dimension]
        return [(label, points) for label, points in values if points]

    @property
    def is_regraded(self) -> bool:
        """Whether the grade is another."""
        return self.change.old_grade != self.change.new_grade


def entries(changes: Sequence[ScoreChange]) -> list[Entry]:
    """``changes`` of one lead, newest first, in words; at most five queries, one a kind of cause."""
    if not changes:
        return []
    versions = _activations([each for each in changes if each.cause == ScoreCause.ACTIVATION])
    lead_id = changes[0].lead_id
    span = min(each.at for each in changes) - WITHIN, max(each.at for each in changes) + AHEAD
    asked = {each.cause for each in changes}
    known = {cause: sorted(find(lead_id, *span)) for cause, find in HAPPENINGS.items() if cause in asked}
    return [
        _entry(each, earlier, versions, known.get(ScoreCause(each.cause), []))
        for each, earlier in zip(changes, [*changes[1:], None], strict=True)
    ]


def _entry(
    change: ScoreChange, earlier: ScoreChange | None, versions: dict[int, str], known: Sequence[Happening]
) -> Entry:
    if change.cause == ScoreCause.ACTIVATION:
        return Entry(change, versions.get(change.pk, "New version"))
    if change.old_total is None:
        return Entry(change, "First scored")
    title = str(change.get_cause_display())
    after = change.at - (SWEPT if change.cause == ScoreCause.OVERRIDE else WITHIN)
    near = [each for each in known if after <= each[0] <= change.at + AHEAD]
    if near:
        _at, detail, who = ([each for each in near if each[0] <= change.at] or near)[-1]
        return Entry(change, title, detail, who)
    if earlier is not None and change.cause in TOLD_LATE:
        return Entry(change, title, _meanwhile(known, earlier.at, change.at))
    return Entry(change, title)


def _meanwhile(known: Sequence[Happening], since: datetime, until: datetime) -> str:
    """What a lead did or said between two changes: one made the later one, but which isn't stored."""
    done = [what for at, what, _ in known if since < at <= until]
    more = f" and {len(done) - 1} more" if len(done) > 1 else ""
    return f"Since the change before: {done[-1]}{more}" if done else ""


def _activations(changes: Iterable[ScoreChange]) -> dict[int, str]:
    """``Version 3 → 4``, by the id of the change; with its definition's name where that is another."""
    rows = list(changes)
    if not rows:
        return {}
    replaced = dict(
        Generation.objects.filter(pk__in={row.generation for row in rows}).values_list("pk", "replaces_id")
    )
    ranks = GenerationVersion.objects.filter(generation__in=[each for each in replaced.values() if each])
    before = {
        (generation, definition): number
        for generation, definition, number in ranks.values_list(
            "generation_id", "version__definition_id", "version__number"
        )
    }
    return {row.pk: _activation(row, before.get(_key(row, replaced))) for row in rows}


def _key(row: ScoreChange, replaced: Mapping[int, int | None]) -> tuple[int, int]:
    """The generation before and the definition; zeros where there is none."""
    return replaced.get(row.generation) or 0, row.version.definition_id if row.version else 0


def _activation(row: ScoreChange, before: int | None) -> str:
    if row.version is None:
        return "In no definition's scope any more"
    if before is None:
        return f"Judged by {row.version}"
    if before == row.version.number:
        return f"Another version beside {row.version}"
    return f"Version {before} → {row.version.number}"


def _overrides(lead_id: int, since: datetime, until: datetime) -> list[Happening]:
    rows = GradeOverride.objects.filter(lead_id=lead_id, at__lte=until).select_related("by", "ended_by")
    found: list[Happening] = []
    for row in rows.exclude(ended_at__lt=since - SWEPT):
        found.append((row.at, f"Grade {row.grade}: {row.reason}", _name(row.by)))
        if row.ended_at is not None:
            ended = "Ended early" if row.ended_at < row.ends_at else "Its time was over"
            found.append((row.ended_at, ended, _name(row.ended_by)))
    return found


def _answers(lead_id: int, since: datetime, until: datetime) -> list[Happening]:
    rows = BantAnswer.objects.filter(lead_id=lead_id, at__gte=since, at__lte=until).select_related("author")
    return [
        (row.at, f"{row.get_dimension_display()}: {row.get_level_display().lower()}", _name(row.author))
        for row in rows
    ]


def _activities(lead_id: int, since: datetime, until: datetime) -> list[Happening]:
    seconds = int(since.timestamp()), int(until.timestamp())
    rows = Activity.objects.filter(lead_id=lead_id, at_epoch__range=seconds).order_by("-at_epoch")
    return [
        (row.at, ": ".join(filter(None, (str(row.get_kind_display()), row.detail))), "") for row in rows[:500]
    ]


def _edits(lead_id: int, since: datetime, until: datetime) -> list[Happening]:
    rows = AuditEntry.objects.filter(target_type="lead", target_id=lead_id, at__gte=since, at__lte=until)
    return [(row.at, "", _name(row.actor)) for row in rows.select_related("actor").order_by("-pk")[:500]]


def _name(person: object) -> str:
    return str(person) if person else ""


HAPPENINGS = {
    ScoreCause.OVERRIDE: _overrides,
    ScoreCause.ANSWER: _answers,
    ScoreCause.ACTIVITY: _activities,
    ScoreCause.EDIT: _edits,
}
