"""Random facts and random trees that have a fair chance of meeting each other."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from core.text import fold
from rules.context import Context
from rules.fields import FieldType
from tests.rules.world import FIELDS, LEVELS, STAGES, UTC, Facts, context

Data = dict[str, Any]
NOW = dt.datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu")
# Now, a leap day, a skipped midnight (Beirut), a skipped day (Apia), both changes of the clock in Berlin.
NOWS = (
    NOW,
    dt.datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
    dt.datetime(2024, 3, 30, 22, 30, tzinfo=UTC),
    dt.datetime(2011, 12, 30, 10, 30, tzinfo=UTC),
    dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    dt.datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
)
WORDS = (
    "Director",
    "director",
    "VP  Sales",
    "Vice-Präsident",
    "STRASSE",
    "straße",
    "100%",
    "a_b",
    "a*b",
    "back\\slash",
    "İstanbul",
    "ﬁnance",
    "東京",
    "Head of",
    "Head offline",
    "it's",
    '"q"',
)
texts = st.sampled_from(WORDS) | st.text("aAbBäßé%_*\\ '", max_size=6)
some_text = texts.filter(lambda text: bool(fold(text)))
some_pattern = (
    some_text | st.tuples(st.sampled_from(("*", "")), some_text, st.sampled_from(("*", ""))).map("".join)
).filter(lambda text: bool(fold(text).replace("*", "").strip()) and fold(text).count("*") <= 10)
whole = st.sampled_from((0, 1, 5, 200, 500, 2_147_483_647))
numbers = st.sampled_from((-(10**15), -3.5, -1, 0, 0.1, 1, 5, 199.99, 200, 500, 2**31, 10**15)) | st.floats(
    -1e15, 1e15, allow_subnormal=False
)
cents = st.sampled_from((-3.5, 0.0, 0.1, 5.0, 199.99, 200.0, 1e12)) | st.integers(-(10**9), 10**9).map(
    lambda value: value / 100
)
small_days = st.sampled_from((0, 1, 2, 7, 30, 36_500))


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """One of the hard moments in one of the hard zones."""
    return context(draw(st.sampled_from(NOWS)), draw(st.sampled_from(ZONES)))


def moments(ctx: Context) -> st.SearchStrategy[dt.datetime]:
    """Moments around now, at the edges of days, and far away."""
    near = st.integers(-40 * 86_400, 40 * 86_400).map(lambda seconds: ctx.now + dt.timedelta(seconds=seconds))
    edges = st.tuples(st.integers(-8, 8), st.integers(-1, 1)).map(
        lambda at: ctx.start_of(ctx.today + dt.timedelta(at[0])) + dt.timedelta(seconds=at[1])
    )
    far = st.sampled_from(
        (dt.datetime(3, 1, 2, tzinfo=UTC), dt.datetime(9998, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC))
    )
    return (near | edges.map(lambda at: at.astimezone(UTC)) | far).map(lambda at: at.astimezone(UTC))


def dates(ctx: Context) -> st.SearchStrategy[dt.date]:
    """Days around today, and far away."""
    near = st.sampled_from((-31, -30, -8, -7, -2, -1, 0, 1, 2, 7, 8, 30, 31))
    far = st.sampled_from((dt.date(1, 1, 1), dt.date(2024, 2, 29), dt.date(9999, 12, 31)))
    return near.map(lambda days: ctx.today + dt.timedelta(days)) | far


def attributes(ctx: Context) -> st.SearchStrategy[dict[str, Any]]:
    """Values in JSON, also of types that their fields don't have."""
    odd = st.sampled_from(("n/a", "200", "", None, True, False, [5], {"a": 1}, 10**30, 1e16, 1))
    days = st.sampled_from(("2026-02-31", "20261130", "2026-1-05", "0000-01-01", "2026-11-30x", "9999-12-31"))
    return st.fixed_dictionaries(
        {},
        optional={
            "seats": numbers | odd,
            "renewal": dates(ctx).map(str) | days | odd,
            "opted": st.booleans() | odd,
            "plan": st.sampled_from(("gold", "silver", "lead")) | odd,
        },
    )


def _activities(ctx: Context) -> st.SearchStrategy[list[tuple[str, str, dt.datetime]]]:
    kinds = st.sampled_from(("page_view", "download", "webinar"))
    recent = moments(ctx).filter(lambda at: 1900 < at.year < 2100).map(lambda at: at.replace(microsecond=0))
    return st.lists(st.tuples(kinds, texts, recent), max_size=4)


