"""What a version says of a person, in slow and obvious Python, to compare the SQL with. Tests only."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from alignment.decay import Decay, DecayKind
from alignment.models import Dimension
from alignment.spec import CriterionSpec, VersionSpec
from core.text import fold
from leads.models import BantDimension
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from scoring.engine.running import Judged
from scoring.models import Gate
from tests.rules.reference import PLAIN, RELATIVE, TEXT, date, like, number, only
from tests.rules.world import LEVELS
from tests.scoring.world import Did, Person, Said

TEXTS = {
    "lead.name",
    "lead.email",
    "lead.title",
    "lead.source",
    "company.name",
    "company.domain",
    "company.industry",
    "company.incumbent",
    "company.driver",
    "company.department_driver",
    "company.politics",
    "lead.driver",
    "campaign.first",
    "attribute.need_in_words",
}
"""Fields that compare by folded text."""


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
            case op if op in RELATIVE:
                return RELATIVE[op]((value - self.day(self.now)).days, wanted)
            case op if node.field in TEXTS:
                return TEXT[op](fold(value), wanted)
            case op:
                return PLAIN[op](value, wanted)

    def value(self, key: str, person: Person) -> Any:
        """What is known, None if nothing is; moments as days of the company."""
        group, _, name = key.partition(".")
        match group:
            case "bant":
                dimension, part = name.split(".")
                return self.part_of_answer(dimension, part, person)
            case "attribute":
                return custom_value(name, person.attributes.get(name))
            case "company" if not person.has_company:
                return None
        value = self.plain_value(key, person)
        is_blank = value == "" or (key in TEXTS and value is not None and not fold(value))
        return None if is_blank else value

    def plain_value(self, key: str, person: Person) -> Any:
        match key:
            case "lead.has_email" | "lead.has_phone":
                return (person.email if key == "lead.has_email" else person.phone) != ""
            case "lead.has_free_mail":
                return person.email.endswith("@gmail.com") if person.email else None
            case "lead.created":
                return self.day(person.created)
            case "company.name":
                return person.company
            case "company.country" | "company.driver":
                return getattr(person, key.replace(".", "_"))
            case "company.revenue":
                return None if person.revenue is None else float(person.revenue)
            case "activity.count":
                return len(person.did)
            case "activity.last_at":
                return max((self.day(each.at) for each in person.did), default=None)
            case "campaign.first":
                first = min(enumerate(person.touches), key=lambda pair: (pair[1][1], pair[0]), default=None)
                return None if first is None else first[1][0]
        return getattr(person, key.partition(".")[2])

    def part_of_answer(self, dimension: str, part: str, person: Person) -> Any:
        said = self.answer(dimension, person)
        if said is None:
            return None
        match part:
            case "level":
                return LEVELS[said.level]
            case "amount":
                return None if said.amount is None else float(said.amount)
        return getattr(said, part)

    def answer(self, dimension: str, person: Person) -> Said | None:
        valid = [each for each in person.said if each.dimension == dimension and each.expires_at > self.now]
        best = max(enumerate(valid), key=lambda pair: (pair[1].at, pair[0]), default=None)
        return None if best is None else best[1]

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
            return said.level
        part = spec.dimension(Dimension(dimension))
        if part.met_when is not None and self.holds(part.met_when, person):
            return 2
        return 1 if part.partial_when is not None and self.holds(part.partial_when, person) else 0


def custom_value(slug: str, value: Any) -> Any:
    """The value of a custom field (``tests.leads.custom.make_all``) if it is of the field's type."""
    match slug:
        case "seats":
            return number(value)
        case "renewal":
            return date(value)
        case "opted_in":
            return only(value, bool)
        case "need_in_words":
            return value if isinstance(value, str) and fold(value) else None
        case "plan":
            return only(value, str) or None
    raise AssertionError(f"The tests don't know the field {slug}.")


def _is_like(pattern: str | None, detail: str) -> bool:
    return pattern is None or like(pattern, fold(detail))


def _weight(decay: Decay, age: int) -> int:
    """Thousandths, from the formula of each kind and not from the engine's tables."""
    with localcontext(prec=50):
        left = _left(decay, age)
        weight = int((left * 1000).quantize(Decimal(1), ROUND_HALF_UP))
    ends = decay.kind in (DecayKind.STEP, DecayKind.HALF_LIFE)
    return 0 if ends and (weight < 10 or age > 730) else weight


def _left(decay: Decay, age: int) -> Decimal:
    """The part of the points that is left at ``age`` days, from 1 to 0."""
    match decay.kind:
        case DecayKind.WINDOW:
            return Decimal(age <= decay.days)
        case DecayKind.LINEAR:
            return max(Decimal(decay.days - age) / decay.days, Decimal(0))
        case DecayKind.STEP:
            return (Decimal(decay.keep) / 100) ** (age // decay.days)
        case DecayKind.HALF_LIFE:
            return Decimal(2) ** (Decimal(-age) / decay.days)
    return Decimal(1)


def _rounded(points: Fraction) -> int:
    """Halves away from zero."""
    size = (abs(points) * 2 + 1) // 2
    return int(size if points >= 0 else -size)
