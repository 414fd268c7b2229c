"""What the form of each part of a draft takes and refuses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from alignment.models import Version
from leads.models import Lead
from tests.alignment.factories import ALWAYS, make_version
from tests.alignment.part_forms import address, again, post, told


def test_the_floors_of_the_grades_are_saved(client: Client, draft: Version) -> None:
    response = post(client, draft, "grades", floor_a="80")
    assert response.headers["Location"] == reverse("alignment:edit", args=[draft.pk]) + "?at=grades#grades"
    assert again(draft).floor_a == 80


def test_switching_to_the_matrix_keeps_the_bands_and_back_again(client: Client, draft: Version) -> None:
    post(client, draft, "grades", kind="matrix", floor_a="81", cell_0_0="B", fit_0="70")
    saved = again(draft)
    assert saved.matrix is not None
    assert saved.matrix["fit"] == [70, 40, 20]
    assert saved.matrix["grades"][0] == "BABB"
    assert saved.floor_a == 81
    post(client, draft, "grades", kind="bands")
    assert (again(draft).matrix, again(draft).floor_a) == (None, 81)


def test_only_what_holds_is_asked_to_be_right(client: Client, draft: Version) -> None:
    post(client, draft, "grades", kind="matrix", floor_a="nothing")
    assert again(draft).floor_a == 75
    response = post(client, draft, "grades", kind="matrix", fit_1="90")
    assert response.status_code == 422
    assert "Must be lower than 60" in response.content.decode()
    assert post(client, draft, "grades", kind="bands", fit_1="90").status_code == 302


def test_caps_need_not_add_up_to_100_in_a_draft(client: Client, draft: Version) -> None:
    post(client, draft, "caps", cap_budget="31")
    assert again(draft).dimensions.get(dimension="budget").cap == 31


def test_the_bars_follow_what_is_typed(client: Client, draft: Version) -> None:
    caps = reverse("alignment:caps_bar", args=[draft.pk])
    typed = {f"cap_{row.dimension}": row.cap for row in draft.dimensions.all()}
    assert "share exactly 100" in client.get(caps, typed).content.decode()
    assert "add up to 85" in client.get(caps, typed | {"cap_budget": "n/a"}).content.decode()
    bands = reverse("alignment:bands_bar", args=[draft.pk])
    floors = {"kind": "bands", "floor_a": "80", "floor_b": "60", "floor_c": "45"}
    assert "60 to 79" in client.get(bands, floors).content.decode()
    assert "45 to 59" in client.get(bands, floors).content.decode()
    wrong = client.get(bands, floors | {"floor_b": "80"}).content.decode()
    assert "B must begin below A, which begins at 80." in wrong


def test_a_must_have_is_built_from_rows(client: Client, draft: Version) -> None:
    rows = {
        "gate_gate_must_have-match": "all",
        "gate_gate_must_have-0-field": "company.employees",
        "gate_gate_must_have-0-op": "gte",
        "gate_gate_must_have-0-value": "200",
    }
    assert post(client, draft, "gate", **rows).status_code == 302
    employees = {"field": "company.employees", "op": "gte", "value": 200}
    assert again(draft).gate_must_have == {"all": [employees]}


def test_a_button_of_the_builder_saves_nothing_and_keeps_what_was_typed(
    client: Client, draft: Version
) -> None:
    typed = {"gate_grade": "A", "builder-action": "gate_gate_must_have:add:"}
    text = post(client, draft, "gate", **typed).content.decode()
    assert "gate_gate_must_have-0-field" in text
    assert '<option value="A" selected>' in text
    assert again(draft).revision == 1


def test_a_condition_that_is_not_whole_is_told_beside_what_was_typed(client: Client, draft: Version) -> None:
    rows = {
        "disqualifier_condition-match": "all",
        "disqualifier_condition-0-field": "company.employees",
        "disqualifier_condition-0-op": "gte",
        "disqualifier_condition-0-value": "many",
    }
    response = post(client, draft, "disqualifiers", label="Tiny", **rows)
    assert response.status_code == 422
    assert 'value="many"' in response.content.decode()
    assert 'value="Tiny"' in response.content.decode()
    assert draft.disqualifiers.count() == 1


def test_rows_are_added_moved_and_deleted(client: Client, draft: Version) -> None:
    post(client, draft, "reasons", label="Too early", criterion_key="always", suggested_points="-5")
    assert [row.key for row in draft.reasons.all()] == ["no_need", "too_early"]
    move = reverse("alignment:part_move", args=[draft.pk, "reasons"])
    client.post(move, {"key": "too_early", "before": "no_need"})
    assert [row.key for row in draft.reasons.all()] == ["too_early", "no_need"]
    client.post(reverse("alignment:part_remove", args=[draft.pk, "reasons"]), {"key": "no_need"})
    assert [row.key for row in draft.reasons.all()] == ["too_early"]


def test_a_term_is_changed_with_its_ladder(client: Client, draft: Version) -> None:
    ladder = {"percent_0": "50", "manager_0": "on", "percent_2": "150", "owner_2": "on", "takes_2": "on"}
    times = {"response_amount": "30", "response_unit": "minutes", "may_pause": "on"}
    post(client, draft, "terms", "B", **times, **ladder)
    row = draft.terms.get(grade="B")
    assert (row.response_amount, row.response_unit, row.may_pause) == (30, "minutes", True)
    assert [(step["percent"], step["tell"], step.get("takes", False)) for step in row.ladder] == [
        (50, ["owner", "manager"], False),
        (100, ["owner", "manager"], False),
        (150, ["owner"], True),
    ]


def test_an_empty_step_is_none_and_steps_out_of_order_are_told(client: Client, draft: Version) -> None:
    post(client, draft, "terms", "B", percent_0="")
    assert [step["percent"] for step in draft.terms.get(grade="B").ladder] == [100]
    response = post(client, draft, "terms", "A", percent_2="60", owner_2="on")
    assert response.status_code == 422
    assert "must come later than the one before it, at 100 %" in response.content.decode()


def test_sources_that_exist_are_suggested_and_others_are_taken(client: Client, draft: Version) -> None:
    Lead.objects.create(name="Ann", source="Trade fair")
    assert 'value="Trade fair"' in client.get(address(draft, "terms")).content.decode()
    response = post(client, draft, "terms", grade="A", source="Never heard of")
    assert draft.terms.filter(source="Never heard of").exists()
    assert told(response) == [
        "No recent lead has the source “Never heard of”: its term waits for the first.",
        "Another term of follow-up: saved.",
    ]


@pytest.mark.parametrize(
    ("country", "remark"),
    [
        ("FR", ["No lead meets its scope now: it would judge nobody."]),
        ("DE", ["Every lead meets its scope now: definitions after it in the order judge nobody."]),
    ],
)
def test_a_scope_for_nobody_or_everybody_is_saved_and_remarked(
    client: Client, draft: Version, country: str, remark: list[str]
) -> None:
    Lead.objects.create(name="Ann", country="DE")
    rows = {
        "scope_scope-match": "all",
        "scope_scope-0-field": "lead.country",
        "scope_scope-0-op": "in",
        "scope_scope-0-value": country,
    }
    assert told(post(client, draft, "scope", **rows)) == [*remark, "Which leads: saved."]
    propose = reverse("alignment:propose", args=[draft.pk])
    assert remark[0] in client.get(propose).content.decode()


def test_a_scope_for_some_is_saved_without_a_remark(client: Client, draft: Version) -> None:
    Lead.objects.create(name="Ann", country="DE")
    Lead.objects.create(name="Per", country="SE")
    rows = {
        "scope_scope-match": "all",
        "scope_scope-0-field": "lead.country",
        "scope_scope-0-op": "in",
        "scope_scope-0-value": "DE",
    }
    assert told(post(client, draft, "scope", **rows)) == ["Which leads: saved."]


def test_the_order_of_several_definitions_is_shown_and_its_places_are_kept_apart(
    client: Client, draft: Version
) -> None:
    make_version(position=3, scope=ALWAYS)
    text = client.get(address(draft, "scope")).content.decode()
    assert "(this draft)" in text
    response = post(client, draft, "scope", position="3")
    assert response.status_code == 422
    assert "has this place. Take another one." in response.content.decode()


@pytest.mark.parametrize(
    ("scope", "is_shadowed"),
    [(None, True), ({"field": "company.employees", "op": "gte", "value": 1000}, False)],
)
def test_a_draft_after_a_definition_that_judges_all_leads_is_told_to_judge_nobody(
    client: Client, draft: Version, scope: object, is_shadowed: bool
) -> None:
    make_version(position=3, scope=scope)
    Version.objects.filter(pk=draft.pk).update(position=9)
    edit = client.get(reverse("alignment:edit", args=[draft.pk])).content.decode()
    assert ("Judges nobody" in edit) is is_shadowed


def test_commitments_of_both_sides_are_saved_and_taken_back(client: Client, draft: Version) -> None:
    post(client, draft, "commitments", leads_A="20", acceptance="70", feedback="95")
    found = {(row.kind, row.grade): row.amount for row in draft.commitments.all()}
    assert found == {("leads", "A"): 20, ("acceptance", ""): 70, ("feedback", ""): 95}
    post(client, draft, "commitments", leads_A="")
    assert draft.commitments.count() == 2


def test_a_condition_whose_field_is_gone_is_told_and_mended_in_its_form(
    client: Client, draft: Version
) -> None:
    gone = {"field": "lead.shoe_size", "op": "gte", "value": 44}
    draft.disqualifiers.update(condition=gone)
    edit = client.get(reverse("alignment:edit", args=[draft.pk])).content.decode()
    assert "this can no longer be read" in edit
    assert "lead.shoe_size" in client.get(address(draft, "disqualifiers", "nobody")).content.decode()
    rows = {
        "disqualifier_condition-match": "all",
        "disqualifier_condition-0-field": "lead.shoe_size",
        "disqualifier_condition-0-op": "gte",
        "disqualifier_condition-0-value": "44",
    }
    typed = {"label": "Big feet", "seen": ""}
    refused = client.post(address(draft, "disqualifiers", "nobody"), typed | rows)
    assert refused.status_code == 422
    rows |= {"disqualifier_condition-0-field": "company.employees"}
    client.post(address(draft, "disqualifiers", "nobody"), typed | rows)
    assert draft.disqualifiers.get().label == "Big feet"


UGLY = [
    ("caps", "", {"cap_budget": "101"}, "Give a whole number from 0 to 100."),
    ("caps", "", {"cap_budget": "-1"}, "Give a whole number from 0 to 100."),
    ("caps", "", {"cap_budget": "9" * 5_000}, "Give a whole number from 0 to 100."),
    ("grades", "", {"floor_b": "75"}, "B must begin below A, which begins at 75."),
    ("grades", "", {"kind": "luck"}, "Select a valid choice"),
    ("grades", "", {"kind": "matrix", "cell_1_1": "E"}, "Select a valid choice"),
    ("gate", "", {"gate_bant_count": "5"}, "Select a valid choice"),
    ("scope", "", {"position": "0"}, "Give a whole number from 1 to 9,999."),
    ("commitments", "", {"acceptance": "101"}, "Give a whole number from 1 to 100."),
    ("commitments", "", {"leads": "5", "leads_A": "6"}, "The grades add up to 6 a month"),
    ("reasons", "", {"label": "A\0B"}, "Null characters are not allowed."),
    ("reasons", "", {"label": "  "}, "This field is required."),
    ("reasons", "", {"label": "A", "criterion_key": "gone"}, "This criterion is gone."),
    ("reasons", "", {"label": "A", "suggested_points": "5"}, "Choose the criterion whose points these are."),
    ("disqualifiers", "", {"label": "A"}, "Say which leads are never worth a call."),
    ("terms", "", {"grade": "A"}, "There is a term of grade A already."),
    ("terms", "B", {"response_amount": "0"}, "Give a whole number from 1 to 9,999."),
    ("terms", "B", {"response_amount": "5", "response_unit": "days"}, "due before the response"),
    ("terms", "B", {"percent_0": "1e9"}, "Give a whole number from 1 to 500."),
    ("terms", "B", {"owner_0": None}, "Say who is told."),
    ("terms", "B", {"takes_0": "on"}, "Nobody loses a lead before it is due"),
]


@pytest.mark.parametrize(("name", "key", "typed", "message"), UGLY, ids=[f"{e[0]}-{e[3][:20]}" for e in UGLY])
def test_what_can_not_be_stays_with_a_message(
    client: Client, draft: Version, name: str, key: str, typed: dict[str, Any], message: str
) -> None:
    response = post(client, draft, name, key, **typed)
    assert response.status_code == 422
    assert escape(message) in response.content.decode()
    assert again(draft).revision == 1
