"""The one grouped pass over the activities: every number that criteria and conditions ask of them.

Weights are whole thousandths by whole days, so that both databases add integers and agree.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, BooleanField

from alignment.decay import FULL, NO_DECAY, Decay, DecayKind
from alignment.spec import CriterionSpec
from leads.models import Lead
from rules.compile import Context
from rules.nodes import ActivityCount, ActivityMatch
from scoring.engine.activity_rows import Question, Rows, Source, rows
from scoring.engine.dialect import DayNumber, can_gather_bits, greatest, least, weight_at
from scoring.engine.orm import take_apart
from scoring.engine.points import Total, capped
from scoring.engine.text import Column, Slot, Sql, glue, join


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a lead: the weights of the matching activities added up, or the largest with ``is_once``.

    At most ``daily_cap`` of a day count. ``is_count`` is the plain number of activities in the window
    that ``decay`` is; it goes by the true date, also while the decay of the lead stands still.
    """

    match: ActivityMatch
    decay: Decay
    is_once: bool = False
    daily_cap: int | None = None
    is_count: bool = False

    @property
    def question(self) -> Question:
        """The activities that it looks at."""
        return Question(self.match, self.decay.horizon)

    @property
    def is_yes_or_no_a_day(self) -> bool:
        """Whether a second activity of the same day would change nothing."""
        return self.is_once or self.daily_cap == 1


def measure_of(criterion: CriterionSpec, *, is_aged: bool = True) -> Measure:
    """What a criterion on activities counts; without ``is_aged`` as if nothing still counted had faded."""
    if criterion.activity is None:
        raise ValueError(f"Criterion {criterion.key} doesn't count activities.")
    decay = criterion.decay if is_aged else _unfaded(criterion.decay)
    daily = criterion.daily_cap if criterion.is_per_occurrence else None
    return Measure(criterion.activity, decay, not criterion.is_per_occurrence, daily)


def measure_of_count(node: ActivityCount) -> Measure:
    """What a condition on activities counts."""
    return Measure(node.match, _window(node.within_days), is_count=True)


def _window(days: int | None) -> Decay:
    return NO_DECAY if days is None else Decay(DecayKind.WINDOW, days)


def _unfaded(decay: Decay) -> Decay:
    return _window(decay.horizon)


@dataclass(frozen=True, slots=True)
class Pass:
    """The columns of the measures over the leads that ``selection`` chooses, as two subqueries.

    ``engagement`` goes by today; ``stopped`` has only the leads whose decay stands still, by the day
    on which it stopped. ``column`` is the number of a lead, 0 without activities; ``asked`` what a condition
    goes by: that number, or of a measure in ``bits`` whether there is any; ``total`` adds points up.
    """

    names: Mapping[Measure, str]
    bits: Mapping[Measure, int]
    engagement: Sql
    stopped: Sql | None

    def column(self, measure: Measure) -> str:
        """The number of ``measure`` as SQL, never null."""
        return _number(self.names[measure], can_stop=_can_stop(measure))

    def asked(self, measure: Measure) -> Column:
        """A number, or a boolean, never null."""
        if measure in self.bits:
            return Column(f"COALESCE(engagement.seen & {self.bits[measure]}, 0) <> 0", BooleanField())
        return Column(self.column(measure), BigIntegerField())

    def total(self, total: Total) -> str:
        """The points of ``total`` as SQL, never null."""
        return _number(total.name, can_stop=total.can_stop)

    def joins(self) -> Sql:
        """The joins that ``column`` relies on."""
        both = ["engagement"] + (["stopped"] if self.stopped is not None else [])
        return Sql("".join(f" LEFT JOIN {each} ON {each}.lead_id = leads_lead.id" for each in both))

    def tables(self) -> list[Sql]:
        """The common table expressions."""
        tables = [glue("engagement AS ({query})", query=self.engagement)]
        if self.stopped is not None:
            tables.append(glue("stopped AS ({query})", query=self.stopped))
        return tables


