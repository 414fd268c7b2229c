"""Batches by the API: what can be used is written, what can't is named by its place."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.models import Activity, ChangedLead, Lead
from tests.api.asking import Caller, error

pytestmark = pytest.mark.django_db


def lead(number: int = 1, **fields: Any) -> Lead:
    return Lead.objects.create(**{"name": f"Lead {number}", "email": f"lead{number}@example.com"} | fields)


def visit(**fields: Any) -> dict[str, Any]:
    return {"email": "lead1@example.com", "kind": "page_view", "at": timezone.now().isoformat()} | fields


def test_each_row_says_what_became_of_it() -> None:
    known = lead(1)
    twins = [lead(2, email="info@example.com"), lead(3, email="info@example.com")]
    response = Caller().post(
        "leads/batch/",
        {
            "leads": [
                {"email": "new@example.com"},
                {"email": "lead1@example.com", "title": "CEO"},
                {"email": "lead1@example.com", "title": "CEO"},
                {"email": "info@example.com"},
                {"email": "no at sign", "name": "R"},
                {"name": 7.5},
                "Rita",
                {"title": "CEO"},
                {"name": "R", "company": {"nam": "A"}},
            ]
        },
    )
    rows = response.json()["results"]
    assert [row["index"] for row in rows] == list(range(9))
    assert [row["outcome"] for row in rows] == ["created", "updated", "unchanged", *["left_out"] * 6]
    assert rows[1]["id"] == known.pk
    assert rows[3]["candidates"] == [each.pk for each in twins]
    assert [problem["where"] for row in rows[4:] for problem in row["problems"]] == [
        "email",
        "name",
        "",
        "",
        "company.nam",
    ]
    assert Lead.objects.count() == 4


def test_a_row_with_one_bad_value_is_not_written_by_half() -> None:
    lead(1)
    Caller().post(
        "leads/batch/", {"leads": [{"email": "lead1@example.com", "title": "CEO", "phone": "ring"}]}
    )
    assert Lead.objects.get().title == ""


@pytest.mark.parametrize("path", ["leads/batch/", "activities/batch/"])
@pytest.mark.parametrize("rows", [[], {}, "x", None, [{}] * 1001])
def test_a_batch_that_is_none_is_refused_as_a_whole(path: str, rows: object) -> None:
    name = path.split("/")[0]
    assert name in error(Caller().post(path, {name: rows}), 400)["message"]


def test_a_batch_with_something_beside_its_rows_is_refused() -> None:
    error(Caller().post("leads/batch/", {"leads": [{"name": "R"}], "mode": "fast"}), 400)
    assert not Lead.objects.exists()


def test_activities_that_can_be_used_are_written_and_the_others_named() -> None:
    mine = lead(1)
    items = [
        visit(),
        visit(kind="dance"),
        visit(at="2026-11-22T10:00:00"),
        visit(email="nobody@example.com"),
        visit(at="2100-01-01T00:00:00Z"),
        {"kind": "form", "at": timezone.now().isoformat(), "lead": mine.pk},
        visit(lead=mine.pk),
        {"kind": "form", "at": timezone.now().isoformat(), "external_id": {"system": "crm", "value": "9"}},
        7,
    ]
    told = Caller().post("activities/batch/", {"activities": items}).json()
    assert (told["created"], told["known"]) == (2, 0)
    assert [(problem["index"], problem["where"]) for problem in told["problems"]] == [
        (1, "kind"),
        (2, "at"),
        (3, "lead"),
        (4, "at"),
        (6, ""),
        (7, "lead"),
        (8, ""),
    ]
    assert Activity.objects.count() == 2
    assert ChangedLead.objects.get().lead_id == mine.pk


def test_an_activity_with_a_dedup_key_is_written_once() -> None:
    lead(1)
    caller = Caller()
    first = caller.post("activities/batch/", {"activities": [visit(dedup_key="v1"), visit(dedup_key="v1")]})
    again = caller.post("activities/batch/", {"activities": [visit(dedup_key="v1")]})
    assert (first.json()["created"], first.json()["known"]) == (1, 1)
    assert (again.json()["created"], again.json()["known"]) == (0, 1)


def test_five_hundred_leads_and_a_thousand_activities_take_few_queries() -> None:
    caller = Caller()
    rows = [{"email": f"lead{n}@example.com", "company": {"name": f"Co {n % 50}"}} for n in range(500)]
    with CaptureQueriesContext(connection) as leads:
        done = caller.post("leads/batch/", {"leads": rows}).json()
    assert {row["outcome"] for row in done["results"]} == {"created"}
    items = [visit(email=f"lead{n % 500}@example.com") for n in range(1000)]
    with CaptureQueriesContext(connection) as activities:
        assert caller.post("activities/batch/", {"activities": items}).json()["created"] == 1000
    assert len(leads) <= 40
    assert len(activities) <= 40
