"""What the panels and pages of backtest and load show, as typed values; templates only print them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from zoneinfo import ZoneInfo

from alignment.models import SlaTerm, Version
from alignment.words import term_in_words
from core import display
from feedback import backtest, load
from feedback.access import SEES_ALL
from feedback.backtest import Backtest
from feedback.intervals import FEWEST
from feedback.load import Desks, Load
from feedback.models import Hindsight
from feedback.services.hindsight import Answers, Sides, ask
from users.models import User

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a version: ``answers`` None while no version is in force to compare with."""

    answers: Answers | None

    @classmethod
    def of(cls, kind: str, sides: Sides | None, now: datetime) -> "Question":
        """The question, asked."""
        return cls(None if sides is None else ask(kind=kind, sides=sides, now=now))

    @property
    def is_waiting(self) -> bool:
        """Whether a worker is still at it."""
        return self.answers is not None and not self.answers.error and not self.answers.are_done

    @property
    def error(self) -> str:
        """Why there will be no answer."""
        return self.answers.error if self.answers else ""


class BacktestPanel:
    """The backtest of a version whose sides are ``sides_of`` it."""

    def __init__(self, version: Version, sides: Sides | None, *, now: datetime) -> None:
        self.version = version
        self.question = Question.of(Hindsight.Kind.BACKTEST, sides, now)

    @cached_property
    def figures(self) -> Backtest | None:
        """The figures, once they are there."""
        answers = self.question.answers
        if answers is None or not answers.are_done:
            return None
        old, new = (backtest.Past.from_json(each.result) for each in (answers.active, answers.draft))
        return backtest.compare(old, new)

    @property
    def fewest(self) -> int:
        """Below so many a share is too thin to trust."""
        return FEWEST

    @property
    def most(self) -> int:
        """So many decisions are judged at most."""
        return backtest.MOST

    @property
    def line(self) -> str:
        """``A accepted 61 % → 68 % of 412``, for the editor; empty until it is known."""
        found = self.figures
        if found is None:
            return ""
        if not found.size:
            return "sales hasn’t decided on any lead yet"
        old, new = found.active.best.accepted, found.draft.best.accepted
        if old.is_thin or new.is_thin:
            return f"too few A leads were decided on to trust ({old.whole} → {new.whole})"
        return f"A accepted {display.percent(old.ratio)} → {display.percent(new.ratio)} of {new.whole}"


class LoadPanel:
    """What a version would bring to sales, against who has room for it."""

    def __init__(self, version: Version, sides: Sides | None, *, now: datetime) -> None:
        self.version, self.now = version, now
        self.zone = sides.zone if sides else UTC
        self.question = Question.of(Hindsight.Kind.LOAD, sides, now)

    @cached_property
    def figures(self) -> Load | None:
        """The figures, once they are there."""
        answers = self.question.answers
        if answers is None or not answers.are_done:
            return None
        old, new = (load.Weeks.from_json(each.result) for each in (answers.active, answers.draft))
        return load.compare(old, new)

    @cached_property
    def desks(self) -> Desks:
        """The reps who take leads now."""
        return load.desks(now=self.now, zone=self.zone)

    @property
    def reps(self) -> int:
        """How many they are."""
        return len(self.desks.all)

    @property
    def weeks(self) -> int:
        """So many weeks it looks back."""
        return load.WEEKS

    @property
    def extra(self) -> load.Extra | None:
        """More a week for each rep."""
        return self.figures.extra.per(self.reps) if self.figures and self.reps else None

    @property
    def extra_text(self) -> str:
        """``+3.1``, with its margin where it comes from a sample; empty until it is known."""
        if self.extra is None:
            return ""
        sign = "+" if round(self.extra.value, 1) > 0 else ""
        margin = f" ± {display.number(self.extra.margin, 1)}" if self.extra.margin else ""
        return f"{sign}{display.number(self.extra.value, 1)}{margin}"

    @property
    def each_draft(self) -> float:
        """Leads a week for each rep with the draft."""
        return self.figures.draft_a_week / self.reps if self.figures and self.reps else 0.0

    @property
    def each_active(self) -> float:
        """Leads a week for each rep now."""
        return self.figures.active_a_week / self.reps if self.figures and self.reps else 0.0

    @property
    def in_pool(self) -> int:
        """Leads of the backlog that would wait in the pool."""
        return max(self.figures.backlog_all.leads - self.desks.room, 0) if self.figures else 0

    @property
    def to_clear(self) -> float | None:
        """Weeks until the backlog is worked off; None for never."""
        return self.figures.weeks_to_clear(self.desks.best) if self.figures else None

    @property
    def flow_note(self) -> str:
        """What comes now and what would come."""
        now, then = display.number(self.each_active, 1), display.number(self.each_draft, 1)
        return f"{now} → {then} for each of {self.reps}."

    @property
    def backlog_text(self) -> str:
        """How many, with the margin of a sample."""
        if self.figures is None:
            return ""
        found = self.figures.backlog_all
        return display.number(found.leads) + (f" ± {display.number(found.margin)}" if found.margin else "")

    @property
    def backlog_note(self) -> str:
        """Who has room for them."""
        room = f"Room for {display.number(self.desks.room)} at once"
        return f"{room}; {display.number(self.in_pool)} wait in the pool." if self.in_pool else f"{room}."

    @property
    def clear_text(self) -> str:
        """``3 weeks``."""
        weeks = self.to_clear
        if weeks is None:
            return "never"
        return (
            display.NOTHING
            if weeks == 0
            else "1 week"
            if weeks <= 1
            else f"{display.number(ceil(weeks))} weeks"
        )

    @property
    def clear_note(self) -> str:
        """What it rests on."""
        if self.figures is None or self.to_clear == 0:
            return "Nothing is released."
        comes, best = display.number(self.figures.draft_a_week, 1), display.number(self.desks.best)
        return f"Their best week: {best} decided; {comes} would come."

    @property
    def tone(self) -> str:
        """Whether the reps keep up with more; nothing is said of fewer."""
        if self.extra is None or round(self.extra.value, 1) <= 0:
            return ""
        return "warn" if self.each_draft * self.reps > self.desks.best else "good"

    @cached_property
    def terms(self) -> list[tuple[str, int, int, str]]:
        """The grades of the backlog with their leads, margin and what the version promises for them."""
        if self.figures is None:
            return []
        rows = {term.grade: term for term in SlaTerm.objects.filter(version=self.version, source="")}
        return [
            (grade, found.leads, found.margin, term_in_words(rows[grade]) if grade in rows else "No term")
            for grade, found in self.figures.backlog.items()
        ]


def may_look_back(user: User) -> bool:
    """Whether a person may read what sales decided on, and so what is made of it."""
    return user.is_active and user.role in SEES_ALL
