"""What the two sides promise each other: SLA terms with their reminders, and commitments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alignment.models import Commitment, Grade, SlaTerm, Version
from alignment.parts.checks import line, located, one_of, whole
from core.errors import Problem

SOURCE = 120
TOLD = ("owner", "manager")
MOST_RUNGS, MOST_PERCENT, DUE = 8, 500, 100
MOST = {SlaTerm.Unit.MINUTES: 9_999, SlaTerm.Unit.HOURS: 999, SlaTerm.Unit.DAYS: 99}
MINUTES = {SlaTerm.Unit.MINUTES: 1, SlaTerm.Unit.HOURS: 60, SlaTerm.Unit.DAYS: 480}
"""What a unit is worth when response and decision are compared: a working day counts as 8 hours."""
MOST_LEADS = 1_000_000


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: at ``percent`` of the time used ``tell`` is told ("owner", "manager").

    One that ``takes`` gives an undecided lead to somebody else besides.
    """

    percent: int
    tell: tuple[str, ...]
    takes: bool = False

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> "Rung":
        """As a row has it."""
        return cls(step["percent"], tuple(step["tell"]), step.get("takes", False))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermValues:
    """How a grade is followed up; ``models.SlaTerm`` says what each value means."""

    grade: str
    source: str = ""
    is_handed_over: bool = True
    response_amount: int = 1
    response_unit: str = SlaTerm.Unit.HOURS
    decision_amount: int = 2
    decision_unit: str = SlaTerm.Unit.DAYS
    may_pause: bool = False
    ladder: tuple[Rung, ...] = (Rung(75, ("owner",)), Rung(DUE, TOLD))

    @classmethod
    def of(cls, row: SlaTerm) -> "TermValues":
        """As the row has it."""
        rungs = tuple(map(Rung.of, row.ladder))
        plain = (name for name in cls.__slots__ if name != "ladder")
        return cls(**{name: getattr(row, name) for name in plain}, ladder=rungs)

    def columns(self) -> dict[str, Any]:
        """The row's columns."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "ladder"}
        return plain | {"ladder": ladder_of(self.ladder)}

    def problems(self) -> Iterator[Problem]:
        """No grade, times that can't be, a decision due before the response, steps out of order."""
        yield from located(
            ("grade", one_of(self.grade, Grade.values, "a grade from A to D")),
            ("source", line(self.source, SOURCE)),
            ("is_handed_over", one_of(self.is_handed_over, (True, False), "yes or no")),
            ("may_pause", one_of(self.may_pause, (True, False), "yes or no")),
        )
        if self.is_handed_over:
            yield from self._time_problems()
        yield from _ladder_problems(self.ladder)

    def _time_problems(self) -> Iterator[Problem]:
        wrong = [
            *_time(self.response_amount, self.response_unit, "response"),
            *_time(self.decision_amount, self.decision_unit, "decision"),
        ]
        yield from wrong
        if not wrong and self._minutes("response") > self._minutes("decision"):
            yield Problem(
                "The decision would be due before the response (a working day counts as 8 hours here).",
                "decision_amount",
            )

    def _minutes(self, what: str) -> int:
        unit = SlaTerm.Unit(getattr(self, f"{what}_unit"))
        return int(getattr(self, f"{what}_amount")) * MINUTES[unit]


def term_key(row: SlaTerm) -> str:
    """What names a term of a version: ``A``, or ``A:Webinar`` for one source."""
    return f"{row.grade}:{row.source}" if row.source else row.grade


def ladder_of(rungs: tuple[Rung, ...]) -> list[dict[str, Any]]:
    """The steps as a row stores them. Their names tell them apart: *at_risk*, *breached*, *after_150*."""
    return [
        {"step": _step(rung.percent, place), "percent": rung.percent, "tell": list(rung.tell)}
        | ({"takes": True} if rung.takes else {})
        for place, rung in enumerate(rungs)
    ]


def _step(percent: int, place: int) -> str:
    if percent == DUE:
        return "breached"
    if percent > DUE:
        return f"after_{percent}"
    return f"at_{percent}" if place else "at_risk"


def _time(amount: object, unit: object, name: str) -> Iterator[Problem]:
    if unit not in SlaTerm.Unit.values:
        yield Problem("Choose minutes, hours or days.", f"{name}_unit")
        return
    yield from located((f"{name}_amount", whole(amount, 1, MOST[SlaTerm.Unit(str(unit))])))


def _ladder_problems(rungs: tuple[Rung, ...]) -> Iterator[Problem]:
    if len(rungs) > MOST_RUNGS:
        yield Problem(f"At most {MOST_RUNGS} steps.", "ladder")
        return
    below = 0
    for place, rung in enumerate(rungs):
        wrong = whole(rung.percent, 1, MOST_PERCENT)
        if not wrong and rung.percent <= below:
            wrong = f"This step must come later than the one before it, at {below} %."
        yield from located((f"percent_{place}", wrong))
        below = below if wrong else rung.percent
        if not rung.tell or not set(rung.tell) <= set(TOLD):
            yield Problem("Say who is told.", f"tell_{place}")
        if rung.takes and not wrong and rung.percent < DUE:
            yield Problem("Nobody loses a lead before it is due, at 100 %.", f"takes_{place}")


COMMITMENTS: dict[str, tuple[str, str]] = {
    "leads": (Commitment.Kind.LEADS.value, ""),
    **{f"leads_{grade}": (Commitment.Kind.LEADS.value, grade) for grade in Grade.values},
    "acceptance": (Commitment.Kind.ACCEPTANCE.value, ""),
    "follow_up": (Commitment.Kind.FOLLOW_UP.value, ""),
    "feedback": (Commitment.Kind.FEEDBACK.value, ""),
}
"""Everything that can be owed: its name, and kind and grade of the row (no grade: all of them)."""
NAMES = {pair: name for name, pair in COMMITMENTS.items()}


@dataclass(frozen=True, slots=True)
class CommitmentValues:
    """All that is owed: amounts by the names of ``COMMITMENTS``. What isn't named isn't owed."""

    amounts: Mapping[str, int]

    @classmethod
    def of(cls, version: Version) -> "CommitmentValues":
        """As the version has them."""
        rows = version.commitments.all()
        return cls({NAMES[row.kind, row.grade]: row.amount for row in rows if (row.kind, row.grade) in NAMES})

    def problems(self) -> Iterator[Problem]:
        """What nobody can owe, and more leads by grade than in all."""
        wrong = [problem for name in self.amounts for problem in self._problems_of(name)]
        yield from wrong or self._sum_problems()

    def _problems_of(self, name: str) -> Iterator[Problem]:
        if name not in COMMITMENTS:
            yield Problem("Neither side can owe this.", name[:20])
            return
        most = MOST_LEADS if name.startswith("leads") else 100
        yield from located((name, whole(self.amounts[name], 1, most)))

    def _sum_problems(self) -> Iterator[Problem]:
        by_grade = sum(amount for name, amount in self.amounts.items() if name.startswith("leads_"))
        in_all = self.amounts.get("leads")
        if in_all is not None and by_grade > in_all:
            yield Problem(
                f"The grades add up to {by_grade:,} a month, more than these {in_all:,} in all.", "leads"
            )


def commitment_label(name: str) -> str:
    """``sales-ready leads of grade A``, ``accepted by sales``."""
    kind, grade = COMMITMENTS[name]
    if kind == Commitment.Kind.LEADS:
        return f"sales-ready leads of grade {grade}" if grade else "sales-ready leads"
    return Commitment.Kind(kind).label.lower()
