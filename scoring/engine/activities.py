"""The one grouped pass over the activities: every number that criteria and conditions ask of them.

Weights are whole thousandths by whole days, so that both databases add integers and agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper

from alignment.decay import FULL, NO_DECAY, Decay, DecayKind
from alignment.spec import CriterionSpec
from leads.models import Activity, Lead
from rules.compile import Context, compile_activity_q
from rules.nodes import ActivityCount, ActivityMatch
from scoring.engine.dialect import DayNumber, greatest, least, weight_at
from scoring.engine.orm import take_apart
from scoring.engine.text import Slot, Sql, glue, join


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
    """The columns of ``measures`` over the leads that ``selection`` chooses, as two subqueries.

    ``engagement`` goes by today; ``stopped`` has only the leads whose decay stands still, by the day
    on which it stopped. ``column`` is the number of a lead, 0 without activities.
    """

    names: Mapping[Measure, str]
    engagement: Sql
    stopped: Sql | None

    def column(self, measure: Measure) -> str:
        """The number of ``measure`` as SQL, never null."""
        name = self.names[measure]
        if not _can_stop(measure):
            return f"COALESCE(engagement.{name}, 0)"
        return f"COALESCE(stopped.{name}, engagement.{name}, 0)"

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


def activity_pass(measures: Iterable[Measure], selection: Sql, ctx: Context) -> Pass | None:
    """The pass for ``measures``, each once; None if there are none. ``selection`` is on ``{id}``."""
    every = list(dict.fromkeys(measures))
    if not every:
        return None
    names = {measure: f"m{number}" for number, measure in enumerate(every)}
    matches = _matches(every, ctx)
    chosen = Sql(selection.text.format(id="leads_activity.lead_id"), selection.params)
    plain = _Source("leads_activity", Sql("%s", (Slot.TODAY,)), chosen)
    aged = [measure for measure in every if _can_stop(measure)]
    engagement = _query(names, matches, plain)
    stopped = (
        _query({each: names[each] for each in aged}, matches, _stopped(selection, ctx)) if aged else None
    )
    return Pass(names, engagement, stopped)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where activities are read from, which day stands for today, and which leads are chosen."""

    tables: str
    today: Sql
    where: Sql


def _stopped(selection: Sql, ctx: Context) -> _Source:
    """The leads whose decay stands still, by the day it stopped."""
    parts = take_apart(Lead.objects.all(), {"day": DayNumber("decay_stopped_at", ctx.zone)})
    chosen = Sql(selection.text.format(id="leads_lead.id"), selection.params)
    tables = "leads_lead JOIN leads_activity ON leads_activity.lead_id = leads_lead.id"
    where = glue("leads_lead.decay_stopped_at IS NOT NULL AND {chosen}", chosen=chosen)
    return _Source(tables, parts.columns["day"], where)


def _can_stop(measure: Measure) -> bool:
    """Whether a lead whose decay stands still has another number than the others."""
    return not measure.is_count and measure.decay.horizon is not None


def _matches(measures: Sequence[Measure], ctx: Context) -> dict[ActivityMatch, Sql]:
    """Each kind of match as a condition on activity rows."""
    every = list(dict.fromkeys(measure.match for measure in measures))
    wrapped = {
        f"a{number}": ExpressionWrapper(compile_activity_q(match, ctx), BooleanField())
        for number, match in enumerate(every)
    }
    columns = take_apart(Activity.objects.all(), wrapped).columns
    return {match: columns[f"a{number}"] for number, match in enumerate(every)}


def _query(names: Mapping[Measure, str], matches: Mapping[ActivityMatch, Sql], source: _Source) -> Sql:
    by_day = any(measure.daily_cap is not None for measure in names)
    return (_two_steps if by_day else _one_step)(names, matches, source)


