"""The parts of a draft besides its criteria: what they may say, and how they are saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from alignment.document import document_of
from alignment.models import Commitment, Dimension, Version
from alignment.parts import (
    CapValues,
    CommitmentValues,
    DisqualifierValues,
    GateValues,
    GradeValues,
    InferenceValues,
    ReasonValues,
    Rung,
    ScopeValues,
    TermValues,
)
from alignment.parts.words import told_apart
from alignment.services import editing
from alignment.services.editing import PartGone, parts, parts_lists
from alignment.services.editing.parts import digest_of
from alignment.services.locking import StaleEdit
from core.errors import Conflict, Invalid
from tests.alignment.factories import ALWAYS, NEVER, make_draft, make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
MATRIX = {"fit": [60, 40, 20], "engagement": [10, 6, 3], "grades": ["AABB", "ABBC", "BCCD", "CDDD"]}
BANDS = GradeValues(floor_a=80, floor_b=55, floor_c=30)
GATE = GateValues(gate_grade="A", gate_bant_count=4, gate_bant_level=2, gate_must_have=ALWAYS)
LADDER = (Rung(50, ("owner",)), Rung(100, ("owner", "manager")), Rung(150, ("manager",), takes=True))
WEBINAR = TermValues(
    grade="A",
    source="Webinar",
    response_amount=30,
    response_unit="minutes",
    may_pause=True,
    ladder=LADDER,
)
GROUP = {"all": [{"field": "company.employees", "op": "gte", "value": 200}]}


@pytest.fixture
def draft() -> Version:
    return make_draft()


@pytest.fixture
def by() -> User:
    return UserFactory(role=Role.MARKETER)


def call(service: Callable[..., Any], draft: Version, by: User, **more: Any) -> Any:
    """One edit, by somebody who doesn't say what was seen unless told."""
    seen = {} if "before" in more else {"seen": None}
    return service(version_id=draft.pk, by=by, now=NOW, **(seen | more))


def again(draft: Version) -> Version:
    return Version.objects.get(pk=draft.pk)


def steps(draft: Version) -> list[str]:
    return [step.what for step in draft.edits.order_by("revision")]


EDITS: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (parts.set_caps, {"values": CapValues({"budget": 25, "need": 20})}, "Caps: Budget 15 → 25"),
    (parts.set_grades, {"values": BANDS}, "A begins at 75 → 80"),
    (
        parts.set_grades,
        {"values": replace(BANDS, matrix=MATRIX)},
        "Grades by fit and engagement instead of bands",
    ),
    (parts.set_gate, {"values": GATE}, "What sales-ready needs"),
    (parts.set_scope, {"values": ScopeValues(scope=GROUP, position=1)}, "Which leads it judges"),
    (parts.set_scope, {"values": ScopeValues(scope=None, position=7)}, "Place in the order: 1 → 7"),
    (
        parts.set_inference,
        {"dimension": "budget", "values": InferenceValues(partial_when=GROUP, met_when=None)},
        "What facts say of budget",
    ),
    (
        parts.set_commitments,
        {"values": CommitmentValues({"leads_A": 20, "follow_up": 90})},
        "Commitments: sales-ready leads of grade A, followed up in time",
    ),
    (
        parts_lists.put_disqualifier,
        {"key": None, "values": DisqualifierValues(label=" Students ", condition=NEVER)},
        "Added the disqualifier “Students”",
    ),
    (
        parts_lists.put_disqualifier,
        {"key": "nobody", "values": DisqualifierValues(label="Nobody at all", condition=NEVER)},
        "Changed the disqualifier “Nobody at all”",
    ),
    (
        parts_lists.put_reason,
        {"key": None, "values": ReasonValues(label="Too early", criterion_key="always", suggested_points=-5)},
        "Added the reason “Too early”",
    ),
    (parts_lists.put_term, {"key": None, "values": WEBINAR}, "Added the term of grade A from Webinar"),
    (
        parts_lists.put_term,
        {"key": "B", "values": replace(WEBINAR, grade="B", source="")},
        "Changed the term of grade B",
    ),
    (parts_lists.remove_disqualifier, {"key": "nobody"}, "Deleted the disqualifier “Nobody”"),
    (parts_lists.remove_reason, {"key": "no_need"}, "Deleted the reason “No need”"),
    (parts_lists.remove_term, {"key": "D"}, "Deleted the term of grade D"),
]


