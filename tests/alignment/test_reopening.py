"""A settled comment is opened again: by whom it may be, who is told, and what stays on record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alignment import services
from alignment.models import Comment, Version
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry
from feedback.models import Notification
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
Status = Version.Status
VOICES = [role for role in Role if role not in (Role.ADMIN, Role.EXECUTIVE)]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def proposal() -> Version:
    return make_version(Status.PROPOSED, author=UserFactory(role=Role.MARKETER, name="Leila Haddad"))


@pytest.fixture
def rep() -> User:
    return UserFactory(role=Role.REP, name="Robert Keller")


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


def settled(version: Version, by: User, *, is_objection: bool = True) -> Comment:
    said = services.comment(version_id=version.pk, text="No.", by=by, now=NOW, is_objection=is_objection)
    return services.resolve(comment_id=said.pk, text="Fine.", by=by, now=NOW)


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(user=person).values_list("text", flat=True))


def test_an_objection_that_is_opened_again_stands_in_the_way_again(
    proposal: Version, rep: User, managers: tuple[User, User]
) -> None:
    said = settled(proposal, rep)
    services.sign(version_id=proposal.pk, by=managers[0], now=NOW)
    opened = services.reopen(comment_id=said.pk, text="Not fine.", by=rep, now=LATER)
    assert (opened.resolution, opened.resolved_by, opened.resolved_at) == ("", None, None)
    with pytest.raises(Conflict, match="Robert Keller objects"):
        services.sign(version_id=proposal.pk, by=managers[1], now=LATER)
    services.resolve(comment_id=said.pk, by=rep, now=LATER)
    assert services.sign(version_id=proposal.pk, by=managers[1], now=LATER).status == Status.SIGNED


def test_how_it_was_settled_stays_on_record(proposal: Version, rep: User) -> None:
    said = settled(proposal, rep)
    services.reopen(comment_id=said.pk, text="Not fine.", by=rep, now=LATER)
    row = said.reopenings.get()
    assert (row.was, row.was_text, row.was_by, row.was_at) == ("resolved", "Fine.", rep, NOW)
    assert (row.by, row.at, row.text) == (rep, LATER, "Not fine.")
    assert AuditEntry.objects.filter(action="comment.reopened").count() == 1


def test_both_sides_are_told_each_time(proposal: Version, rep: User, managers: tuple[User, User]) -> None:
    said = settled(proposal, rep)
    services.reopen(comment_id=said.pk, by=rep, now=NOW)
    services.resolve(comment_id=said.pk, by=rep, now=NOW)
    services.reopen(comment_id=said.pk, by=rep, now=NOW)
    again = f"Robert Keller opens an objection to version {proposal.number} again"
    for manager in managers:
        assert told(manager).count(again) == 2
    assert again not in told(rep)


@pytest.mark.parametrize("role", VOICES)
def test_a_remark_is_opened_again_by_anybody_with_a_voice(proposal: Version, rep: User, role: Role) -> None:
    said = settled(proposal, rep, is_objection=False)
    assert services.reopen(comment_id=said.pk, by=UserFactory(role=role), now=NOW).resolution == ""


@pytest.mark.parametrize("role", list(Role))
def test_an_objection_is_opened_again_by_its_author_alone(proposal: Version, rep: User, role: Role) -> None:
    said = settled(proposal, rep)
    with pytest.raises(NotAllowed, match="Robert Keller settled this objection"):
        services.reopen(comment_id=said.pk, by=UserFactory(role=role), now=NOW)
    assert services.reopen(comment_id=said.pk, by=rep, now=NOW).resolution == ""


def test_an_overruled_objection_is_opened_again_by_the_mediator_alone(proposal: Version, rep: User) -> None:
    mediator = UserFactory(role=Role.MEDIATOR, name="Miriam")
    said = services.comment(version_id=proposal.pk, text="No.", by=rep, now=NOW, is_objection=True)
    services.overrule(comment_id=said.pk, text="Enough.", by=mediator, now=NOW)
    with pytest.raises(NotAllowed, match="only the mediator"):
        services.reopen(comment_id=said.pk, by=rep, now=NOW)
    services.reopen(comment_id=said.pk, by=mediator, now=NOW)
    assert f"Miriam opens an objection to version {proposal.number} again" in told(rep)


def test_what_is_open_or_too_late_is_not_opened_again(proposal: Version, rep: User) -> None:
    said = settled(proposal, rep)
    services.reopen(comment_id=said.pk, by=rep, now=NOW)
    with pytest.raises(Conflict, match="open already"):
        services.reopen(comment_id=said.pk, by=rep, now=NOW)
    services.resolve(comment_id=said.pk, by=rep, now=NOW)
    Version.objects.filter(pk=proposal.pk).update(status=Status.DECLINED)
    with pytest.raises(Conflict, match="changes nothing any more"):
        services.reopen(comment_id=said.pk, by=rep, now=NOW)
    assert said.reopenings.count() == 1


def test_the_page_offers_it_to_whom_it_belongs_and_tells_what_was(
    client: Client, proposal: Version, rep: User
) -> None:
    said = settled(proposal, rep)
    address, page = (
        reverse("alignment:reopen", args=[said.pk]),
        reverse("alignment:discussion", args=[proposal.pk]),
    )
    client.force_login(UserFactory(role=Role.MARKETER))
    assert address not in client.get(page).content.decode()
    client.force_login(rep)
    assert address in client.get(page).content.decode()
    text = client.post(address, {"text": "Not fine."}, follow=True).content.decode()
    assert "stands again until it is settled" in text
    assert "Opened again by Robert Keller" in text
    assert "Resolved by Robert Keller" in text
    assert address not in text
