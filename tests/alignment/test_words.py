"""A version and its differences read as sentences."""

import pytest

from alignment import services, words
from alignment.diff import Kind, diff
from alignment.models import Commitment, Criterion, SlaTerm, Version
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
    term.may_pause = True
    said = "Response in 1 working hour, decision in 2 working days; may be paused with a reason"
    assert words.term_in_words(term) == said
    assert words.term_in_words(SlaTerm(is_handed_over=False)) == "Goes to nurture"


def test_a_copy_says_the_same() -> None:
    active = make_version()
    assert diff(active, make_draft(active.definition)) == ()


def test_changed_numbers_are_told_before_and_after() -> None:
    active, by = make_version(), UserFactory(role=Role.MARKETER)
    draft = services.copy_to_draft(version=active, by=by, now=NOW)
    Version.objects.filter(pk=draft.pk).update(floor_a=80, gate_bant_count=2)
    draft.dimensions.filter(dimension="need").update(cap=25)
    draft.criteria.update(points=12)
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


MATRIX = {"fit": [60, 40, 20], "engagement": [10, 6, 3], "grades": ["AABB", "ABBC", "BCCD", "CDDD"]}


def test_a_matrix_takes_the_place_of_the_bands() -> None:
    active = make_version()
    draft = make_draft(active.definition, matrix=MATRIX, floor_a=90)
    assert [str(change) for change in diff(active, draft)] == [
        "Grades go by: the total → fit and engagement",
        "new: Parts of fit begin at: 60, 40, 20 points",
        "new: Parts of engagement begin at: 10, 6, 3 points",
        "new: Fit 60 or more: A, A, B, B",
        "new: Fit 40 to 59: A, B, B, C",
        "new: Fit 20 to 39: B, C, C, D",
        "new: Fit fewer than 20: C, D, D, D",
    ]
    assert [str(change) for change in diff(draft, active)] == [
        "Grades go by: fit and engagement → the total",
        "new: A begins at: 75 points",
        "new: B begins at: 55 points",
        "new: C begins at: 30 points",
    ]
    assert words.grades_in_words(draft)[1] == ("B", "5 of the 16 cells")


def test_a_changed_cell_is_one_line() -> None:
    active = make_version(matrix=MATRIX)
    draft = make_draft(active.definition, matrix=MATRIX | {"grades": ["AAAB", "ABBC", "BCCD", "CDDD"]})
    assert [str(change) for change in diff(active, draft)] == ["Fit 60 or more, engagement 3 to 5: B → A"]


def test_changed_axes_are_told_with_every_row_that_says_otherwise() -> None:
    active = make_version(matrix=MATRIX)
    changed = MATRIX | {"fit": [50, 40, 20], "grades": ["AAAB", "ABBC", "BCCD", "CDDD"]}
    draft = make_draft(active.definition, matrix=changed)
    assert [str(change) for change in diff(active, draft)] == [
        "Parts of fit begin at: 60, 40, 20 points → 50, 40, 20 points",
        "Row 1 of fit: A, A, B, B → A, A, A, B",
    ]


def test_commitments_suggested_points_and_reminders_are_part_of_the_diff() -> None:
    active = make_version()
    draft = make_draft(active.definition)
    Commitment.objects.create(version=draft, kind="leads", grade="A", amount=10)
    Commitment.objects.create(version=draft, kind="feedback", amount=90)
    draft.reasons.update(suggested_points=-5)
    draft.terms.filter(grade="A").update(
        ladder=[{"step": "half", "percent": 50, "tell": ["owner", "manager"]}]
    )
    assert [str(change) for change in diff(active, draft)] == [
        "No need: “No need”, about need → “No need”, about need, suggests −5",
        "Grade A, reminds: owner at 75 %, owner and manager at 100 % of the time → "
        "owner and manager at 50 % of the time",
        "new: Marketing owes: 10 sales-ready leads of grade A a month",
        "new: Sales owes: 90 % are decided in time",
    ]


def test_nobody_is_reminded_by_an_empty_ladder() -> None:
    assert words.ladder_in_words(SlaTerm(ladder=[])) == "nobody"
