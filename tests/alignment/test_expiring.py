"""Proposals have a date; so has what they bring; and signers come and go."""

from datetime import timedelta

import pytest

from alignment import services, tasks
from alignment.models import Side, Version
from alignment.services.expiring import expire_due, warn_expiring
from alignment.signatures import boxes
from core.errors import Conflict, Invalid
from core.models import AuditEntry, OutboxMessage
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
Status = Version.Status
DAY = timedelta(days=1)


@pytest.fixture
def marketer() -> User:
    return UserFactory(role=Role.MARKETER)


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


def proposed(by: User, **dates: object) -> Version:
    draft = make_draft(author=by)
    return services.propose(version_id=draft.pk, revision=1, reason="Why not.", by=by, now=NOW, **dates)  # type: ignore[arg-type] # dates alone


def mails(occasion: str) -> int:
    return OutboxMessage.objects.filter(key__contains=f":{occasion}:").count()


# Dates of a proposal


def test_a_proposal_is_open_for_30_days_unless_told_otherwise(marketer: User) -> None:
    assert proposed(marketer).expires_at == NOW + 30 * DAY
    assert proposed(marketer, expires_at=NOW + 2 * DAY).expires_at == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("dates", "where", "message"),
    [
        ({"activate_at": NOW - DAY}, "activate_at", "This moment is past"),
        ({"activate_at": NOW + 400 * DAY}, "activate_at", "more than a year away"),
        ({"expires_at": NOW}, "expires_at", "before anybody has read it"),
        ({"expires_at": NOW + 400 * DAY}, "expires_at", "more than a year away"),
    ],
)
def test_a_date_that_can_not_be_is_refused(
    marketer: User, dates: dict[str, object], where: str, message: str
) -> None:
    with pytest.raises(Invalid) as caught:
        proposed(marketer, **dates)
    assert [(each.where, message in each.message) for each in caught.value.problems] == [(where, True)]


def test_a_reason_that_is_too_long_is_refused(marketer: User) -> None:
    draft = make_draft(author=marketer)
    with pytest.raises(Invalid) as caught:
        services.propose(version_id=draft.pk, revision=1, reason="x" * 2001, by=marketer, now=NOW)
    assert "this has 2,001" in caught.value.problems[0].message


# Expiry


def test_a_proposal_expires_once_and_all_concerned_are_told(
    marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(marketer)
    assert expire_due(now=NOW + 30 * DAY - timedelta(seconds=1)) == 0
    assert expire_due(now=NOW + 30 * DAY) == 1
    assert expire_due(now=NOW + 31 * DAY) == 0
    version.refresh_from_db()
    assert version.status == Status.EXPIRED
    assert mails("expired") == 3
    assert AuditEntry.objects.filter(action="version.expire").count() == 1


def test_whoever_is_concerned_is_warned_once_before(marketer: User, managers: tuple[User, User]) -> None:
    proposed(marketer)
    assert warn_expiring(now=NOW + 26 * DAY) == 0
    for _ in range(2):
        warn_expiring(now=NOW + 28 * DAY)
    assert mails("expires") == 3


def test_a_short_proposal_is_warned_of_in_its_last_quarter(
    marketer: User, managers: tuple[User, User]
) -> None:
    proposed(marketer, expires_at=NOW + 4 * DAY)
    assert warn_expiring(now=NOW + 2 * DAY) == 0
    assert warn_expiring(now=NOW + 3 * DAY) == 1


def test_nothing_can_be_done_to_it_once_its_time_is_up(marketer: User, managers: tuple[User, User]) -> None:
    version, late = proposed(marketer), NOW + 30 * DAY
    with pytest.raises(Conflict, match="has expired"):
        services.sign(version_id=version.pk, by=managers[0], now=late)
    with pytest.raises(Conflict, match="has expired"):
        services.ask_for_changes(version_id=version.pk, text="No.", by=managers[0], now=late)
    with pytest.raises(Conflict, match="has expired"):
        services.withdraw(version_id=version.pk, by=marketer, now=late)
    expire_due(now=late)
    assert services.copy_to_draft(version=version, by=marketer, now=late).based_on == version


def test_what_is_signed_does_not_expire(marketer: User, managers: tuple[User, User]) -> None:
    version = proposed(marketer, activate_at=NOW + 60 * DAY)
    for manager in managers:
        services.sign(version_id=version.pk, by=manager, now=NOW)
    assert expire_due(now=NOW + 90 * DAY) == 0


def test_the_task_closes_what_is_due_by_the_clock(marketer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed(marketer)
    monkeypatch.setattr("alignment.tasks.timezone.now", lambda: NOW + 29 * DAY)
    assert tasks.expire() == 0
    monkeypatch.setattr("alignment.tasks.timezone.now", lambda: NOW + 30 * DAY)
    assert tasks.expire() == 1
    assert mails("expires") == mails("expired") == 1


# Signers who left


def test_the_signature_of_somebody_who_left_stays_with_a_note(
    marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(marketer)
    services.sign(version_id=version.pk, by=managers[0], now=NOW)
    User.objects.filter(pk=managers[0].pk).update(is_active=False)
    marketing = boxes(version)[0]
    assert marketing.signature is not None
    assert marketing.note == "Has left since; the signature stays."
    User.objects.filter(pk=managers[0].pk).update(is_active=True, role=Role.MEDIATOR)
    assert boxes(version)[0].note == "Is mediator now; the signature stays."
    services.sign(version_id=version.pk, by=managers[1], now=NOW)
    version.refresh_from_db()
    assert version.status == Status.SIGNED


def test_a_side_without_anybody_who_can_sign_says_so_and_what_to_do(
    marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(marketer)
    User.objects.filter(pk=managers[1].pk).update(is_active=False)
    sales = boxes(version)[1]
    assert (sales.side, sales.is_stuck) == (Side.SALES, True)
    assert sales.who == "Nobody can sign for sales: an admin makes somebody sales manager"


def test_who_signed_for_the_other_side_before_is_not_waited_for(
    marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(marketer)
    services.sign(version_id=version.pk, by=managers[0], now=NOW)
    User.objects.filter(pk=managers[1].pk).delete()
    User.objects.filter(pk=managers[0].pk).update(role=Role.SALES_MANAGER)
    assert boxes(version)[1].is_stuck


def test_several_who_can_sign_are_named_in_a_line() -> None:
    for name in ("Ann", "Ben", "Cid", "Dora"):
        UserFactory(role=Role.SALES_MANAGER, name=name)
    assert boxes(make_version(Status.PROPOSED))[1].who == "Ann, Ben, Cid or others"
