"""What a version says of a person, in slow and obvious Python, to compare the SQL with. Tests only."""

import datetime as dt
import re
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from alignment.decay import Decay
from alignment.models import Dimension
from alignment.spec import CriterionSpec, VersionSpec
from core.text import fold
from leads.models import BantDimension
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from scoring.engine.running import Judged
from scoring.models import Gate
from tests.scoring.world import Did, Person

LEVELS = ("unmet", "partial", "met")


class Reference:
    """The judge of people at one moment."""

    def __init__(self, now: dt.datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone

    def day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()

    # Conditions

    def holds(self, node: Node | None, person: Person) -> bool:
        match node:
            case None:
                return True
            case All(children):
                return all(self.holds(child, person) for child in children)
            case Any_(children):
                return any(self.holds(child, person) for child in children)
            case Not(child):
                return not self.holds(child, person)
            case ActivityCount(what, at_least, within):
                return self.count(what, within, person) >= at_least
            case Comparison():
                return self.compares(node, person)

    def compares(self, node: Comparison, person: Person) -> bool:
        value = self.value(node.field, person)
        if node.op in ("known", "unknown"):
            return (value is None) == (node.op == "unknown")
        if value is None:
            return False
        wanted: Any = node.value
        match node.op:
            case "contains":
                return fold(wanted) in fold(str(value))
            case "is":
                return bool(value == (LEVELS.index(wanted) if node.field.startswith("bant.") else wanted))
            case "at_least":
                return bool(value >= LEVELS.index(wanted))
            case "in":
                return bool(value in wanted)
            case "gte":
                return bool(value >= wanted)
            case "lt":
                return bool(value < wanted)
            case "within_last_days":
                return bool(0 <= (self.day(self.now) - self.day(value)).days <= wanted)
        raise AssertionError(f"The tests don't know the operator {node.op}.")

    def value(self, key: str, person: Person) -> Any:
        if key.startswith("bant."):
            return self.answer(key.split(".")[1], person)
        return {
            "lead.title": person.title if fold(person.title) else None,
            "lead.country": person.country or None,
            "lead.do_not_call": person.do_not_call,
            "lead.created": person.created,
            "company.employees": person.employees,
            "company.revenue": person.revenue,
        }[key]

    def answer(self, dimension: str, person: Person) -> int | None:
        valid = [each for each in person.said if each.dimension == dimension and each.expires_at > self.now]
        best = max(enumerate(valid), key=lambda pair: (pair[1].at, pair[0]), default=None)
        return None if best is None else best[1].level

    # Activities

    def matching(self, what: ActivityMatch, person: Person) -> list[Did]:
        return [
            each
            for each in person.did
            if each.kind in what.kinds and each.at <= self.now and _is_like(what.detail, each.detail)
        ]

    def count(self, what: ActivityMatch, within: int | None, person: Person) -> int:
        today = self.day(self.now)
        ages = [(today - self.day(each.at)).days for each in self.matching(what, person)]
        return len([age for age in ages if within is None or age <= within])

    def age(self, did: Did, person: Person) -> int:
        until = self.day(person.stopped or self.now)
        return max((until - self.day(did.at)).days, 0)

    def points(self, criterion: CriterionSpec, person: Person) -> int:
        if criterion.activity is None:
            return criterion.points if self.holds(criterion.condition, person) else 0
        points = _rounded(criterion.points * Fraction(self.weight(criterion, person), 1000))
        if criterion.cap is None:
            return points
        return max(-criterion.cap, min(criterion.cap, points))

    def weight(self, criterion: CriterionSpec, person: Person) -> int:
        assert criterion.activity is not None
        by_day: dict[dt.date, list[int]] = {}
        for each in self.matching(criterion.activity, person):
            by_day.setdefault(self.day(each.at), []).append(_weight(criterion.decay, self.age(each, person)))
        if not criterion.is_per_occurrence:
            return max((max(weights) for weights in by_day.values()), default=0)
        return sum(sum(weights[: criterion.daily_cap]) for weights in by_day.values())

    # The judgement

    def judge(self, lead_id: int, specs: list[VersionSpec], person: Person) -> Judged:
        for spec in specs:
            if self.holds(spec.scope, person):
                return self.judge_under(lead_id, spec, person)
        return Judged(lead_id, None, 0, 0, 0, 0, 0, 0, 0, None, 0, Gate.NO_VERSION)

    def judge_under(self, lead_id: int, spec: VersionSpec, person: Person) -> Judged:
        sums = {}
        for dimension in Dimension:
            raw = sum(self.points(each, person) for each in spec.criteria if each.dimension == dimension)
            sums[dimension.value] = min(spec.dimension(dimension).cap, max(0, raw))
        total = sum(sums.values())
        forced = any(self.holds(each.condition, person) for each in spec.disqualifiers)
        computed = self.grade(spec, total, sums["engagement"])
        grade = "D" if forced else self.by_hand(person) or computed
        levels = [self.level(spec, dimension, person) for dimension in BantDimension]
        gate = 0
        if grade > spec.gate_grade:
            gate |= Gate.GRADE
        if len([level for level in levels if level >= spec.gate_bant_level]) < spec.gate_bant_count:
            gate |= Gate.BANT
        if not self.holds(spec.gate_must_have, person):
            gate |= Gate.MUST_HAVE
        if forced:
            gate |= Gate.DISQUALIFIED
        bant = sum(level << (2 * place) for place, level in enumerate(levels))
        return Judged(
            lead_id=lead_id, version_id=spec.id, total=total, grade=grade, bant=bant, gate=gate, **sums
        )

    def by_hand(self, person: Person) -> str | None:
        """At most one of a person is open."""
        open_ = [each for each in person.by_hand if not each.is_ended and each.ends_at > self.now]
        return open_[0].grade if open_ else None

    def grade(self, spec: VersionSpec, total: int, engagement: int) -> str:
        if spec.matrix is None:
            floors = {"A": spec.floor_a, "B": spec.floor_b, "C": spec.floor_c}
            return next((letter for letter, floor in floors.items() if total >= floor), "D")
        fit = total - engagement
        for low, row in zip([*spec.matrix.fit, -1], spec.matrix.grades, strict=True):
            if fit >= low:
                for least, letter in zip([*spec.matrix.engagement, -1], row, strict=True):
                    if engagement >= least:
                        return letter
        raise AssertionError("Points are never below 0.")

    def level(self, spec: VersionSpec, dimension: str, person: Person) -> int:
        said = self.answer(dimension, person)
        if said is not None:
            return said
        part = spec.dimension(Dimension(dimension))
        if part.met_when is not None and self.holds(part.met_when, person):
            return 2
        return 1 if part.partial_when is not None and self.holds(part.partial_when, person) else 0


def _is_like(pattern: str | None, detail: str) -> bool:
    if pattern is None:
        return True
    pieces = [re.escape(piece) for piece in fold(pattern).split("*")]
    return re.fullmatch(".*".join(pieces), fold(detail), re.DOTALL) is not None


def _weight(decay: Decay, age: int) -> int:
    return decay.weight(age)


def _rounded(points: Fraction) -> int:
    """Halves away from zero."""
    size = (abs(points) * 2 + 1) // 2
    return int(size if points >= 0 else -size)
