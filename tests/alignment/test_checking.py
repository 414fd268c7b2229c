"""What stands in the way of a proposal, what is only worth a remark, and fields that are gone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alignment.checking import broken_parts, proposal_problems
from alignment.models import Commitment, Criterion, Definition, Version, VersionDimension
from alignment.remarks import order_remark, proposal_remarks
from alignment.spec import NEVER, forget, load
from leads.models import Lead
from rules.errors import RuleError
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db

GONE = {"field": "zodiac.sign", "op": "gte", "value": 44}
MATRIX = {"fit": [60, 40, 20], "engagement": [10, 6, 3], "grades": ["AABB", "ABBC", "BCCD", "CDDD"]}


@pytest.fixture
def draft() -> Version:
    """Can be proposed as it is, by a grade that its one criterion reaches."""
    return make_draft(floor_a=20, floor_b=10, floor_c=5)


def said(draft: Version) -> dict[str, str]:
    found = proposal_problems(Version.objects.get(pk=draft.pk))
    return {problem.where: problem.message for problem in found}


def promise(draft: Version, kind: str, amount: int, grade: str = "") -> None:
    Commitment.objects.create(version=draft, kind=kind, grade=grade, amount=amount)


def test_a_whole_draft_has_no_problems_and_no_remarks(draft: Version) -> None:
    assert said(draft) == {}
    assert proposal_remarks(draft, now=NOW) == []


def test_caps_must_add_up_to_100(draft: Version) -> None:
    VersionDimension.objects.filter(version=draft, dimension="need").update(cap=25)
    assert said(draft) == {
        "caps": "The six dimensions share 100 points; these add up to 105: that is 5 too many."
    }


def test_a_matrix_must_be_whole_and_the_floors_behind_it_dont_matter(draft: Version) -> None:
    Version.objects.filter(pk=draft.pk).update(matrix=MATRIX)
    assert said(draft) == {}
    Version.objects.filter(pk=draft.pk).update(matrix=MATRIX | {"fit": [60, 60, 20], "grades": ["AABB"]})
    assert said(draft) == {
        "matrix_fit[1]": "Must be lower than 60, before it.",
        "matrix_grades": "“grades” takes four rows of four letters, the best fit first.",
    }


def test_promised_grades_fit_into_all_and_pass_the_gate(draft: Version) -> None:
    promise(draft, "leads", 10)
    promise(draft, "leads", 6, "A")
    promise(draft, "leads", 4, "B")
    assert said(draft) == {}
    promise(draft, "leads", 5, "C")
    messages = [problem.message for problem in proposal_problems(draft)]
    assert messages == [
        "Marketing owes 15 a month by grade, but only 10 in all.",
        "Marketing owes sales-ready leads of grade C, which the gate doesn't let through.",
    ]


def test_a_promise_of_nothing_is_none(draft: Version) -> None:
    promise(draft, "acceptance", 0)
    assert said(draft) == {
        "commitments": "“Accepted by sales” promises nothing: give an amount or take it out."
    }


def test_a_field_that_is_gone_is_named_with_its_criterion_and_what_to_do(draft: Version) -> None:
    draft.criteria.update(condition=GONE)
    draft.disqualifiers.update(condition={"all": [GONE]})
    draft.dimensions.filter(dimension="budget").update(met_when=GONE)
    assert said(draft) == {
        "met_when_budget.field": "The condition “met” of Budget can't be read: "
        "There is no field “zodiac.sign”. Choose anew, or take it out.",
        "criterion_always.field": "The criterion “Everybody” can't be read: "
        "There is no field “zodiac.sign”. Choose anew, or take it out.",
        "disqualifier_nobody.all[0].field": "The disqualifier “Nobody” can't be read: "
        "There is no field “zodiac.sign”. Choose anew, or take it out.",
    }


def test_a_grade_that_nobody_can_reach_is_a_remark(draft: Version) -> None:
    Version.objects.filter(pk=draft.pk).update(floor_a=21)
    draft.refresh_from_db()
    assert proposal_remarks(draft, now=NOW) == [
        "No lead reaches the 21 points of grade A: the criteria earn 20 at most."
    ]
    Criterion.objects.create(
        version=draft,
        key="views",
        label="Views",
        dimension="fit",
        points=1,
        activity={"kind": "page_view"},
        per="occurrence",
    )
    assert proposal_remarks(Version.objects.get(pk=draft.pk), now=NOW) == []


def test_a_matrix_in_which_more_brings_less_is_a_remark(draft: Version) -> None:
    draft.matrix = MATRIX | {"grades": ["BABB", "ABBC", "BCCD", "CDDD"]}
    assert proposal_remarks(draft, now=NOW) == [
        "Odd: fit 60 or more with engagement 10 or more gives B, "
        "worse than fit 60 or more with engagement 6 to 9 gives A.",
        "Odd: fit 60 or more with engagement 10 or more gives B, "
        "worse than fit 40 to 59 with engagement 10 or more gives A.",
    ]


def test_a_definition_behind_one_for_all_leads_is_a_remark(draft: Version) -> None:
    make_version(definition=Definition.objects.create(name="All of them"), position=1)
    draft.position = 2
    assert order_remark(draft) == (
        "“All of them” comes before it and judges all leads: this one would judge nobody."
    )


def test_a_definition_for_all_leads_before_others_is_a_remark(draft: Version) -> None:
    make_version(definition=Definition.objects.create(name="Partners"), position=5, scope={"all": []})
    draft.position = 2
    assert "“Partners”, which would come after it" in order_remark(draft)
    draft.scope = {"any": []}
    assert order_remark(draft) == ""


def test_a_scope_for_nobody_is_a_remark_and_no_obstacle(draft: Version) -> None:
    Lead.objects.create(name="Somebody")
    draft.scope = {"field": "company.employees", "op": "gte", "value": 10**6}
    draft.save()
    assert said(draft) == {}
    assert "No lead meets its scope" in proposal_remarks(draft, now=NOW)[0]


# What both sides signed goes on judging


def broken_version(**columns: Any) -> Version:
    """An active version whose criterion, disqualifier, gate and inference ask for a field that is gone."""
    version = make_draft(gate_must_have=GONE, **columns)
    version.criteria.update(condition=GONE)
    version.disqualifiers.update(condition=GONE)
    version.dimensions.filter(dimension="need").update(met_when=GONE, partial_when=GONE)
    Criterion.objects.create(
        version=version, key="kept", label="Kept", dimension="fit", points=7, condition={"all": []}
    )
    Criterion.objects.create(
        version=version, key="fax", label="Fax", dimension="fit", points=7, activity={"kind": "fax"}
    )
    version.status = Version.Status.ACTIVE
    version.save(update_fields=["status"])
    forget()
    return version


def test_what_is_signed_is_read_although_a_field_is_gone() -> None:
    spec = load(broken_version(scope=GONE).pk)
    assert (spec.scope, spec.gate_must_have) == (NEVER, NEVER)
    assert [(each.key, each.condition == NEVER, each.is_broken) for each in spec.criteria] == [
        ("always", True, True),
        ("kept", False, False),
        ("fax", True, True),
    ]
    assert spec.disqualifiers[0].condition == NEVER
    assert spec.dimensions[2].met_when == NEVER
    forget()


def test_a_draft_that_cant_be_read_says_so() -> None:
    draft = make_draft(gate_must_have=GONE)
    with pytest.raises(RuleError, match=r"zodiac\.sign"):
        load(draft.pk)


def test_the_definition_page_says_what_is_gone() -> None:
    version = broken_version()
    assert len(broken_parts(version)) == 6
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    page = client.get(reverse("alignment:definition"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "The criterion “Everybody” can&#x27;t be read" in text
    assert "it holds for no lead" in text