def _number(name: str, *, can_stop: bool) -> str:
    return f"COALESCE({'stopped.' + name + ', ' if can_stop else ''}engagement.{name}, 0)"


def activity_pass(
    measures: Iterable[Measure],
    selection: Sql,
    ctx: Context,
    *,
    yes_or_no: Collection[Measure] = (),
    totals: Sequence[Total] = (),
) -> Pass | None:
    """The pass for ``measures`` and ``totals``, each once; None if there are none.

    ``selection`` is on ``{id}``. Of the counts in ``yes_or_no`` nobody asks more than whether there is one.
    """
    asked_for = list(dict.fromkeys(measures))
    every = list(dict.fromkeys([*asked_for, *(each for total in totals for each in _measures(total))]))
    if not every:
        return None
    by_day = any(measure.daily_cap is not None for measure in every)
    asked = [each for each in every if each in yes_or_no or (by_day and each.is_yes_or_no_a_day)]
    looks = rows(
        [each.match for each in every], [each.question for each in asked] if can_gather_bits() else [], ctx
    )
    bits = {
        each: looks.bits[each.question] for each in every if each in yes_or_no and each.question in looks.bits
    }
    names = {measure: f"m{number}" for number, measure in enumerate(asked_for) if measure not in bits}
    chosen = selection.on("leads_activity.lead_id")
    plain = Source("leads_activity", Sql("%s", (Slot.TODAY,)), chosen)
    step = _two_steps if by_day else _one_step
    engagement = step(Wanted(names, totals), every, looks, plain)
    aged = Wanted({each: names[each] for each in names if _can_stop(each)}, [t for t in totals if t.can_stop])
    stopped = step(aged, aged.measures, looks, _stopped(selection, ctx)) if aged.measures else None
    return Pass(names, bits, engagement, stopped)


