"""Why a lead has its grade: the engine's own row of it, criterion by criterion, as numbers that add up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from alignment.matrix import part_of, points_in_words
from alignment.models import Dimension, Version
from alignment.spec import CriterionSpec, VersionSpec
from leads.models import BantDimension, BantLevel, Lead
from scoring.engine.branch import COMPUTED
from scoring.engine.running import Judged, quiet
from scoring.engine.statement import Leads, explained, slots_of
from scoring.explanation import BantLine, DimensionLine, Explanation, GateLine, GradeWhy, Line
from scoring.fading import fading_since
from scoring.models import Gate, GradeOverride
from scoring.overriding import SetByHand, set_by_hand
from scoring.querysets import live_generation_id, specs_of
from scoring.wording import Wording
from users.models import Organisation

__all__ = [
    "BantLine",
    "DimensionLine",
    "Explanation",
    "GateLine",
    "GradeWhy",
    "Line",
    "explain",
    "explain_all",
    "explain_under",
]


def explain(lead_id: int, *, now: datetime) -> Explanation | None:
    """Why the lead has its grade, judged at ``now`` by the live generation's versions.

    None before the first activation and for a lead that isn't there. Nothing is written.
    """
    generation = live_generation_id()
    return None if generation is None else explain_under(specs_of(generation), lead_id, now=now)


def explain_under(specs: Sequence[VersionSpec], lead_id: int, *, now: datetime) -> Explanation | None:
    """As ``explain``, under any versions in their order."""
    return explain_all(specs, [lead_id], now=now).get(lead_id)


def explain_all(
    specs: Sequence[VersionSpec], lead_ids: Iterable[int], *, now: datetime
) -> dict[int, Explanation]:
    """As ``explain_under``, for a few leads at once, by their ids; those that aren't there are left out.

    Three queries for each version that judges one of them, one for grades set by hand if it took any, and
    one for when it began where age took points.
    """
    stopped = dict(Lead.objects.filter(pk__in=lead_ids).values_list("pk", "decay_stopped_at"))
    organisation = Organisation.current()
    found: dict[int, Explanation] = {}
    for spec, names, query in explained(specs, now, organisation.tz):
        if not (left := sorted(stopped.keys() - found.keys())):
            break
        rows = _rows(*query.bind(slots_of(now, organisation.tz, Leads(ids=left))))
        version = Version.objects.select_related("definition").get(pk=spec.id) if rows else None
        by_hand = _by_hand([facts["override_id"] for _judged, facts in rows], organisation.tz)
        faded = {judged.lead_id: _faded(spec, facts) for judged, facts in rows}
        since = fading_since(faded, stopped, now=now, zone=organisation.tz)
        for judged, facts in rows:
            words = Wording(facts, names, organisation.currency, organisation.tz)
            reader = _Reader(spec, judged, facts, words, by_hand.get(facts["override_id"]), since)
            found[judged.lead_id] = reader.read(version, now, stopped[judged.lead_id])
    for lead_id in stopped.keys() - found.keys():
        judged = Judged(lead_id, None, 0, 0, 0, 0, 0, 0, 0, None, 0, Gate.NO_VERSION.value)
        found[lead_id] = Explanation(judged, None, now, (), (), (), (), None)
    return found


def _rows(text: str, params: list[Any]) -> list[tuple[Judged, dict[str, Any]]]:
    """Of each lead the judged columns and the facts by name."""
    with transaction.atomic(), connection.cursor() as cursor:
        quiet(cursor)
        cursor.execute(text, params)
        rows = cursor.fetchall()
        width = len(Judged._fields)
        names = [column[0] for column in cursor.description][width:]
    return [(Judged(*row[:width]), dict(zip(names, row[width:], strict=True))) for row in rows]


def _by_hand(ids: Iterable[int | None], zone: ZoneInfo) -> dict[int | None, SetByHand]:
    """The overrides that the statement took, by their ids; without one it asks nothing."""
    taken = [each for each in ids if each is not None]
    rows = GradeOverride.objects.filter(pk__in=taken).select_related("by") if taken else ()
    return {row.pk: set_by_hand(row, zone) for row in rows}


def _faded(spec: VersionSpec, facts: Mapping[str, Any]) -> list[CriterionSpec]:
    """The criteria of which age took points."""
    counted = [each for each in spec.criteria if each.activity is not None]
    return [each for each in counted if facts[f"u{each.id}"] != facts[f"r{each.id}"]]


def why_of(spec: VersionSpec, judged: Judged) -> GradeWhy:
    """Which points made the grade, and between which floors they are."""
    total, engagement = judged.total, judged.engagement
    if judged.gate & Gate.DISQUALIFIED:
        return GradeWhy("Disqualified: grade D whatever the points.")
    if spec.matrix is None:
        floors = (spec.floor_a, spec.floor_b, spec.floor_c)
        band = points_in_words(floors, part_of(floors, total))
        return GradeWhy(f"{_points(total)} in all: grade {judged.grade} is {band}.")
    cell = row, column = spec.matrix.cell(total - engagement, engagement)
    fit = f"{_points(total - engagement)} of fit ({points_in_words(spec.matrix.fit, row)})"
    acts = f"{_points(engagement)} of engagement ({points_in_words(spec.matrix.engagement, column)})"
    return GradeWhy(f"{fit} with {acts}: grade {judged.grade}.", spec.matrix.in_words(cell))


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


class _Reader:
    """Turns the row of one lead into an explanation."""

    def __init__(
        self,
        spec: VersionSpec,
        judged: Judged,
        facts: Mapping[str, Any],
        words: Wording,
        override: SetByHand | None,
        since: Mapping[tuple[int, int], date],
    ) -> None:
        self.spec, self.judged, self.facts, self.words = spec, judged, facts, words
        self.override, self.since = override, since

    def read(self, version: Version | None, now: datetime, stopped: datetime | None) -> Explanation:
        return Explanation(
            judged=self.judged,
            version=version,
            as_of=now,
            dimensions=tuple(self._dimension(each) for each in Dimension),
            gate=tuple(self._gate()),
            bant=tuple(self._bant(each) for each in BantDimension),
            disqualified_by=tuple(
                each.label for place, each in enumerate(self.spec.disqualifiers) if self.facts[f"d{place}"]
            ),
            decay_stopped_at=stopped,
            why=why_of(self.spec, self.judged._replace(grade=self.facts[COMPUTED])),
            computed=self.facts[COMPUTED],
            override=self.override,
        )

    def _dimension(self, dimension: Dimension) -> DimensionLine:
        lines = tuple(self._line(each) for each in self.spec.criteria_of(dimension))
        points = int(getattr(self.judged, dimension.value))
        return DimensionLine(
            dimension=dimension.value,
            label=str(dimension.label),
            points=points,
            cap=self.spec.dimension(dimension).cap,
            cut=sum(line.points for line in lines) - points,
            decayed=sum(line.decayed for line in lines),
            lines=lines,
        )

    def _line(self, criterion: CriterionSpec) -> Line:
        points = int(self.facts[f"c{criterion.id}"])
        kept = full = points
        if criterion.activity is not None:
            kept, full = int(self.facts[f"r{criterion.id}"]), int(self.facts[f"u{criterion.id}"])
        return Line(
            key=criterion.key,
            label=criterion.label,
            words=self.words.of(criterion),
            value=self.words.value_of(criterion),
            worth=criterion.points,
            points=points,
            full=full,
            decayed=full - kept,
            cut=kept - points,
            is_met=full != 0,
            fading_since=self.since.get((self.judged.lead_id, criterion.id)),
        )

    def _gate(self) -> list[GateLine]:
        spec, missed = self.spec, self.judged.gate
        lines = [GateLine(f"Grade {spec.gate_grade.value} or better", not missed & Gate.GRADE)]
        if spec.gate_bant_count:
            level = str(spec.gate_bant_level.label).lower()
            text = f"{spec.gate_bant_count} of 4 BANT dimensions at “{level}” or better"
            lines.append(GateLine(text, not missed & Gate.BANT))
        if spec.gate_must_have is not None:
            lines.append(GateLine(self.words.of_tree(spec.gate_must_have), not missed & Gate.MUST_HAVE))
        if spec.disqualifiers:
            lines.append(GateLine("Not disqualified", not missed & Gate.DISQUALIFIED))
        return lines

    def _bant(self, dimension: BantDimension) -> BantLine:
        place = list(BantDimension).index(dimension)
        level = BantLevel(self.judged.bant >> (2 * place) & 3)
        answered = self.facts[f"answer_{dimension.value}"] is not None
        return BantLine(dimension.value, str(dimension.label), level, answered)
