"""Random versions, people and moments."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from alignment.decay import Decay, DecayKind
from alignment.matrix import Matrix
from alignment.models import Dimension, Grade
from alignment.spec import CriterionSpec, DimensionSpec, DisqualifierSpec, VersionSpec
from leads.models import BantDimension, BantLevel
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from tests.scoring.world import UTC, ByHand, Did, Person, Said

KINDS = ("page_view", "form", "webinar")
DETAILS = ("/pricing", "/Prícing/EU", "/product", "", "Demo form")
TITLES = ("", "CEO", "Sales Director", "  direktor ", "Student", "Ärztin", "100%_sure")
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Asia/Beirut")

zones = st.sampled_from(ZONES).map(ZoneInfo)
nows = st.one_of(
    st.integers(0, 5 * 365 * 86_400).map(
        lambda gap: dt.datetime(2024, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=gap)
    ),
    st.sampled_from(
        [
            dt.datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # the clock goes forward
            dt.datetime(2026, 10, 25, 0, 59, tzinfo=UTC),  # and back
            dt.datetime(2024, 3, 30, 22, 30, tzinfo=UTC),  # no midnight in Beirut
            dt.datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
            dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        ]
    ),
)

matches = st.builds(
    ActivityMatch,
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True).map(tuple),
    st.sampled_from([None, None, "*pric*", "*o*m*", "/product"]),
)
comparisons = st.one_of(
    st.builds(
        Comparison, st.just("lead.title"), st.just("contains"), st.sampled_from(["e", "DIR", "arzt", "%_"])
    ),
    st.builds(Comparison, st.just("lead.country"), st.just("in"), st.sampled_from([("DE",), ("FR", "US")])),
    st.builds(
        Comparison,
        st.just("company.employees"),
        st.sampled_from(["gte", "lt"]),
        st.sampled_from([0, 50, 200]),
    ),
    st.builds(Comparison, st.just("company.revenue"), st.just("gte"), st.just(1_000_000)),
    st.builds(Comparison, st.sampled_from(["lead.title", "company.employees"]), st.just("unknown")),
    st.builds(Comparison, st.just("lead.do_not_call"), st.just("is"), st.booleans()),
    st.builds(Comparison, st.just("lead.created"), st.just("within_last_days"), st.sampled_from([0, 1, 30])),
    st.builds(
        Comparison,
        st.sampled_from(BantDimension.values).map("bant.{}.level".format),
        st.sampled_from(["is", "at_least"]),
        st.sampled_from(["unmet", "partial", "met"]),
    ),
    st.builds(Comparison, st.just("bant.need.level"), st.just("unknown")),
)
counts = st.builds(ActivityCount, matches, st.integers(1, 3), st.sampled_from([None, 0, 1, 14, 60]))


def grown(*leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees of a few such leaves."""
    return st.recursive(
        st.one_of(*leaves),
        lambda child: st.one_of(
            st.builds(Not, child),
            st.builds(All, st.lists(child, max_size=3).map(tuple)),
            st.builds(Any_, st.lists(child, max_size=3).map(tuple)),
        ),
        max_leaves=4,
    )


trees = grown(comparisons, comparisons, counts)
decays = st.one_of(
    st.just(Decay()),
    st.builds(Decay, st.just(DecayKind.WINDOW), st.sampled_from([1, 30, 180, 730])),
    st.builds(Decay, st.just(DecayKind.LINEAR), st.sampled_from([1, 7, 90, 730])),
    st.builds(Decay, st.just(DecayKind.STEP), st.sampled_from([1, 30]), st.sampled_from([1, 50, 99])),
    st.builds(Decay, st.just(DecayKind.HALF_LIFE), st.sampled_from([1, 14, 730])),
)
points = st.integers(-100, 100)
dimensions = st.sampled_from(list(Dimension))
half = st.booleans()


some_criterion = partial(
    st.builds,
    CriterionSpec,
    id=st.just(0),
    key=st.just("k"),
    label=st.just("Label"),
    dimension=dimensions,
    points=points,
)
activity_criteria = some_criterion(
    activity=matches,
    is_per_occurrence=half,
    cap=st.one_of(st.none(), st.integers(0, 30)),
    daily_cap=st.one_of(st.none(), st.none(), st.integers(1, 2)),
    decay=decays,
)


def criteria(asked: st.SearchStrategy[Node]) -> st.SearchStrategy[list[CriterionSpec]]:
    """Some on conditions, some on activities."""
    plain = some_criterion(condition=asked)
    return st.lists(st.one_of(plain, activity_criteria), max_size=6)


