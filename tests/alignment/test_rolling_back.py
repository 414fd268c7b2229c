"""Back to an earlier version: as a new one with its content, signed by both, or at once in an emergency."""

import pytest
from django.http import Http404

from alignment import services
from alignment.diff import diff
from alignment.models import Version
from alignment.querysets import active_versions, due_for_activation
from core.errors import Conflict, Invalid, NotAllowed
from core.models import AuditEntry, OutboxMessage
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
Status, Kind = Version.Status, Version.Kind


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


@pytest.fixture
def earlier() -> Version:
    """A retired version, after which another came into force."""
    version = make_version(Status.RETIRED, reason="The first.", floor_a=80, activated_at=NOW)
    make_version(definition=version.definition, activated_at=NOW)
    return version


def rolled_back(earlier: Version, by: User, **more: bool) -> Version:
    return services.roll_back(version_id=earlier.pk, reason="It was better.", by=by, now=NOW, **more)


def mails(occasion: str) -> set[str]:
    found = OutboxMessage.objects.filter(key__contains=f":{occasion}:")
    return set(found.values_list("to__role", flat=True))


def test_a_rollback_is_a_new_proposal_that_says_the_same(
    earlier: Version, managers: tuple[User, User]
) -> None:
    by = UserFactory(role=Role.MARKETER)
    version = rolled_back(earlier, by)
    assert (version.kind, version.status, version.number) == (Kind.ROLLBACK, Status.PROPOSED, 3)
    assert (version.based_on, version.author, version.reason) == (earlier, by, "It was better.")
    assert diff(earlier, version) == ()
    assert mails("proposed") == {Role.MARKETING_MANAGER, Role.SALES_MANAGER}


def test_it_is_signed_like_any_other_and_takes_the_place_of_what_is_in_force(
    earlier: Version, managers: tuple[User, User]
) -> None:
    version = rolled_back(earlier, managers[0])
    assert not version.signatures.exists()
    for manager in managers:
        services.sign(version_id=version.pk, by=manager, now=NOW)
    assert list(due_for_activation(NOW)) == [version]
    services.mark_active(version=version, now=NOW)
    assert list(active_versions()) == [version]


def test_an_open_draft_is_no_hindrance(earlier: Version) -> None:
    by = UserFactory(role=Role.MARKETER)
    draft = services.copy_to_draft(version=earlier, by=by, now=NOW)
    assert rolled_back(earlier, by).author == by
    draft.refresh_from_db()
    assert draft.is_editable


@pytest.mark.parametrize("status", [status for status in Status.values if status != Status.RETIRED])
def test_only_what_was_in_force_comes_back(status: str, managers: tuple[User, User]) -> None:
    version = make_version(status)
    with pytest.raises(Conflict, match="only one that was in force"):
        rolled_back(version, managers[0])


def test_what_is_in_force_says_the_same_and_is_no_rollback(managers: tuple[User, User]) -> None:
    earlier = make_version(Status.RETIRED)
    active = make_version(definition=earlier.definition)
    with pytest.raises(Invalid) as caught:
        rolled_back(earlier, managers[0])
    assert f"the same as version {active.number}" in caught.value.problems[0].message


def test_a_version_whose_field_is_gone_can_not_come_back(managers: tuple[User, User]) -> None:
    earlier = make_version(Status.DRAFT, floor_a=80)
    earlier.criteria.update(condition={"field": "lead.shoe_size", "op": "gte", "value": 40})
    Version.objects.filter(pk=earlier.pk).update(status=Status.RETIRED)
    with pytest.raises(Invalid) as caught:
        rolled_back(earlier, managers[0])
    assert caught.value.problems[0].where == "criterion_always.field"
    assert Version.objects.count() == 1


def test_it_needs_a_reason(earlier: Version, managers: tuple[User, User]) -> None:
    for is_emergency in (False, True):
        with pytest.raises(Invalid):
            services.roll_back(
                version_id=earlier.pk, reason=" ", by=managers[0], now=NOW, is_emergency=is_emergency
            )
    assert Version.objects.count() == 2


def test_what_is_gone_is_not_found(managers: tuple[User, User]) -> None:
    with pytest.raises(Http404):
        services.roll_back(version_id=999, reason="Why not.", by=managers[0], now=NOW)


@pytest.mark.parametrize("role", [Role.REP, Role.ADMIN, Role.EXECUTIVE])
def test_who_does_not_draft_proposes_no_rollback(earlier: Version, role: Role) -> None:
    with pytest.raises(NotAllowed):
        rolled_back(earlier, UserFactory(role=role))


# In an emergency


def test_one_manager_starts_it_and_one_of_the_other_side_confirms(
    earlier: Version, managers: tuple[User, User]
) -> None:
    rep, mediator = UserFactory(role=Role.REP), UserFactory(role=Role.MEDIATOR)
    version = rolled_back(earlier, managers[1], is_emergency=True)
    assert (version.kind, [each.by for each in version.signatures.all()]) == (Kind.EMERGENCY, [managers[1]])
    assert mails("emergency") == {Role.MARKETING_MANAGER, Role.MEDIATOR}
    services.comment(version_id=version.pk, text="No!", by=rep, now=NOW, is_objection=True)
    services.sign(version_id=version.pk, by=managers[0], now=NOW)  # past the objection
    assert list(due_for_activation(NOW)) == [version]
    assert mails("rolled-back") == {each.role for each in (*managers, rep, mediator)}
    assert AuditEntry.objects.get(action="version.roll_back").detail["kind"] == "emergency"


def test_nobody_starts_and_confirms_it(earlier: Version, managers: tuple[User, User]) -> None:
    version = rolled_back(earlier, managers[0], is_emergency=True)
    with pytest.raises(Conflict, match="You have signed"):
        services.sign(version_id=version.pk, by=managers[0], now=NOW)
    User.objects.filter(pk=managers[0].pk).update(role=Role.SALES_MANAGER)
    managers[0].refresh_from_db()
    with pytest.raises(Conflict, match="nobody signs for both"):
        services.sign(version_id=version.pk, by=managers[0], now=NOW)


@pytest.mark.parametrize("role", [Role.MARKETER, Role.MEDIATOR, Role.REP])
def test_only_who_signs_starts_it(earlier: Version, role: Role) -> None:
    with pytest.raises(NotAllowed):
        rolled_back(earlier, UserFactory(role=role), is_emergency=True)


def test_one_at_a_time(earlier: Version, managers: tuple[User, User]) -> None:
    version = rolled_back(earlier, managers[0], is_emergency=True)
    with pytest.raises(Conflict, match=f"confirm version {version.number}"):
        rolled_back(earlier, managers[1], is_emergency=True)
    services.withdraw(version_id=version.pk, by=managers[0], now=NOW)
    assert rolled_back(earlier, managers[1], is_emergency=True).number == 4
