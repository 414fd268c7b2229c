"""A version's rows as a document: keys in a fixed order, omitted where they say nothing."""

from typing import Any

from alignment.models import (
    Commitment,
    Criterion,
    Dimension,
    Disqualifier,
    Reason,
    SlaTerm,
    Version,
    VersionDimension,
)
from alignment.models.content import shipped_ladder
from leads.models import BantLevel

SCHEMA = 1
"""The schema that is written. A later one gets the next number and a reader for this one."""

KEYS = (
    *("field", "op", "value", "activity", "at_least", "within_days", "kind", "detail", "days", "keep"),
    *("step", "percent", "tell", "fit", "engagement", "grades"),
)
"""The order of keys in stored JSON: PostgreSQL doesn't keep the one in which they were written."""

Data = dict[str, Any]


def document_of(version: Version) -> Data:
    """All that is signed of ``version``, ready for JSON and YAML; ``read_document`` reads it back.

    The same content gives the same document, in the same order, on both databases: criteria by
    dimension, terms by grade and source. Six queries, none for parts that were prefetched.
    """
    known = {row.dimension: row for row in version.dimensions.all()}
    order = list(Dimension.values)
    criteria = sorted(version.criteria.all(), key=lambda row: order.index(row.dimension))
    terms = sorted(version.terms.all(), key=lambda row: (row.grade, row.source))
    said = {
        "bantam_definition": SCHEMA,
        "position": version.position,
        "scope": tidy(version.scope),
        "grades": {"A": version.floor_a, "B": version.floor_b, "C": version.floor_c},
        "matrix": tidy(version.matrix),
        "sales_ready": _gate(version),
        "dimensions": {each.value: _dimension(known.get(each)) for each in Dimension},
        "criteria": [_criterion(row) for row in criteria],
        "disqualifiers": [_disqualifier(row) for row in version.disqualifiers.all()],
        "reasons": [_reason(row) for row in version.reasons.all()],
        "terms": [_term(row) for row in terms],
        "commitments": [_commitment(row) for row in version.commitments.all()],
    }
    return said_only(said)


def said_only(data: Data) -> Data:
    """``data`` without the keys that say nothing: null, false, or an empty text, list or object."""
    return {
        key: value
        for key, value in data.items()
        if value is not None and value is not False and value not in ("", [])
    }


def tidy(data: Any) -> Any:
    """Trees with their keys in the order of ``KEYS``; anything else as it is."""
    if isinstance(data, list):
        return [tidy(each) for each in data]
    if not isinstance(data, dict):
        return data
    order = sorted(data, key=lambda key: (KEYS.index(key) if key in KEYS else -1, key))
    return {key: tidy(data[key]) for key in order}


def times_in_words(amount: int, unit: str) -> str:
    """``1 hour``, ``5 days``: working time, as ``read_times`` reads it."""
    return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


def _gate(version: Version) -> Data:
    return said_only(
        {
            "grade": version.gate_grade,
            "bant_count": version.gate_bant_count,
            "bant_level": BantLevel(version.gate_bant_level).name.lower(),
            "must_have": tidy(version.gate_must_have),
        }
    )


def _dimension(row: VersionDimension | None) -> Data:
    if row is None:
        return {"cap": 0}
    trees = {"partial_when": tidy(row.partial_when), "met_when": tidy(row.met_when)}
    return {"cap": row.cap, **said_only(trees)}


def _criterion(row: Criterion) -> Data:
    needed = {"key": row.key, "label": row.label, "dimension": row.dimension, "points": row.points}
    switched_off = {} if row.is_on else {"is_on": False}
    if row.activity is None:
        return {**needed, **switched_off, "condition": tidy(row.condition)}
    counting = {
        "activity": tidy(row.activity),
        "per": None if row.per == Criterion.Per.ONCE else row.per,
        "cap": row.cap,
        "daily_cap": row.daily_cap,
        "decay": tidy(row.decay),
    }
    return {**needed, **switched_off, **said_only(counting)}


def _disqualifier(row: Disqualifier) -> Data:
    return {"key": row.key, "label": row.label, "condition": tidy(row.condition)}


def _reason(row: Reason) -> Data:
    said = {
        "key": row.key,
        "label": row.label,
        "dimension": row.dimension,
        "criterion": row.criterion_key,
        "suggestion": row.suggestion,
        "suggested_points": row.suggested_points,
        "needs_text": row.needs_text,
    }
    return said_only(said)


def _term(row: SlaTerm) -> Data:
    named = said_only({"grade": row.grade, "source": row.source})
    if not row.is_handed_over:
        return {**named, "handed_over": False}
    ladder = {} if row.ladder == shipped_ladder() else {"ladder": tidy(row.ladder)}
    times = {
        "response": times_in_words(row.response_amount, row.response_unit),
        "decision": times_in_words(row.decision_amount, row.decision_unit),
    }
    return {**named, **times, **said_only({"may_pause": row.may_pause}), **ladder}


def _commitment(row: Commitment) -> Data:
    return said_only({"kind": row.kind, "grade": row.grade}) | {"amount": row.amount}