def facts(ctx: Context) -> st.SearchStrategy[Facts]:
    """One lead."""
    near = moments(ctx).filter(lambda at: 1900 < at.year < 2100)
    return st.builds(
        Facts,
        title=texts,
        company=st.none() | st.tuples(texts, st.none() | whole, st.none() | cents),
        nurture_until=st.none() | dates(ctx),
        stopped=st.none() | moments(ctx),
        do_not_call=st.booleans(),
        stage=st.sampled_from(STAGES),
        country=st.sampled_from(("", "DE", "FR", "de", "XX")),
        extra=attributes(ctx),
        answers=st.lists(st.tuples(st.integers(0, 2), near, near), max_size=3),
        activities=_activities(ctx),
    )


def _asked_days() -> st.SearchStrategy[str]:
    near = st.integers(-31, 31).map(lambda days: NOW.date() + dt.timedelta(days))
    hard = st.sampled_from(
        (
            dt.date(2011, 12, 30),
            dt.date(2024, 3, 31),
            dt.date(2028, 2, 29),
            dt.date(1900, 1, 1),
            dt.date(2999, 12, 31),
        )
    )
    return (near | hard).map(str)


def _pair(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=2, max_size=2).map(sorted)


def operators_of(kind: FieldType, choices: tuple[str, ...]) -> dict[str, st.SearchStrategy[Any]]:
    """Values for each operator that takes one, in a field of the type."""
    some = st.sampled_from(choices or ("?",))
    many = st.lists(some, min_size=1, max_size=3)
    number = dict.fromkeys(("eq", "ne", "gt", "gte", "lt", "lte"), numbers) | {"between": _pair(numbers)}
    days: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(("before", "after", "on"), _asked_days()) | {
        "between": _pair(_asked_days())
    }
    relative = ("within_next_days", "within_last_days", "more_than_days_ago", "more_than_days_ahead")
    days.update(dict.fromkeys(relative, small_days))
    text = dict.fromkeys(("is", "is_not", "contains", "starts_with"), some_text)
    by_type: dict[FieldType, dict[str, st.SearchStrategy[Any]]] = {
        FieldType.TEXT: text
        | {
            "matches_any": st.lists(some_pattern, min_size=1, max_size=4),
            "in": st.lists(some_text, min_size=1, max_size=4),
        },
        FieldType.NUMBER: number,
        FieldType.MONEY: number,
        FieldType.DATE: days,
        FieldType.MOMENT: days,
        FieldType.BOOLEAN: {"is": st.booleans()},
        FieldType.CHOICE: {"is": some, "is_not": some, "in": many, "not_in": many},
        FieldType.LEVEL: {"at_least": some, "is": some, "in": many},
    }
    return by_type[kind]


ASKED = [field for field in FIELDS.all() if field.key != "lead.name"]


@st.composite
def comparisons(draw: st.DrawFn) -> Data:
    """One comparison of any field."""
    field = draw(st.sampled_from(ASKED))
    choices = LEVELS if field.type is FieldType.LEVEL else tuple(key for key, _ in field.options())
    ops = operators_of(field.type, choices)
    op = draw(st.sampled_from((*ops, "known", "unknown")))
    data: Data = {"field": field.key, "op": op}
    return data | {"value": draw(ops[op])} if op in ops else data


@st.composite
def activity_counts(draw: st.DrawFn) -> Data:
    """One question about activities."""
    kind = draw(
        st.sampled_from(("page_view", "download", ["page_view", "webinar"], ["download", "page_view"]))
    )
    detail = draw(st.none() | some_pattern)
    window = draw(st.none() | st.sampled_from((0, 1, 7, 30)))
    match: Data = {"kind": kind} | ({} if detail is None else {"detail": detail})
    data: Data = {"activity": match, "at_least": draw(st.integers(1, 3))}
    return data | ({} if window is None else {"within_days": window})


leaves = st.one_of(comparisons(), comparisons(), comparisons(), activity_counts())


def trees() -> st.SearchStrategy[Data]:
    """Trees of up to about a dozen leaves, well under the limit of depth."""

    def grown(children: st.SearchStrategy[Data]) -> st.SearchStrategy[Data]:
        groups = st.lists(children, max_size=3)
        return (
            groups.map(lambda nodes: {"all": nodes})
            | groups.map(lambda nodes: {"any": nodes})
            | children.map(lambda node: {"not": node})
        )

    deep = st.recursive(leaves, grown, max_leaves=8)
    return (leaves | leaves.map(lambda node: {"not": node}) | deep).filter(lambda data: depth(data) <= 10)


def depth(data: Data) -> int:
    """How many levels ``data`` has."""
    children = [*data.get("all", []), *data.get("any", []), *([data["not"]] if "not" in data else [])]
    return 1 + max((depth(child) for child in children), default=0)