def _floors(most: int) -> st.SearchStrategy[tuple[int, int, int]]:
    def ordered(floors: set[int]) -> tuple[int, int, int]:
        low, middle, high = sorted(floors)
        return high, middle, low

    return st.sets(st.integers(1, most), min_size=3, max_size=3).map(ordered)


matrices = st.builds(
    Matrix,
    _floors(60),
    _floors(20),
    st.tuples(*[st.text("ABCD", min_size=4, max_size=4)] * 4),
)


@st.composite
def versions(
    draw: st.DrawFn,
    number: int = 1,
    *,
    has_scope: bool = False,
    asked: st.SearchStrategy[Node] = trees,
) -> VersionSpec:
    """A version with an own id, on conditions like ``asked``; its criteria have ids of their own."""
    floors = sorted(draw(st.sets(st.integers(0, 100), min_size=3, max_size=3)), reverse=True)
    drawn = draw(criteria(asked))
    numbered = [replace(each, id=place, key=f"k{place}") for place, each in enumerate(drawn, 100 * number)]
    maybe = st.one_of(st.none(), asked)
    return VersionSpec(
        id=number,
        definition_id=number,
        number=1,
        scope=draw(asked) if has_scope else None,
        position=number,
        floor_a=floors[0],
        floor_b=floors[1],
        floor_c=floors[2],
        gate_grade=draw(st.sampled_from(list(Grade))),
        gate_bant_count=draw(st.integers(0, 4)),
        gate_bant_level=draw(st.sampled_from(list(BantLevel))),
        gate_must_have=draw(maybe),
        dimensions=tuple(
            DimensionSpec(
                dimension=each,
                cap=draw(st.integers(0, 30)),
                partial_when=draw(maybe) if each in BantDimension.values else None,
                met_when=draw(maybe) if each in BantDimension.values else None,
            )
            for each in Dimension
        ),
        criteria=tuple(numbered),
        matrix=draw(st.one_of(st.none(), matrices)),
        disqualifiers=tuple(
            DisqualifierSpec(id=place, key=f"d{place}", label="D", condition=tree)
            for place, tree in enumerate(draw(st.lists(asked, max_size=2)))
        ),
    )


@st.composite
def people(draw: st.DrawFn, now: dt.datetime) -> Person:
    """Somebody who did and said things around ``now``, also exactly at the edges of days and after it."""
    ago = st.one_of(
        st.sampled_from([dt.timedelta(0), dt.timedelta(seconds=-1), dt.timedelta(days=-2)]),
        st.timedeltas(dt.timedelta(0), dt.timedelta(days=200)),
        st.timedeltas(dt.timedelta(0), dt.timedelta(days=2)),
        st.integers(728, 732).map(dt.timedelta),  # where the longest decay ends
    ).map(lambda gap: now - gap)
    past = ago.filter(lambda at: at <= now)
    did = st.builds(Did, st.sampled_from(KINDS), st.sampled_from(DETAILS), ago)
    said = st.builds(
        Said,
        st.sampled_from(BantDimension.values),
        st.integers(0, 2),
        past,
        st.sampled_from([now - dt.timedelta(seconds=1), now, now + dt.timedelta(days=9)]),
    )
    return Person(
        title=draw(st.sampled_from(TITLES)),
        country=draw(st.sampled_from(["", "DE", "FR"])),
        do_not_call=draw(half),
        employees=draw(st.sampled_from([None, 0, 49, 50, 200, 2_000_000_000])),
        revenue=draw(st.sampled_from([None, Decimal(0), Decimal(999_999), Decimal(1_000_000)])),
        created=draw(past),
        stopped=draw(st.one_of(st.none(), st.none(), past)),
        said=tuple(draw(st.lists(said, max_size=4))),
        did=tuple(draw(st.lists(did, max_size=8))),
        by_hand=draw(overrides(now)),
    )


def overrides(now: dt.datetime) -> st.SearchStrategy[tuple[ByHand, ...]]:
    """Mostly none; else some that were ended and at most one that wasn't, at the edge of its end too."""
    ends = st.sampled_from([now - dt.timedelta(seconds=1), now, now + dt.timedelta(seconds=1)])
    grades = st.sampled_from(Grade.values)
    ended = st.builds(ByHand, grades, ends, st.just(True))
    running = st.builds(ByHand, grades, ends, st.just(False))
    some = st.tuples(st.lists(ended, max_size=1), st.lists(running, max_size=1))
    return st.one_of(st.just(()), some.map(lambda pair: (*pair[0], *pair[1])))
