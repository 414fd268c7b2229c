"""Why to call a lead and what to ask: short sentences from facts. Pure, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from leads.models import Activity, ActivityKind, BantAnswer, BantDimension, BantLevel

DID = {
    ActivityKind.FORM: "sent a form",
    ActivityKind.DOWNLOAD: "downloaded",
    ActivityKind.WEBINAR: "attended a webinar",
    ActivityKind.EVENT: "visited an event",
    ActivityKind.CHAT: "chatted with us",
    ActivityKind.CALL: "called us",
    ActivityKind.TRIAL: "started a trial",
    ActivityKind.EMAIL_REPLY: "answered an e-mail",
    ActivityKind.EMAIL_CLICK: "clicked in an e-mail",
    ActivityKind.PAGE_VIEW: "viewed a page",
}
"""What a lead did of its own will; opening an e-mail is no reason to call."""
CLICKS = (ActivityKind.PAGE_VIEW, ActivityKind.EMAIL_CLICK)
ASK = {
    BantDimension.BUDGET: "What may it cost, and who holds the budget?",
    BantDimension.AUTHORITY: "Who decides, and who else must agree?",
    BantDimension.NEED: "What must be solved, and what happens if it isn't?",
    BantDimension.TIMEFRAME: "By when must it be in place?",
}
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


LEVELS = {BantLevel.UNMET: "Unmet", BantLevel.PARTIAL: "Partly met", BantLevel.MET: "Met"}


@dataclass(frozen=True, slots=True)
class LevelStep:
    """One step from unmet to met."""

    value: int
    word: str
    is_reached: bool
    is_answer: bool


@dataclass(frozen=True, slots=True)
class BantLine:
    """One dimension of the panel: its level, and who said so ("" when inferred from facts)."""

    dimension: BantDimension
    level: BantLevel
    answer: BantAnswer | None

    @property
    def is_known(self) -> bool:
        """Whether anybody, or any fact, says something about it."""
        return self.answer is not None or self.level > BantLevel.UNMET

    @property
    def word(self) -> str:
        """``met``, ``partly met``, ``unmet`` or ``unknown``."""
        return LEVELS[self.level].lower() if self.is_known else "unknown"

    @property
    def said(self) -> str:
        """What was said, as the answer has it: its evidence, else its words."""
        return (self.answer.evidence or self.answer.text) if self.answer else ""

    @property
    def levels(self) -> list[LevelStep]:
        """From unmet to met, each with whether the lead has come so far and whether the answer says so."""
        answered = self.answer.level if self.answer else None
        return [
            LevelStep(level.value, word, self.is_known and level <= self.level, level == answered)
            for level, word in LEVELS.items()
        ]


def bant_lines(packed: int, answers: Mapping[str, BantAnswer]) -> list[BantLine]:
    """The four dimensions of ``Score.bant``, with the answers that count by dimension."""
    return [
        BantLine(dimension, BantLevel(min(packed >> 2 * place & 3, 2)), answers.get(dimension))
        for place, dimension in enumerate(BantDimension)
    ]


def next_question(lines: list[BantLine]) -> BantLine | None:
    """The dimension to ask about next: the first that is unknown or unmet, else the first partly met."""
    by_need = sorted(lines, key=lambda line: line.level)
    return by_need[0] if by_need and by_need[0].level < BantLevel.MET else None


def reason_to_call(activity: Activity | None, lines: list[BantLine], *, today: date, day: date | None) -> str:
    """``Sent a form “Demo request” yesterday; budget unknown: ask``; ``day`` is the activity's."""
    parts = [] if activity is None or day is None else [f"{did(activity)} {days_ago(day, today)}"]
    if (line := next_question(lines)) is not None:
        parts.append(f"{line.dimension.label.lower()} {line.word}: ask")
    sentence = "; ".join(parts) or "all four BANT questions are answered: agree the next step"
    return sentence[0].upper() + sentence[1:]


def did(activity: Activity) -> str:
    """``sent a form “Demo request”``."""
    verb = DID.get(ActivityKind(activity.kind), activity.get_kind_display().lower())
    return f"{verb} “{activity.detail}”" if activity.detail else verb


def days_ago(day: date, today: date) -> str:
    """``today``, ``yesterday``, ``5 days ago``."""
    gap = (today - day).days
    return {0: "today", 1: "yesterday"}.get(max(gap, 0), f"{gap} days ago")


def cycle_words(cycle: int) -> str:
    """``second time``; empty for a first handoff."""
    return "" if cycle < 2 else f"{ORDINALS.get(cycle, f'{cycle}th')} time"