@pytest.mark.parametrize(("service", "asked", "what"), EDITS, ids=[each[2] for each in EDITS])
def test_an_edit_is_named_in_words_and_undo_takes_it_back(
    draft: Version, by: User, service: Callable[..., Any], asked: dict[str, Any], what: str
) -> None:
    before = document_of(again(draft))
    call(service, draft, by, **asked)
    assert steps(draft) == [what]
    assert document_of(again(draft)) != before
    editing.undo(version_id=draft.pk, revision=2, by=by, now=NOW)
    assert document_of(again(draft)) == before


@pytest.mark.parametrize(
    ("service", "asked"), [(service, asked) for service, asked, _ in EDITS[:8]], ids=[e[2] for e in EDITS[:8]]
)
def test_the_same_edit_twice_is_one(
    draft: Version, by: User, service: Callable[..., Any], asked: dict[str, Any]
) -> None:
    call(service, draft, by, **asked)
    call(service, draft, by, **asked)
    assert draft.edits.count() == 1


@pytest.mark.parametrize(
    ("service", "asked"), [(service, asked) for service, asked, _ in EDITS], ids=[e[2] for e in EDITS]
)
def test_what_is_no_draft_any_more_is_left_alone(
    by: User, service: Callable[..., Any], asked: dict[str, Any]
) -> None:
    with pytest.raises(Conflict, match="can't be changed any more"):
        call(service, make_version(), by, **asked)


WRONG: list[tuple[Any, str, str]] = [
    (CapValues({"budget": 101}), "cap_budget", "from 0 to 100"),
    (CapValues({"budget": -1}), "cap_budget", "from 0 to 100"),
    (CapValues({"luck": 5}), "cap_luck", "no such dimension"),
    (replace(BANDS, floor_b=80), "floor_b", "B must begin below A, which begins at 80"),
    (replace(BANDS, floor_c=60), "floor_c", "C must begin below B, which begins at 55"),
    (replace(BANDS, floor_a=10**30), "floor_a", "from 1 to 100"),
    (replace(BANDS, matrix=MATRIX | {"fit": [60, 60, 20]}), "fit[1]", "lower than 60"),
    (replace(BANDS, matrix=MATRIX | {"grades": ["AAAE", "A", "B", "C"]}), "grades[0]", "A to D"),
    (replace(BANDS, matrix={"fit": []}), "fit", "three numbers"),
    (replace(GATE, gate_bant_count=5), "gate_bant_count", "from 0 to 4"),
    (replace(GATE, gate_grade="E"), "gate_grade", "from A to D"),
    (replace(GATE, gate_bant_level=0), "gate_bant_level", "partly met or met"),
    (replace(GATE, gate_must_have={"field": "lead.luck"}), "gate_must_have.", ""),
    (ScopeValues(scope=None, position=0), "position", "from 1 to 9,999"),
    (ScopeValues(scope={"all": [{}]}, position=1), "scope.all[0]", ""),
    (InferenceValues(partial_when=None, met_when=[]), "met_when", ""),
    (CommitmentValues({"acceptance": 101}), "acceptance", "from 1 to 100"),
    (CommitmentValues({"leads": -4}), "leads", "from 1 to 1,000,000"),
    (CommitmentValues({"leads": 10, "leads_A": 8, "leads_B": 3}), "leads", "add up to 11 a month"),
    (CommitmentValues({"applause": 10}), "applause", "Neither side can owe this"),
    (DisqualifierValues(label=" ", condition=ALWAYS), "label", "Give it a name"),
    (DisqualifierValues(label="A\0", condition=ALWAYS), "label", "letters"),
    (DisqualifierValues(label="A" * 161, condition=ALWAYS), "label", "At most 160"),
    (DisqualifierValues(label="A", condition=None), "condition", "never worth a call"),
    (ReasonValues(label="A", dimension="luck"), "dimension", "six dimensions"),
    (ReasonValues(label="A", suggested_points=5), "criterion_key", "whose points"),
    (ReasonValues(label="A", criterion_key="a", suggested_points=101), "suggested_points", "to 100"),
    (ReasonValues(label="A", suggestion="x" * 201), "suggestion", "At most 200"),
    (replace(WEBINAR, grade="E"), "grade", "from A to D"),
    (replace(WEBINAR, may_pause="maybe"), "may_pause", "yes or no"),  # type: ignore[arg-type] # typed by nobody
    (replace(WEBINAR, source="x" * 121), "source", "At most 120"),
    (replace(WEBINAR, response_amount=0), "response_amount", "from 1 to 9,999"),
    (replace(WEBINAR, decision_amount=100), "decision_amount", "from 1 to 99"),
    (replace(WEBINAR, response_unit="weeks"), "response_unit", "minutes, hours or days"),
    (
        replace(WEBINAR, response_amount=3, response_unit="days"),
        "decision_amount",
        "due before the response",
    ),
    (replace(WEBINAR, ladder=(Rung(100, ("owner",)), Rung(75, ("owner",)))), "percent_1", "later than"),
    (replace(WEBINAR, ladder=(Rung(75, ("owner",)), Rung(75, ("owner",)))), "percent_1", "later than"),
    (replace(WEBINAR, ladder=(Rung(501, ("owner",)),)), "percent_0", "from 1 to 500"),
    (replace(WEBINAR, ladder=(Rung(75, ()),)), "tell_0", "who is told"),
    (replace(WEBINAR, ladder=(Rung(75, ("president",)),)), "tell_0", "who is told"),
    (replace(WEBINAR, ladder=(Rung(99, ("owner",), takes=True),)), "takes_0", "before it is due, at 100 %"),
    (replace(WEBINAR, ladder=tuple(Rung(n, ("owner",)) for n in range(1, 11))), "ladder", "At most 8"),
]


