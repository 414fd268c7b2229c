"""The shipped template installs, parses and says what design and issue ask for."""

import pytest

from alignment import services
from alignment.checking import proposal_problems
from alignment.models import Dimension, SlaTerm, Version
from alignment.querysets import active_versions
from alignment.shipped import BANT
from alignment.spec import forget, load
from core.hooks import hooks
from core.models import AuditEntry
from tests.alignment.moments import NOW

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


def test_it_could_be_proposed_as_it_is(version: Version) -> None:
    assert proposal_problems(version)[0].message.startswith("It says the same")
    Version.objects.filter(pk=version.pk).update(status=Version.Status.RETIRED)
    assert proposal_problems(version) == ()


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
    assert [a.is_handed_over, b.is_handed_over, c.is_handed_over, d.is_handed_over] == [
        True,
        True,
        False,
        False,
    ]


def test_every_dimension_can_earn_its_whole_cap(version: Version) -> None:
    spec = load(version.pk)
    for part in spec.dimensions:
        best = sum((each.cap or each.points) for each in spec.criteria_of(part.dimension) if each.points > 0)
        assert best >= part.cap, part.dimension


def test_a_reason_names_a_criterion_of_the_template_or_none() -> None:
    keys = {each.key for each in BANT.criteria}
    assert all(each.criterion_key in keys for each in BANT.reasons if each.criterion_key)


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
