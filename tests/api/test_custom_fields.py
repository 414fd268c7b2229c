"""Custom fields by the API: written, read, filtered by, and refused where they don't fit."""

from typing import Any

import pytest

from leads import services
from leads.facts import LeadFacts
from leads.models import Lead
from tests.api.asking import Caller, error, where
from tests.leads.custom import NOW, make_all
from users.models import Role

pytestmark = pytest.mark.django_db
GIVEN = {
    "seats": 12,
    "need_in_words": "Größere Lager",
    "renewal": "2026-12-01",
    "opted_in": False,
    "plan": "gold",
}


def test_a_program_writes_and_reads_them() -> None:
    make_all()
    caller = Caller()
    made = caller.post("leads/", {"email": "r@a.test", "attributes": GIVEN})
    assert made.status_code == 201, made.content
    assert made.json()["attributes"] == GIVEN | {"plan": "Gold"}
    assert caller.post("leads/", {"email": "r@a.test", "attributes": GIVEN}).status_code == 200
    pk = made.json()["id"]
    read = caller.get(f"leads/{pk}/", fields="attribute.seats,attribute.renewal").json()
    assert read["fields"] == {"attribute.seats": 12, "attribute.renewal": "2026-12-01"}
    found = caller.get("leads/", **{"attribute.need_in_words": "lager", "attribute.seats.gte": "12"}).json()
    assert [row["id"] for row in found["results"]] == [pk]


def test_null_clears_in_a_change_and_says_nothing_in_an_upsert() -> None:
    make_all()
    caller = Caller()
    pk = caller.post("leads/", {"email": "r@a.test", "attributes": GIVEN}).json()["id"]
    same = caller.post("leads/", {"email": "r@a.test", "attributes": {"seats": None}}).json()
    assert same["attributes"]["seats"] == 12
    changed = caller.patch(f"leads/{pk}/", {"attributes": {"seats": None, "plan": "Silver"}}).json()
    assert "seats" not in changed["attributes"]
    assert changed["attributes"]["plan"] == "Silver"


@pytest.mark.parametrize(
    ("slug", "value", "message"),
    [
        ("seats", "12", "is no number"),
        ("seats", {"$gt": 1}, "is no number"),
        ("renewal", "2026-02-31", "is no date"),
        ("opted_in", "yes", "is neither true nor false"),
        ("plan", "Tin", "there are: Gold, Silver"),
        ("seat", 1, "is no custom field, but “seats” is one"),
        ("seats') OR 1=1 --", 1, "is no custom field"),
        ("__class__", 1, "is no custom field"),
        ("x" * 10_000, 1, "is no custom field"),
    ],
)
def test_what_doesnt_fit_is_refused_and_named(slug: str, value: Any, message: str) -> None:
    make_all()
    caller = Caller()
    body = {"email": "r@a.test", "attributes": {slug: value}}
    refused = error(caller.post("leads/", body), 400)
    assert message in refused["message"]
    assert refused["problems"][0]["where"] == f"attributes.{slug[:60]}"
    row = caller.post("leads/batch/", {"leads": [body, {"email": "t@a.test"}]}).json()["results"]
    assert [each["outcome"] for each in row] == ["left_out", "created"]
    assert message in row[0]["problems"][0]["message"]
    lead = services.create_lead(facts=LeadFacts(name="Rita"), by=None, now=NOW)
    assert where(caller.patch(f"leads/{lead.pk}/", {"attributes": {slug: value}})) == {
        f"attributes.{slug[:60]}"
    }
    assert not Lead.objects.exclude(attributes={}).exists()


@pytest.mark.parametrize("wrong", [None, [], "seats", 3])
def test_anything_but_an_object_is_refused(wrong: Any) -> None:
    assert "attributes" in where(Caller().post("leads/", {"email": "r@a.test", "attributes": wrong}))


def test_a_retired_field_is_neither_shown_nor_taken() -> None:
    rows = make_all()
    caller = Caller()
    pk = caller.post("leads/", {"email": "r@a.test", "attributes": GIVEN}).json()["id"]
    services.retire_field(field=rows["seats"], by=None, now=NOW)
    assert "seats" not in caller.get(f"leads/{pk}/").json()["attributes"]
    assert where(caller.patch(f"leads/{pk}/", {"attributes": {"seats": 1}})) == {"attributes.seats"}
    assert where(caller.get("leads/", **{"attribute.seats.gte": "1"})) == {"attribute.seats.gte"}
    assert Lead.objects.get().attributes["seats"] == 12


@pytest.mark.parametrize("role", [Role.REP, Role.EXECUTIVE, Role.MEDIATOR])
def test_who_may_not_upsert_may_not_by_custom_fields(role: Role) -> None:
    make_all()
    error(Caller(role=role).post("leads/", {"email": "r@a.test", "attributes": GIVEN}), 403)