@pytest.mark.parametrize(("values", "where", "message"), WRONG, ids=[each[1] for each in WRONG])
def test_what_can_not_be_is_said_at_its_place(values: Any, where: str, message: str) -> None:
    found = list(values.problems())
    assert any(each.where.startswith(where) and message in each.message for each in found), found


def test_nothing_is_saved_of_a_part_with_a_wrong_value(draft: Version, by: User) -> None:
    with pytest.raises(Invalid) as error:
        call(parts.set_caps, draft, by, values=CapValues({"budget": 20, "need": 101}))
    assert [problem.where for problem in error.value.problems] == ["cap_need"]
    assert again(draft).dimensions.get(dimension="budget").cap == 15


def test_times_of_a_grade_that_is_nurtured_are_not_asked() -> None:
    assert not list(replace(WEBINAR, is_handed_over=False, response_amount=0).problems())


def test_edits_of_different_parts_merge_and_of_the_same_part_are_told(draft: Version, by: User) -> None:
    caps, gate = digest_of(CapValues.of(draft)), digest_of(GateValues.of(draft))
    call(parts.set_caps, draft, by, values=CapValues({"budget": 20}), seen=caps)
    call(parts.set_gate, draft, by, values=GATE, seen=gate)
    with pytest.raises(StaleEdit, match="Somebody changed the caps") as stale:
        call(parts.set_caps, draft, by, values=CapValues({"budget": 22}), seen=caps)
    assert stale.value.part["points"]["budget"] == 20
    assert (again(draft).dimensions.get(dimension="budget").cap, again(draft).gate_grade) == (20, "A")


def test_a_row_that_was_changed_or_deleted_meanwhile_is_told(draft: Version, by: User) -> None:
    seen = digest_of(ReasonValues.of(draft.reasons.get()))
    call(parts_lists.put_reason, draft, by, key="no_need", values=ReasonValues(label="No plan"), seen=seen)
    with pytest.raises(StaleEdit, match="the reason “No plan”"):
        call(parts_lists.put_reason, draft, by, key="no_need", values=ReasonValues(label="Mine"), seen=seen)
    call(parts_lists.remove_reason, draft, by, key="no_need")
    for service in (parts_lists.remove_reason, parts_lists.put_reason):
        more = {"values": ReasonValues(label="Mine")} if service is parts_lists.put_reason else {}
        with pytest.raises(PartGone):
            call(service, draft, by, key="no_need", **more)


