"""Why a lead has its grade: the engine's own row of it, criterion by criterion, as numbers that add up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from alignment.models import Dimension, Version
from alignment.spec import CriterionSpec, VersionSpec
from leads.models import BantDimension, BantLevel, Lead
from scoring.engine.running import Judged, quiet
from scoring.engine.statement import Leads, explained, slots_of
from scoring.explanation import BantLine, DimensionLine, Explanation, GateLine, Line
from scoring.models import Gate
from scoring.querysets import live_generation_id, specs_of
from scoring.wording import Wording
from users.models import Organisation

__all__ = ["BantLine", "DimensionLine", "Explanation", "GateLine", "Line", "explain", "explain_under"]


def explain(lead_id: int, *, now: datetime) -> Explanation | None:
    """Why the lead has its grade, judged at ``now`` by the live generation's versions.

    None before the first activation and for a lead that isn't there. Nothing is written.
    """
    generation = live_generation_id()
    return None if generation is None else explain_under(specs_of(generation), lead_id, now=now)


def explain_under(specs: Sequence[VersionSpec], lead_id: int, *, now: datetime) -> Explanation | None:
    """As ``explain``, under any versions in their order."""
    stopped = Lead.objects.filter(pk=lead_id).values_list("decay_stopped_at", flat=True)
    if not (found := list(stopped)):
        return None
    organisation = Organisation.current()
    slots = slots_of(now, organisation.tz, Leads(ids=[lead_id]))
    for spec, names, query in explained(specs, now, organisation.tz):
        if (row := _row(*query.bind(slots))) is not None:
            judged, facts = Judged(*row[0]), row[1]
            words = Wording(facts, names, organisation.currency, organisation.tz)
            return _Reader(spec, judged, facts, words).read(now, found[0])
    judged = Judged(lead_id, None, 0, 0, 0, 0, 0, 0, 0, None, 0, Gate.NO_VERSION.value)
    return Explanation(judged, None, now, (), (), (), (), None)


def _row(text: str, params: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    """The judged columns and the facts by name."""
    with transaction.atomic(), connection.cursor() as cursor:
        quiet(cursor)
        cursor.execute(text, params)
        row = cursor.fetchone()
        if row is None:
            return None
        width = len(Judged._fields)
        names = [column[0] for column in cursor.description][width:]
    return row[:width], dict(zip(names, row[width:], strict=True))


class _Reader:
    """Turns the row of one lead into an explanation."""

    def __init__(self, spec: VersionSpec, judged: Judged, facts: Mapping[str, Any], words: Wording) -> None:
        self.spec, self.judged, self.facts, self.words = spec, judged, facts, words

    def read(self, now: datetime, stopped: datetime | None) -> Explanation:
        return Explanation(
            judged=self.judged,
            version=Version.objects.select_related("definition").get(pk=self.spec.id),
            as_of=now,
            dimensions=tuple(self._dimension(each) for each in Dimension),
            gate=tuple(self._gate()),
            bant=tuple(self._bant(each) for each in BantDimension),
            disqualified_by=tuple(
                each.label for place, each in enumerate(self.spec.disqualifiers) if self.facts[f"d{place}"]
            ),
            decay_stopped_at=stopped,
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
