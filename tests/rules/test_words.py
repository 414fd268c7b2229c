"""Conditions in plain words."""

from typing import Any

import pytest

from rules.fields import CONDITION_USES, Field, FieldType, Registry, Use
from rules.nodes import Comparison
from rules.tree import parse
from rules.words import in_words
from tests.rules.world import FIELDS, KINDS

TITLE = {"field": "lead.title", "op": "matches_any", "value": ["*director*", "*VP*"]}
LARGE = {"field": "company.employees", "op": "gte", "value": 1200}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TITLE, "Job title contains “director” or “VP”"),
        (LARGE, "Employees is at least 1,200"),
        ({"all": [TITLE, LARGE]}, "Job title contains “director” or “VP” and Employees is at least 1,200"),
        (
            {"any": [LARGE, {"all": [LARGE, {"not": LARGE}]}]},
            "Employees is at least 1,200 or "
            "(Employees is at least 1,200 and not (Employees is at least 1,200))",
        ),
        ({"all": []}, "always"),
        ({"any": []}, "never"),
        ({"all": [{"any": [LARGE]}]}, "Employees is at least 1,200"),
        (
            {"field": "lead.title", "op": "matches_any", "value": ["head of*", "*a*b", "*x", "ceo"]},
            "Job title starts with “head of” or is like “*a*b” or ends with “x” or is “ceo”",
        ),
        ({"field": "lead.title", "op": "is_not", "value": "x"}, "Job title is known and is not “x”"),
        (
            {"field": "lead.title", "op": "in", "value": [str(n) for n in range(14)]},
            "Job title is “0”, “1”, “2”, “3”, “4”, “5”, “6”, “7”, “8”, “9”, “10” or 3 more",
        ),
        ({"field": "lead.country", "op": "in", "value": ["DE", "XX"]}, "Country is Germany or “XX”"),
        ({"field": "bant.budget", "op": "at_least", "value": "partial"}, "Budget is at least Partial"),
        ({"field": "bant.budget", "op": "unknown"}, "Budget is unknown"),
        (
            {"field": "company.revenue", "op": "between", "value": [0.5, 2_000_000]},
            "Revenue is between 0.5 EUR and 2,000,000 EUR",
        ),
        (
            {"field": "lead.nurture_until", "op": "before", "value": "2026-11-30"},
            "Nurture until is before 30 November 2026",
        ),
        ({"field": "lead.stopped", "op": "within_last_days", "value": 1}, "Stopped is within the last 1 day"),
        (
            {"field": "lead.stopped", "op": "more_than_days_ago", "value": 30},
            "Stopped is more than 30 days ago",
        ),
        ({"field": "lead.do_not_call", "op": "is", "value": False}, "Do not call is no"),
        (
            {"activity": {"kind": "page_view", "detail": "*price*"}, "at_least": 2, "within_days": 30},
            "at least 2 page views whose page address contains “price” within the last 30 days",
        ),
        ({"activity": {"kind": ["webinar", "download"]}}, "at least 1 webinar attended or download"),
        (
            {"activity": {"kind": ["page_view", "download"], "detail": "/x"}},
            "at least 1 page view or download whose detail is “/x”",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(data: dict[str, Any], words: str) -> None:
    assert in_words(parse(data, use=Use.CRITERION, registry=FIELDS, kinds=KINDS), FIELDS, KINDS) == words


def test_braces_in_a_value_are_only_braces() -> None:
    data = {"field": "lead.title", "op": "is", "value": "{0} {field}"}
    assert in_words(parse(data, use=Use.CRITERION, registry=FIELDS), FIELDS) == "Job title is “{0} {field}”"


def test_money_is_told_in_the_reporting_currency_where_its_field_names_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry = Registry()
    for key, unit in (("company.revenue", ""), ("company.costs", "GBP")):
        registry.register(
            Field(key=key, label="Sum", type=FieldType.MONEY, uses=CONDITION_USES, lookup="x", unit=unit)
        )
    monkeypatch.setattr(registry, "currency", lambda: "CHF")
    said = [in_words(Comparison(field.key, "gte", 5_000_000), registry) for field in registry.all()]
    assert said == ["Sum is at least 5,000,000 CHF", "Sum is at least 5,000,000 GBP"]