def test_two_texts_are_held_side_by_side_where_they_differ() -> None:
    mine, theirs = ReasonValues(label="Too early", suggestion="Wait"), ReasonValues(label="Too early")
    assert told_apart(mine, theirs) == [("Suggestion", "Wait", "nothing")]
    assert told_apart(GATE, replace(GATE, gate_must_have=None)) == [("Must-have", "Always", "nothing")]
    assert ("leads", "9", "8") not in told_apart(
        CommitmentValues({"leads": 9}), CommitmentValues({"leads": 9})
    )


@pytest.mark.parametrize(
    ("key", "before", "order"),
    [
        ("c", "a", ["c", "a", "b"]),
        ("a", None, ["b", "c", "a"]),
        ("a", "c", ["b", "a", "c"]),
        ("b", "b", ["a", "b", "c"]),
    ],
)
def test_rows_are_put_before_one_another_or_at_the_end(
    draft: Version, by: User, key: str, before: str | None, order: list[str]
) -> None:
    draft.disqualifiers.all().delete()
    for label in "abc":
        values = DisqualifierValues(label=label, condition=NEVER)
        call(parts_lists.put_disqualifier, draft, by, key=None, values=values)
    call(parts_lists.move_disqualifier, draft, by, key=key, before=before)
    assert [row.key for row in draft.disqualifiers.all()] == order


def test_a_row_can_not_be_put_before_one_that_is_gone(draft: Version, by: User) -> None:
    with pytest.raises(Conflict, match="changed this list meanwhile"):
        call(parts_lists.move_reason, draft, by, key="no_need", before="gone")


def test_a_grade_and_source_have_one_term_however_they_are_written(draft: Version, by: User) -> None:
    call(parts_lists.put_term, draft, by, key=None, values=WEBINAR)
    with pytest.raises(Invalid, match="a term of grade A from “WEBINAR” already"):
        call(parts_lists.put_term, draft, by, key=None, values=replace(WEBINAR, source="WEBINAR"))
    with pytest.raises(Invalid, match="a term of grade A already"):
        call(parts_lists.put_term, draft, by, key="B", values=replace(WEBINAR, source=""))


def test_steps_of_a_ladder_have_names_of_their_own(draft: Version, by: User) -> None:
    row = call(parts_lists.put_term, draft, by, key=None, values=WEBINAR)
    assert [step["step"] for step in row.ladder] == ["at_risk", "breached", "after_150"]
    assert TermValues.of(row) == WEBINAR


def test_a_reason_names_a_criterion_of_the_draft(draft: Version, by: User) -> None:
    values = ReasonValues(label="Wrong", criterion_key="deleted")
    with pytest.raises(Invalid, match="This criterion is gone"):
        call(parts_lists.put_reason, draft, by, key=None, values=values)


def test_a_place_in_the_order_belongs_to_one_definition(draft: Version, by: User) -> None:
    other = make_version(position=4)
    with pytest.raises(Invalid, match=f"“{other.definition.name}” has this place"):
        call(parts.set_scope, draft, by, values=ScopeValues(scope=None, position=4))
    call(parts.set_scope, draft, by, values=ScopeValues(scope=None, position=3))
    assert again(draft).position == 3


def test_facts_speak_of_bant_alone(draft: Version, by: User) -> None:
    values = InferenceValues(partial_when=None, met_when=None)
    with pytest.raises(Invalid, match="budget, authority, need and timeframe only"):
        call(parts.set_inference, draft, by, dimension="fit", values=values)


def test_a_dimension_the_draft_did_not_speak_of_begins_at_no_points(draft: Version, by: User) -> None:
    draft.dimensions.filter(dimension=Dimension.NEED).delete()
    values = InferenceValues(partial_when=ALWAYS, met_when=None)
    call(parts.set_inference, draft, by, dimension="need", values=values)
    assert draft.dimensions.get(dimension=Dimension.NEED).cap == 0


def test_commitments_are_replaced_as_a_whole(draft: Version, by: User) -> None:
    call(parts.set_commitments, draft, by, values=CommitmentValues({"leads": 40, "acceptance": 70}))
    call(parts.set_commitments, draft, by, values=CommitmentValues({"leads": 50}))
    assert [(row.kind, row.grade, row.amount) for row in Commitment.objects.all()] == [("leads", "", 50)]
