"""The cheapest steps of a lead: proposed from what is unknown, judged by the engine, sorted by effort."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations

from alignment.spec import VersionSpec
from leads.models import Lead
from scoring.engine.running import Judged
from scoring.querysets import live_generation_id, specs_of
from scoring.steps.candidates import candidates
from scoring.steps.judging import judge_tries
from scoring.steps.known import Known, known_of
from scoring.steps.outcome import Effort, NextSteps, State, Step, effort_of, is_disqualified, is_done
from scoring.steps.parts import Answer, Part, Parts
from scoring.steps.words import in_words
from users.models import Organisation

SHOWN = 4
AT_MOST = {Effort.INVITE: 2, Effort.TWO: 2}
"""How many steps are shown, and of these how many of a sort."""
POOL, PAIRS = 9, 30
"""Single steps that are put together in pairs where none suffices, and how many pairs are tried."""


def next_steps(lead: Lead, *, now: datetime) -> NextSteps:
    """What would lift ``lead`` (with its company), judged at ``now`` by what is in force.

    Nothing is written. Two statements of the engine; a third where no single step suffices.
    """
    generation = live_generation_id()
    if generation is None:
        return NextSteps(State.NO_VERSION, "No version of the definition is active yet.")
    return steps_under(specs_of(generation), lead, now=now)


def steps_under(specs: Sequence[VersionSpec], lead: Lead, *, now: datetime) -> NextSteps:
    """As ``next_steps``, under any versions in their order."""
    organisation = Organisation.current()
    known = known_of(specs, lead, now=now, zone=organisation.tz)
    if known is None:
        text = "This lead is in no definition's scope, so it gets no grade."
        return NextSteps(State.OUTSIDE, text)
    if known.disqualified_by:
        text = f"Grade D whatever the points: {', '.join(known.disqualified_by)}. Nothing lifts that."
        return NextSteps(State.DISQUALIFIED, text, grade="D")
    return _Finder(specs, known, organisation.currency).find()


class _Finder:
    """The search for one lead under ``specs``, of which ``known.spec`` judges it."""

    def __init__(self, specs: Sequence[VersionSpec], known: Known, currency: str) -> None:
        self.specs, self.known, self.currency = specs, known, currency

    def find(self) -> NextSteps:
        tried = candidates(self.known)
        base, *after = self._judge([(), *tried])
        assert base is not None  # noqa: S101 - as it is, the lead can be written
        if is_done(base):
            return self._say(base, State.DONE, "Grade A and sales-ready: nothing is left to lift.")
        steps = _steps(tried, base, after)
        single = sorted((step for step in steps if len(step.parts) == 1), key=_by_points)
        found = [step for step in single if step.lifts]
        found = found or [step for step in self._pairs(steps, single, base) if step.lifts]
        if found:
            return self._say(base, State.STEPS, _stands(base), self._exact(_cheapest(found)))
        if self.known.is_by_hand:
            text = f"{_stands(base)} The grade was set by hand: points don't change it until that ends."
            return self._say(base, State.BY_HAND, text)
        if not single:
            return self._say(base, State.NONE, f"{_stands(base)} Nothing that is unknown would lift it.")
        text = f"{_stands(base)} No step lifts it yet, nor do two together. The nearest:"
        return self._say(base, State.NEAREST, text, self._exact(_one_each(single)[:2]))

    def _judge(self, tries: Sequence[Parts]) -> list[Judged | None]:
        known = self.known
        return judge_tries(
            self.specs, known.lead, tries, now=known.now, zone=known.zone, currency=self.currency
        )

    def _pairs(self, steps: Sequence[Step], single: Sequence[Step], base: Judged) -> list[Step]:
        """Two steps together: those that a condition asks for, then the best single ones."""
        asked = [step for step in steps if len(step.parts) == 2]
        pool = _one_each(single, 2)[:POOL]
        both = [_in_order(*one.parts, *other.parts) for one, other in combinations(pool, 2)]
        pairs = [parts for parts in both if parts[0].subject != parts[1].subject][:PAIRS]
        return [*asked, *(_steps(pairs, base, self._judge(pairs)) if pairs else [])]

    def _exact(self, steps: Sequence[Step]) -> list[Step]:
        """A window of dates is promised only where its first day is worth as much as its last, which was
        tried; otherwise the day that was tried is said. One more statement, if there is a window at all."""
        first = self.known.now.astimezone(self.known.zone).date()
        windows = [step for step in steps if any(_window(part) for part in step.parts)]
        near = [tuple(_on(part, first) for part in step.parts) for step in windows]
        judged = self._judge(near) if near else []
        pairs = zip(windows, judged, strict=True)
        unsure = {step.parts for step, one in pairs if one is None or not _same(step.after, one)}
        return [
            replace(step, parts=tuple(map(_dated, step.parts))) if step.parts in unsure else step
            for step in steps
        ]

    def _say(self, base: Judged, state: State, text: str, steps: Sequence[Step] = ()) -> NextSteps:
        told = tuple(replace(step, text=in_words(step, self.known.lead)) for step in steps)
        return NextSteps(state, text, told, base.grade or "")


def _steps(tried: Sequence[Parts], base: Judged, after: Sequence[Judged | None]) -> list[Step]:
    """What brought anything and made nothing worse."""
    judged = [Step(parts, base, one) for parts, one in zip(tried, after, strict=True) if one]
    return [step for step in judged if step.goes_on and not is_disqualified(step.after)]


def _window(part: Part) -> bool:
    return isinstance(part, Answer) and part.days is not None


def _on(part: Part, day: date) -> Part:
    return replace(part, purchase_on=day) if isinstance(part, Answer) and part.days is not None else part


def _dated(part: Part) -> Part:
    return replace(part, days=None) if isinstance(part, Answer) else part


def _same(one: Judged, other: Judged) -> bool:
    return (one.total, one.grade, one.is_ready) == (other.total, other.grade, other.is_ready)


def _in_order(*parts: Part) -> Parts:
    """The part that takes the least effort first."""
    return tuple(sorted(parts, key=effort_of))


def _by_points(step: Step) -> tuple[int, int, int]:
    return -step.points, -step.progress, step.effort


def _cheapest(lifting: Iterable[Step]) -> list[Step]:
    """The least effort first; of one subject what asks least, and more only where it makes more of it."""
    kept: list[Step] = []
    for step in sorted(lifting, key=lambda step: step.rank):
        subjects = {part.subject for part in step.parts}
        rivals = [each for each in kept if {part.subject for part in each.parts} == subjects]
        alike = sum(each.effort is step.effort for each in kept)
        if alike < AT_MOST.get(step.effort, SHOWN) and all(step.result < rival.result for rival in rivals):
            kept.append(step)
    return kept[:SHOWN]


def _one_each(steps: Iterable[Step], most: int = 1) -> list[Step]:
    """At most so many steps of each subject, in their order."""
    seen: list[tuple[str, str]] = []
    kept = []
    for step in steps:
        subject = step.parts[0].subject
        if seen.count(subject) < most:
            seen.append(subject)
            kept.append(step)
    return kept


def _stands(base: Judged) -> str:
    ready = "sales-ready" if base.is_ready else "not sales-ready yet"
    return f"Grade {base.grade} with {base.total} points, {ready}."
