"""Random drafts, as rows: all that an editor can store."""

from typing import Any

from hypothesis import strategies as st

from alignment.models import (
    Commitment,
    Criterion,
    Definition,
    Dimension,
    Disqualifier,
    Grade,
    Reason,
    SlaTerm,
    Version,
    VersionDimension,
)
from alignment.models.content import shipped_ladder
from leads.models import BantDimension

TREES: list[dict[str, Any]] = [
    {"all": []},
    {"field": "company.employees", "op": "gte", "value": 200},
    {
        "not": {
            "field": "lead.title",
            "op": "matches_any",
            "value": ["*no*", "on", "0x1F", "*über*", "ja: nein #1"],
        }
    },
    {
        "any": [
            {"field": "lead.country", "op": "in", "value": ["NO", "DE"]},
            {"field": "lead.title", "op": "known"},
        ]
    },
    {"activity": {"kind": ["form", "chat"], "detail": "*demo*"}, "at_least": 2, "within_days": 30},
]
SCOPES = [tree for tree in TREES if "activity" not in tree]
DECAYS = [
    None,
    {"kind": "none"},
    {"kind": "window", "days": 30},
    {"kind": "step", "days": 30, "keep": 50},
    {"kind": "half_life", "days": 14},
]
LADDERS = [
    shipped_ladder(),
    [],
    [{"step": "half", "percent": 50, "tell": ["manager", "owner"]}],
    [{"step": "gone", "percent": 200, "tell": ["owner"], "takes": True}],
]

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip())
maybe_texts = st.one_of(
    st.just(""), texts, st.sampled_from(["no", "1e3", "2026-11-22", "~", "a: b", "- x", "#"])
)
trees, scopes = st.sampled_from(TREES), st.sampled_from(SCOPES)
floors = st.sets(st.integers(1, 100), min_size=3, max_size=3).map(lambda found: sorted(found, reverse=True))
matrices = st.fixed_dictionaries(
    {
        "fit": floors,
        "engagement": floors,
        "grades": st.lists(st.text("ABCD", min_size=4, max_size=4), min_size=4, max_size=4),
    }
)
some = st.booleans()


@st.composite
def _criteria(draw: st.DrawFn) -> dict[str, Any]:
    row = {
        "label": draw(texts),
        "dimension": draw(st.sampled_from(list(Dimension))),
        "points": draw(st.integers(-100, 100)),
        "is_on": draw(some),
    }
    if draw(some):
        return {**row, "condition": draw(trees)}
    return {
        **row,
        "activity": draw(
            st.sampled_from([{"kind": "page_view", "detail": "*pric*"}, {"kind": ["form", "chat"]}])
        ),
        "per": draw(st.sampled_from(Criterion.Per.values)),
        "cap": draw(st.none() | st.integers(0, 100)),
        "daily_cap": draw(st.none() | st.integers(1, 9)),
        "decay": draw(st.sampled_from(DECAYS)),
    }


@st.composite
def _versions(draw: st.DrawFn) -> dict[str, Any]:
    a, b, c = draw(floors)
    return {
        "scope": draw(st.none() | scopes),
        "position": draw(st.integers(1, 9)),
        "floor_a": a,
        "floor_b": b,
        "floor_c": c,
        "matrix": draw(st.none() | matrices),
        "gate_grade": draw(st.sampled_from(Grade.values)),
        "gate_bant_count": draw(st.integers(0, 4)),
        "gate_bant_level": draw(st.sampled_from([1, 2])),
        "gate_must_have": draw(st.none() | trees),
    }


@st.composite
def stored_drafts(draw: st.DrawFn, definition: Definition, number: int) -> Version:
    """A draft, written row by row past the services."""
    version = Version.objects.create(definition=definition, number=number, **draw(_versions()))
    for dimension in Dimension:
        inferred = {"partial_when": draw(st.none() | trees), "met_when": draw(st.none() | trees)}
        infers = dimension in BantDimension.values
        cap = draw(st.integers(0, 100))
        VersionDimension.objects.create(
            version=version, dimension=dimension, cap=cap, **(inferred if infers else {})
        )
    for place, row in enumerate(draw(st.lists(_criteria(), max_size=5))):
        Criterion.objects.create(version=version, key=f"c{place}", position=draw(st.integers(0, 5)), **row)
    for place, tree in enumerate(draw(st.lists(trees, max_size=2))):
        Disqualifier.objects.create(
            version=version, key=f"d-{place}", label=draw(texts), condition=tree, position=place
        )
    _add_reasons(draw, version)
    _add_promises(draw, version)
    return version


def _add_reasons(draw: st.DrawFn, version: Version) -> None:
    for place in range(draw(st.integers(0, 3))):
        Reason.objects.create(
            version=version,
            key=f"r{place}",
            label=draw(texts),
            position=place,
            dimension=draw(st.sampled_from(["", *Dimension.values])),
            criterion_key=draw(st.sampled_from(["", "c0", "gone"])),
            suggestion=draw(maybe_texts),
            suggested_points=draw(st.none() | st.integers(-20, 20)),
            needs_text=draw(some),
        )


def _add_promises(draw: st.DrawFn, version: Version) -> None:
    for grade in Grade:
        for source in draw(st.sets(maybe_texts, max_size=2)):
            SlaTerm.objects.create(
                version=version,
                grade=grade,
                source=source,
                is_handed_over=draw(some),
                may_pause=draw(some),
                response_amount=draw(st.integers(1, 99)),
                response_unit=draw(st.sampled_from(SlaTerm.Unit.values)),
                ladder=draw(st.sampled_from(LADDERS)),
            )
    if draw(some):
        Commitment.objects.create(version=version, kind="acceptance", amount=draw(st.integers(0, 100)))
    for promised in draw(st.sets(st.sampled_from(["", *Grade.values]))):
        Commitment.objects.create(
            version=version, kind="leads", grade=promised, amount=draw(st.integers(0, 9_999))
        )