def _where(measures: Iterable[Measure], matches: Mapping[ActivityMatch, Sql], source: _Source) -> Sql:
    """The rows that count: inside the horizon of what they match, up to now."""
    horizons: dict[ActivityMatch, int | None] = {}
    for measure in measures:
        known = horizons.get(measure.match, 0)
        horizons[measure.match] = _longest([known, measure.decay.horizon])
    # The day is the cheaper question: most old rows are out before a kind or a text is compared.
    arms = [
        glue("({since} AND {match})", since=_since(horizon, source), match=matches[match])
        for match, horizon in horizons.items()
    ]
    return glue(
        "{chosen} AND leads_activity.at_epoch <= {now} AND {recent} AND ({counting})",
        chosen=source.where,
        now=Sql("%s", (Slot.EPOCH,)),
        recent=_since(_longest(horizons.values()), source),
        counting=join(" OR ", arms),
    )


def _longest(horizons: Iterable[int | None]) -> int | None:
    """The longest horizon; None if one has no end."""
    every = list(horizons)
    return None if None in every else max(each for each in every if each is not None)


def _since(horizon: int | None, source: _Source) -> Sql:
    """Whether an activity is inside ``horizon``."""
    if horizon is None:
        return Sql("1 = 1")
    return glue("leads_activity.day >= {today} - {days}", today=source.today, days=str(horizon))


def _one_step(names: Mapping[Measure, str], matches: Mapping[ActivityMatch, Sql], source: _Source) -> Sql:
    """Every activity with its weight, grouped by lead."""
    age = greatest("0", glue("{today} - leads_activity.day", today=source.today))
    terms = [
        glue(
            "{total}({weight}) FILTER (WHERE {match}{young}) AS {name}",
            total="MAX" if measure.is_once else "SUM",
            match=matches[measure.match],
            young=_young(measure, age),
            weight=_weight(measure, age),
            name=name,
        )
        for measure, name in names.items()
    ]
    return glue(
        "SELECT leads_activity.lead_id, {terms} FROM {tables} WHERE {where} GROUP BY leads_activity.lead_id",
        terms=join(", ", terms),
        tables=source.tables,
        where=_where(names, matches, source),
    )


def _two_steps(names: Mapping[Measure, str], matches: Mapping[ActivityMatch, Sql], source: _Source) -> Sql:
    """The activities of a day counted first, as some count only so often a day; then as in one step."""
    used = list(dict.fromkeys(measure.match for measure in names))
    counts = {match: f"n{number}" for number, match in enumerate(used)}
    counted = [
        glue(
            "CAST(COUNT(*) FILTER (WHERE {match}) AS integer) AS {name}",
            match=matches[match],
            name=name,
        )
        for match, name in counts.items()
    ]
    days = glue(
        "SELECT leads_activity.lead_id, {age} AS age, {counted} FROM {tables} WHERE {where} "
        "GROUP BY leads_activity.lead_id, leads_activity.day{stop}",
        age=greatest("0", glue("{today} - leads_activity.day", today=source.today)),
        counted=join(", ", counted),
        tables=source.tables,
        where=_where(names, matches, source),
        stop=", leads_lead.decay_stopped_at" if "leads_lead" in source.tables else "",
    )
    age = Sql("days.age")
    terms = [_of_days(measure, counts[measure.match], name, age) for measure, name in names.items()]
    return glue(
        "SELECT days.lead_id, {terms} FROM ({days}) days GROUP BY days.lead_id",
        terms=join(", ", terms),
        days=days,
    )


def _of_days(measure: Measure, count: str, name: str, age: Sql) -> Sql:
    often = Sql(f"days.{count}")
    if measure.daily_cap is not None:
        often = least(often, str(measure.daily_cap))
    value = "MAX({weight})" if measure.is_once else "SUM({often} * {weight})"
    template = value + " FILTER (WHERE days.{count} > 0{young}) AS {name}"
    parts: dict[str, Sql | str] = {
        "count": count,
        "young": _young(measure, age),
        "weight": _weight(measure, age),
        "name": name,
    }
    return glue(template, often=often, **parts)


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