def _measures(total: Total) -> list[Measure]:
    return [measure_of(criterion) for criterion in total.criteria]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns of a pass: measures by their names, and totals of measures."""

    names: Mapping[Measure, str]
    totals: Sequence[Total]

    @property
    def measures(self) -> list[Measure]:
        """All that has to be counted for them, each once."""
        return list(
            dict.fromkeys([*self.names, *(each for total in self.totals for each in _measures(total))])
        )

    def columns(self, numbers: Mapping[Measure, Sql]) -> list[Sql]:
        """Each as a column, of the ``numbers`` of a lead, null where it has none."""
        columns = [
            glue("{number} AS {name}", number=numbers[each], name=name) for each, name in self.names.items()
        ]
        for total in self.totals:
            weights = [glue("COALESCE({number}, 0)", number=numbers[each]) for each in _measures(total)]
            points = map(capped, total.criteria, weights)
            columns.append(glue("{points} AS {name}", points=join(" + ", points), name=total.name))
        return columns


def _stopped(selection: Sql, ctx: Context) -> Source:
    """The leads whose decay stands still, by the day it stopped."""
    parts = take_apart(Lead.objects.all(), {"day": DayNumber("decay_stopped_at", ctx.zone)})
    chosen = selection.on("leads_lead.id")
    tables = "leads_lead JOIN leads_activity ON leads_activity.lead_id = leads_lead.id"
    now = Sql("%s", (Slot.NOW,))  # in the past a lead may be judged before its decay was stopped
    where = glue("leads_lead.decay_stopped_at <= {now} AND {chosen}", now=now, chosen=chosen)
    return Source(tables, parts.columns["day"], where)


def _can_stop(measure: Measure) -> bool:
    """Whether a lead whose decay stands still has another number than the others."""
    return not measure.is_count and measure.decay.horizon is not None


def _one_step(wanted: Wanted, every: Sequence[Measure], looks: Rows, source: Source) -> Sql:
    """Every activity with its weight, grouped by lead."""
    age = greatest("0", glue("{today} - leads_activity.day", today=source.today))
    numbers = {
        measure: glue(
            "{total}({weight}) FILTER (WHERE {match}{young})",
            total="MAX" if measure.is_once else "SUM",
            match=looks.matches(measure.match),
            young=_young(measure, age),
            weight=_weight(measure, age),
        )
        for measure in wanted.measures
    }
    terms = wanted.columns(numbers)
    if looks.bits:
        terms.append(glue("BIT_OR({bits}) AS seen", bits=looks.seen(source)))
    return glue(
        "SELECT leads_activity.lead_id, {terms} FROM {tables} WHERE {where} GROUP BY leads_activity.lead_id",
        terms=join(", ", terms),
        tables=source.tables,
        where=looks.counting([measure.question for measure in every], source),
    )


def _two_steps(wanted: Wanted, every: Sequence[Measure], looks: Rows, source: Source) -> Sql:
    """The activities of a day gathered first, as some count only so often a day; then as in one step."""
    days = _Days(wanted, looks)
    gathered = glue(
        "SELECT leads_activity.lead_id, {age} AS age, {columns} FROM {tables} WHERE {where} "
        "GROUP BY leads_activity.lead_id, leads_activity.day{stop}",
        age=greatest("0", glue("{today} - leads_activity.day", today=source.today)),
        columns=join(", ", days.columns(source)),
        tables=source.tables,
        where=looks.counting([measure.question for measure in every], source),
        stop=", leads_lead.decay_stopped_at" if "leads_lead" in source.tables else "",
    )
    return glue(
        "SELECT days.lead_id, {terms} FROM ({days}) days GROUP BY days.lead_id",
        terms=join(", ", days.terms()),
        days=gathered,
    )


class _Days:
    """The columns of a day: how many activities match, or only a bit where that is all that counts."""

    def __init__(self, wanted: Wanted, looks: Rows) -> None:
        self.wanted = wanted
        self.looks = looks
        counted = dict.fromkeys(each.match for each in wanted.measures if self._bit(each) is None)
        self.counts = {match: f"n{number}" for number, match in enumerate(counted)}

    def _bit(self, measure: Measure) -> int | None:
        return self.looks.bits.get(measure.question) if measure.is_yes_or_no_a_day else None

    def columns(self, source: Source) -> list[Sql]:
        columns = [
            glue(
                "CAST(COUNT(*) FILTER (WHERE {match}) AS integer) AS {name}",
                match=self.looks.matches(match),
                name=name,
            )
            for match, name in self.counts.items()
        ]
        if self.looks.bits:
            columns.append(glue("BIT_OR({bits}) AS seen", bits=self.looks.seen(source)))
        return columns

    def terms(self) -> list[Sql]:
        terms = self.wanted.columns({measure: self._number(measure) for measure in self.wanted.measures})
        return [*terms, Sql("BIT_OR(days.seen) AS seen")] if self.looks.bits else terms

    def _number(self, measure: Measure) -> Sql:
        bit = self._bit(measure)
        age = Sql("days.age")
        often = Sql("1") if bit else Sql(f"days.{self.counts[measure.match]}")
        if measure.daily_cap is not None and not bit:
            often = least(often, str(measure.daily_cap))
        any_ = f"days.seen & {bit} <> 0" if bit else f"days.{self.counts[measure.match]} > 0"
        value = "MAX({weight})" if measure.is_once else "SUM({often} * {weight})"
        return glue(
            value + " FILTER (WHERE {any}{young})",
            often=often,
            any=any_,
            young=Sql("") if bit else _young(measure, age),
            weight=_weight(measure, age),
        )


def _is_flat(decay: Decay) -> bool:
    return decay.kind in (DecayKind.NONE, DecayKind.WINDOW)


def _young(measure: Measure, age: Sql) -> Sql:
    """The end of a window; a table of weights ends by itself."""
    horizon = measure.decay.horizon
    if horizon is None or not _is_flat(measure.decay):
        return Sql("")
    return glue(" AND {age} <= {days}", age=age, days=str(horizon))


def _weight(measure: Measure, age: Sql) -> Sql:
    if measure.is_count:
        return Sql("1")
    return Sql(str(FULL)) if _is_flat(measure.decay) else weight_at(measure.decay.weights(), age)
