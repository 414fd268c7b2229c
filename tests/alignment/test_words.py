"""A version and its differences read as sentences."""

import pytest

from alignment import services, words
from alignment.changes import DraftChanges
from alignment.diff import Kind, diff
from alignment.models import Criterion, SlaTerm, Version
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db


def test_a_criterion_on_activities_says_all_that_bounds_it() -> None:
    row = Criterion(
        activity={"kind": "page_view", "detail": "*pricing*"},
        points=3,
        per=Criterion.Per.OCCURRENCE,
        daily_cap=2,
        cap=9,
        decay={"kind": "half_life", "days": 14},
        dimension="engagement",
    )
    assert words.criterion_in_words(row) == (
        "Page views whose page address contains “pricing”: "
        "each time, at most 2 a day, at most 9 points, halves every 14 days"
    )


def test_a_criterion_whose_field_is_gone_says_so_instead_of_failing() -> None:
    row = Criterion(condition={"field": "lead.shoe_size", "op": "eq", "value": 1}, points=1, dimension="fit")
    assert words.criterion_in_words(row) == words.UNREADABLE


def test_grades_and_gate_read_as_agreed() -> None:
    version = Version(floor_a=70, floor_b=50, floor_c=30)
    assert words.grades_in_words(version)[1] == ("B", "50 to 69 points")
    assert words.gate_in_words(version) == [
        "Grade B or better",
        "3 of the 4 BANT dimensions at least partly met",
    ]
    only_a = Version(gate_grade="A", gate_bant_count=0)
    assert words.gate_in_words(only_a) == ["Grade A"]


def test_a_term_is_in_working_time() -> None:
    term = SlaTerm(response_amount=1, response_unit="hours", decision_amount=2, decision_unit="days")
    assert words.term_in_words(term) == "Response in 1 working hour, decision in 2 working days"
    assert words.term_in_words(SlaTerm(is_handed_over=False)) == "Goes to nurture"


def test_a_copy_says_the_same() -> None:
    active = make_version()
    assert diff(active, make_draft(active.definition)) == ()


def test_changed_numbers_are_told_before_and_after() -> None:
    active, by = make_version(), UserFactory(role=Role.MARKETER)
    draft = services.copy_to_draft(version=active, by=by, now=NOW)
    changes = DraftChanges(
        version={"floor_a": 80, "gate_bant_count": 2}, cap={"need": 25}, points={"always": 12}
    )
    services.edit_draft(version_id=draft.pk, revision=1, changes=changes, by=by, now=NOW)
    assert [f"{change.section}: {change}" for change in diff(active, Version.objects.get(pk=draft.pk))] == [
        "Grades: A begins at: 75 points → 80 points",
        "Gate: Sales-ready needs: 3 of the 4 BANT dimensions at least partly met → "
        "2 of the 4 BANT dimensions at least partly met",
        "Need: At most: 20 points → 25 points",
        "Need: Everybody: +20 → +12",
    ]


def test_what_is_new_gone_renamed_or_off_is_told() -> None:
    active = make_version()
    draft = make_draft(active.definition)
    draft.criteria.update(label="All of them", is_on=False)
    Criterion.objects.create(
        version=draft, key="rfp", label="RFP-driven", dimension="fit", points=-5, condition={"any": []}
    )
    draft.reasons.all().delete()
    draft.terms.filter(grade="A").update(response_amount=4)
    changes = diff(active, draft)
    assert [str(change) for change in changes] == [
        "Name: “Everybody” → “All of them”",
        "All of them: +20 → off (+20)",
        "new: RFP-driven: −5 (never)",
        "gone: No need: “No need”, about need",
        "Grade A: Response in 1 working hour, decision in 2 working days → "
        "Response in 4 working hours, decision in 2 working days",
    ]
    assert [change.kind for change in changes][2:4] == [Kind.NEW, Kind.GONE]
