"""What a query about activities asks of each row: the day, the kind, the detail.

A row is looked at by its kind once, in a CASE, and its detail only where a question needs it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leads.models import KIND_CODES, Activity
from rules.compile import Context, compile_detail_q
from rules.nodes import ActivityMatch
from scoring.engine.orm import take_apart, truth
from scoring.engine.text import Slot, Sql, glue, join

BITS = 31  # of an integer on PostgreSQL


@dataclass(frozen=True, slots=True)
class Question:
    """Activities that match, not older than ``horizon`` days; None for all of them."""

    match: ActivityMatch
    horizon: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where activities are read from, which day stands for today, and which leads are chosen."""

    tables: str
    today: Sql
    where: Sql


@dataclass(frozen=True, slots=True)
class Rows:
    """Questions about activity rows as SQL; ``details`` has a condition for each pattern, ``bits`` a bit
    for each question that only asks whether there is any."""

    details: Mapping[str, Sql]
    bits: Mapping[Question, int] = field(default_factory=dict)

    def matches(self, match: ActivityMatch) -> Sql:
        """Whether a row is of this kind, with this detail."""
        kinds = glue("leads_activity.kind IN ({kinds})", kinds=join(", ", map(_code, match.kinds)))
        if match.detail is None:
            return kinds
        return glue("({kinds} AND {detail})", kinds=kinds, detail=self.details[match.detail])

    def counting(self, questions: Iterable[Question], source: Source) -> Sql:
        """Whether a row answers any of ``questions``: chosen, up to now and young enough."""
        every = list(dict.fromkeys(questions))
        recent = longest(question.horizon for question in every)
        cases = _cases(every, lambda own: [self._any(each, source) for each in _widest(own)], " OR ")
        return glue(
            "{chosen} AND leads_activity.at_epoch <= {now} AND {recent} AND CASE leads_activity.kind{cases} "
            "ELSE FALSE END",
            chosen=source.where,
            now=Sql("%s", (Slot.EPOCH,)),
            recent=since(recent, source),
            cases=cases,
        )

    def seen(self, source: Source) -> Sql:
        """The bits of all questions that a row answers, as one number."""

        def bit(question: Question) -> Sql:
            holds = self._any(question, source)
            return glue("CASE WHEN {holds} THEN {bit} ELSE 0 END", holds=holds, bit=str(self.bits[question]))

        cases = _cases(self.bits, lambda own: [bit(each) for each in own], " + ")
        return glue("CASE leads_activity.kind{cases} ELSE 0 END", cases=cases)

    def _any(self, question: Question, source: Source) -> Sql:
        """Whether a row of the right kind answers ``question``."""
        young = since(question.horizon, source)
        detail = question.match.detail
        return young if detail is None else glue("({a} AND {b})", a=young, b=self.details[detail])


def _cases(
    questions: Iterable[Question], arm: Callable[[Sequence[Question]], Sequence[Sql]], separator: str
) -> Sql:
    """The arms of a CASE by kind: what ``arm`` makes of the questions about the kind."""
    by_kind: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        for kind in question.match.kinds:
            by_kind[kind].append(question)
    cases = [
        glue(" WHEN {kind} THEN {arms}", kind=_code(kind), arms=join(separator, arm(own)))
        for kind, own in by_kind.items()
    ]
    return join("", cases)


def rows(matches: Iterable[ActivityMatch], asked: Iterable[Question], ctx: Context) -> Rows:
    """The conditions of ``matches``; the first questions ``asked`` get a bit."""
    patterns = dict.fromkeys(match.detail for match in matches if match.detail is not None)
    names = {pattern: f"d{number}" for number, pattern in enumerate(patterns)}
    wrapped = {name: truth(compile_detail_q(pattern, ctx)) for pattern, name in names.items()}
    columns = take_apart(Activity.objects.all(), wrapped).columns if wrapped else {}
    bits = {question: 1 << place for place, question in enumerate(list(dict.fromkeys(asked))[:BITS])}
    return Rows({pattern: columns[name] for pattern, name in names.items()}, bits)


def _widest(questions: Iterable[Question]) -> list[Question]:
    """Questions about one kind without those whose activities another one lets in as well."""
    kept: list[Question] = []
    for each in questions:
        if not any(_includes(other, each) for other in kept):
            kept = [*(other for other in kept if not _includes(each, other)), each]
    return kept


def _includes(wide: Question, narrow: Question) -> bool:
    has_room = wide.horizon is None or (narrow.horizon is not None and narrow.horizon <= wide.horizon)
    return has_room and wide.match.detail in (None, narrow.match.detail)


def longest(horizons: Iterable[int | None]) -> int | None:
    """The longest horizon in days; None if one has no end."""
    every = list(horizons)
    return None if None in every else max(each for each in every if each is not None)


def since(horizon: int | None, source: Source) -> Sql:
    """Whether an activity is inside ``horizon``."""
    if horizon is None:
        return Sql("1 = 1")
    return glue("leads_activity.day >= {today} - {days}", today=source.today, days=str(horizon))


def _code(kind: str) -> Sql:
    return Sql(str(KIND_CODES[kind]))
