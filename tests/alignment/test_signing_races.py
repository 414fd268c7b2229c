"""Two people sign, object, withdraw or name at the same moment, over two real connections."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alignment import services
from alignment.models import GlossaryEntry, Version
from alignment.services.expiring import expire_due
from alignment.services.glossary import name_term
from alignment.services.locking import StaleEdit
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.alignment.racing import at_once
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rows_can_be_locked(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite holds the whole database for one writer at a time: there is no race to show.")


def signed_by(version: Version, role: Role) -> Callable[[], Any]:
    by = UserFactory(role=role)
    return lambda: services.sign(version_id=version.pk, by=by, now=NOW)


def test_signed_while_it_is_withdrawn_it_ends_as_one_of_both() -> None:
    author = UserFactory(role=Role.MARKETER)
    version = make_version(Version.Status.PROPOSED, author=author)
    services.sign(version_id=version.pk, by=UserFactory(role=Role.MARKETING_MANAGER), now=NOW)
    errors = at_once(
        signed_by(version, Role.SALES_MANAGER),
        lambda: services.withdraw(version_id=version.pk, by=author, now=NOW),
    )
    version.refresh_from_db()
    was_signed = version.status == Version.Status.SIGNED
    assert was_signed == (errors[0] is None)
    # What is signed, only managers can withdraw; the author is told that it was signed meanwhile.
    assert [type(error) for error in errors if error] == [NotAllowed if was_signed else Conflict]
    assert version.signatures.count() == (2 if was_signed else 1)


def test_signed_while_somebody_objects_it_is_not_both() -> None:
    version = make_version(Version.Status.PROPOSED)
    services.sign(version_id=version.pk, by=UserFactory(role=Role.MARKETING_MANAGER), now=NOW)
    rep = UserFactory(role=Role.REP)
    errors = at_once(
        signed_by(version, Role.SALES_MANAGER),
        lambda: services.comment(version_id=version.pk, text="No.", by=rep, now=NOW, is_objection=True),
    )
    assert [type(error) for error in errors if error] == [Conflict]
    version.refresh_from_db()
    assert (version.status == Version.Status.SIGNED) != version.comments.exists()


def test_signed_while_it_expires_it_ends_as_one_of_both() -> None:
    late = NOW + timedelta(days=1)
    version = make_version(Version.Status.PROPOSED, expires_at=late)
    services.sign(version_id=version.pk, by=UserFactory(role=Role.MARKETING_MANAGER), now=NOW)
    errors = at_once(signed_by(version, Role.SALES_MANAGER), lambda: expire_due(now=late))
    version.refresh_from_db()
    expire_due(now=late)  # what a worker left out because it was being signed
    assert (version.status == Version.Status.SIGNED) == (errors[0] is None)


def test_two_workers_expire_a_proposal_once() -> None:
    version = make_version(Version.Status.PROPOSED, expires_at=NOW)
    assert at_once(*(lambda: expire_due(now=NOW) for _ in range(2))) == [None, None]
    assert AuditEntry.objects.filter(action="version.expire", target_id=version.pk).count() == 1


def test_both_sides_start_an_emergency_rollback_and_there_is_one() -> None:
    earlier = make_version(Version.Status.RETIRED, floor_a=80)
    make_version(definition=earlier.definition)
    managers = [UserFactory(role=role) for role in (Role.MARKETING_MANAGER, Role.SALES_MANAGER)]
    errors = at_once(
        *(
            lambda by=by: services.roll_back(
                version_id=earlier.pk, reason="Back.", by=by, now=NOW, is_emergency=True
            )
            for by in managers
        )
    )
    assert [type(error) for error in errors if error] == [Conflict]
    assert Version.objects.filter(kind=Version.Kind.EMERGENCY).count() == 1


def test_two_late_drafts_proposed_at_once_get_two_numbers() -> None:
    author, other = UserFactory.batch(2, role=Role.MARKETER)
    active = make_version(number=9)
    drafts = [make_draft(active.definition, number=each, author=by) for each, by in ((2, author), (3, other))]
    for draft in drafts:
        draft.criteria.update(points=1)
    errors = at_once(
        *(
            lambda draft=draft: services.propose(
                version_id=draft.pk, revision=1, reason="Late.", by=draft.author, now=NOW
            )
            for draft in drafts
        )
    )
    assert errors == [None, None]
    numbers = Version.objects.filter(pk__in=[draft.pk for draft in drafts]).values_list("number", flat=True)
    assert sorted(numbers) == [10, 11]


def test_two_people_name_a_term_at_once_and_the_second_is_told() -> None:
    people = UserFactory.batch(2, role=Role.MARKETER)
    errors = at_once(
        *(
            lambda by=by: name_term(term="lead", name=by.name, meaning="", revision=0, by=by, now=NOW)
            for by in people
        )
    )
    assert [type(error) for error in errors if error] == [StaleEdit]
    assert GlossaryEntry.objects.count() == 1
