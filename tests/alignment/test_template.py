"""The shipped templates install, parses and says what design and issue ask for."""

import pytest

from alignment import services
from alignment.checking import proposal_problems
from alignment.document import file_of
from alignment.models import Definition, Dimension, SlaTerm, Version
from alignment.querysets import active_versions
from alignment.shipped import BANT, CHAMP, EMPTY, FOLDER, MEDDIC, TEMPLATES, Template
from alignment.spec import forget, load
from core.errors import Conflict, Invalid
from core.hooks import hooks
from core.models import AuditEntry
from tests.alignment.moments import NOW
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return services.install_template(by=None, now=NOW)


def test_version_1_is_active_at_once_and_unsigned(version: Version) -> None:
    assert list(active_versions()) == [version]
    assert (version.number, version.signed_at, version.activated_at) == (1, None, NOW)
    assert AuditEntry.objects.get().action == "version.install"


def test_installing_twice_changes_nothing(version: Version) -> None:
    assert services.install_template(by=None, now=NOW) == version
    assert Version.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_as_it_stands_it_says_nothing_new(version: Version) -> None:
    assert [each.message for each in proposal_problems(version)] == [
        "It says the same as version 1, which is active."
    ]


def test_it_has_the_parts_that_were_promised(version: Version) -> None:
    spec = load(version.pk)
    assert [each.cap for each in spec.dimensions] == [15, 15, 20, 15, 20, 15]
    assert 25 <= len(spec.criteria) <= 30
    assert sum(1 for each in spec.criteria if each.activity) >= 5
    assert all(spec.criteria_of(dimension) for dimension in Dimension)
    assert all(each.partial_when for each in spec.dimensions[:4])
    assert (spec.gate_grade, spec.gate_bant_count, spec.gate_bant_level) == ("B", 3, 1)
    assert len(spec.disqualifiers) == 2
    assert version.reasons.count() == 9
    assert version.reasons.get(key="other").needs_text
    assert spec.horizon == 180


def test_its_terms_are_those_of_the_design(version: Version) -> None:
    a, b, c, d = version.terms.all()
    hours, days = SlaTerm.Unit.HOURS, SlaTerm.Unit.DAYS
    assert (a.response_amount, a.response_unit, a.decision_amount, a.decision_unit) == (1, hours, 2, days)
    assert (b.response_amount, b.response_unit, b.decision_amount, b.decision_unit) == (1, days, 5, days)
    assert [each.may_pause for each in (a, b)] == [False, True]
    assert [a.is_handed_over, b.is_handed_over, c.is_handed_over, d.is_handed_over] == [
        True,
        True,
        False,
        False,
    ]


def test_both_sides_promise_something(version: Version) -> None:
    promised = {(each.kind, each.grade): each.amount for each in version.commitments.all()}
    assert promised == {
        ("leads", ""): 40,
        ("leads", "A"): 10,
        ("acceptance", ""): 70,
        ("follow_up", ""): 90,
        ("feedback", ""): 90,
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_a_shipped_file_is_written_as_we_write_files(template: Template) -> None:
    draft = services.start_definition(name="New", document=template.document, by=UserFactory(), now=NOW)
    shipped = (FOLDER / f"{template.key}.yaml").read_text().splitlines()
    written = file_of(Version.objects.get(pk=draft.pk)).replace("name: New", "name: Sales-ready lead")
    unsaid = {"position: 10"} | ({"grades: {A: 75, B: 55, C: 30}"} if template is MEDDIC else set())
    assert [line for line in written.splitlines()[1:] if line not in unsaid] == shipped


@pytest.mark.parametrize("template", TEMPLATES[:-1], ids=lambda each: each.key)
def test_it_could_be_proposed_as_it_is(template: Template) -> None:
    draft = services.start_definition(name="New", document=template.document, by=UserFactory(), now=NOW)
    assert proposal_problems(Version.objects.get(pk=draft.pk)) == ()


@pytest.mark.parametrize("template", TEMPLATES[:-1], ids=lambda each: each.key)
def test_every_dimension_can_earn_its_whole_cap(template: Template) -> None:
    version = services.install_template(by=None, now=NOW, template=template)
    spec = load(version.pk)
    for part in spec.dimensions:
        best = sum((each.cap or each.points) for each in spec.criteria_of(part.dimension) if each.points > 0)
        assert best >= part.cap, part.dimension


@pytest.mark.parametrize("template", TEMPLATES[:-1], ids=lambda each: each.key)
def test_a_reason_names_a_criterion_of_the_template_or_none(template: Template) -> None:
    keys = {each["key"] for each in template.document.criteria}
    named = [each["criterion_key"] for each in template.document.reasons]
    assert all(key in keys for key in named if key)
    assert any(named)


def test_the_empty_template_says_what_is_missing() -> None:
    draft = services.start_definition(name="New", document=EMPTY.document, by=UserFactory(), now=NOW)
    found = {problem.where: problem.message for problem in proposal_problems(draft)}
    assert list(found) == ["caps", "criteria", "terms", "reasons"]
    with pytest.raises(Invalid, match="nothing to judge by"):
        services.install_template(by=None, now=NOW, template=EMPTY)


def test_a_second_definition_never_comes_into_force_unsigned(version: Version) -> None:
    Definition.objects.update(name="Leads")
    with pytest.raises(Conflict, match="in force already"):
        services.install_template(by=None, now=NOW, template=CHAMP)
    assert Definition.objects.count() == 1


def test_a_draft_of_the_same_name_is_not_taken_for_the_installed_version() -> None:
    services.start_definition(name="Sales-ready lead", document=BANT.document, by=UserFactory(), now=NOW)
    with pytest.raises(Conflict, match="There is a draft"):
        services.install_template(by=None, now=NOW)


def test_reading_it_takes_four_queries_and_none_the_second_time(
    version: Version, django_assert_num_queries: object, django_capture_on_commit_callbacks: object
) -> None:
    forget()
    with django_assert_num_queries(4), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator] # fixtures of pytest-django
        first = load(version.pk)
    with django_assert_num_queries(0):  # type: ignore[operator] # as above
        assert load(version.pk) is first
    forget()


def test_what_a_rolled_back_transaction_read_is_not_kept(version: Version) -> None:
    forget()
    assert load(version.pk) is not load(version.pk)


def test_others_hear_of_it_after_the_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(hooks, "agreement_changed", [lambda: heard.append(Version.objects.count())])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator] # a fixture of pytest-django
        services.install_template(by=None, now=NOW)
        assert heard == []
    assert heard == [1]
