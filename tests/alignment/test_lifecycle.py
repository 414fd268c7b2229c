"""A version's way: draft, proposed, signed, active, retired, and the turns off it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from alignment import services
from alignment.access import visible_versions
from alignment.models import Version
from alignment.querysets import active_versions, due_for_activation
from alignment.services.editing import criteria
from core.errors import Conflict, Invalid, NotAllowed
from core.hooks import hooks
from core.models import AuditEntry, OutboxMessage
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
Status = Version.Status


@pytest.fixture
def active() -> Version:
    return make_version()


@pytest.fixture
def marketer() -> User:
    return UserFactory(role=Role.MARKETER)


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


def changed(draft: Version, by: User) -> Version:
    criteria.set_points(version_id=draft.pk, key="always", points=12, seen=None, by=by, now=NOW)
    draft.refresh_from_db()
    return draft


def proposed(active: Version, by: User) -> Version:
    draft = changed(services.copy_to_draft(version=active, by=by, now=NOW), by)
    return services.propose(
        version_id=draft.pk, revision=draft.revision, reason="Fewer points.", by=by, now=NOW
    )


def signed(active: Version, by: User, managers: tuple[User, User]) -> Version:
    version = proposed(active, by)
    for manager in managers:
        version = services.sign(version_id=version.pk, by=manager, now=NOW)
    return version


# Drafts


def test_a_draft_says_what_its_version_says(active: Version, marketer: User) -> None:
    draft = services.copy_to_draft(version=active, by=marketer, now=NOW)
    assert (draft.number, draft.status, draft.based_on) == (2, Status.DRAFT, active)
    for part in ("dimensions", "criteria", "disqualifiers", "reasons", "terms"):
        copies = getattr(draft, part).values()
        rows = getattr(active, part).values()
        drop = {"id": 0, "version_id": 0}
        assert [row | drop for row in copies] == [row | drop for row in rows]


def test_a_second_click_opens_the_same_draft(active: Version, marketer: User) -> None:
    draft = services.copy_to_draft(version=active, by=marketer, now=NOW)
    assert services.copy_to_draft(version=active, by=marketer, now=NOW) == draft


def test_an_open_draft_from_another_version_is_a_conflict(active: Version, marketer: User) -> None:
    services.copy_to_draft(version=active, by=marketer, now=NOW)
    older = make_version(Status.RETIRED, definition=active.definition, number=9)
    with pytest.raises(Conflict, match="open draft, version 2"):
        services.copy_to_draft(version=older, by=marketer, now=NOW)


def test_two_people_have_a_draft_each(active: Version, marketer: User) -> None:
    first = services.copy_to_draft(version=active, by=marketer, now=NOW)
    second = services.copy_to_draft(version=active, by=UserFactory(role=Role.MARKETER), now=NOW)
    assert [first.number, second.number] == [2, 3]


def test_a_discarded_draft_is_gone(active: Version, marketer: User) -> None:
    draft = services.copy_to_draft(version=active, by=marketer, now=NOW)
    services.discard_draft(version_id=draft.pk, revision=1, by=marketer, now=NOW)
    assert list(Version.objects.all()) == [active]
    with pytest.raises(Http404):
        services.discard_draft(version_id=draft.pk, revision=1, by=marketer, now=NOW)


def test_drafts_are_seen_by_those_who_draft(active: Version, people: dict[Role, User]) -> None:
    draft = services.copy_to_draft(version=active, by=people[Role.MARKETER], now=NOW)
    seeing = {role for role, user in people.items() if draft in visible_versions(user)}
    assert seeing == {Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.MEDIATOR}
    assert {role for role, user in people.items() if active in visible_versions(user)} == set(Role) - {
        Role.EXECUTIVE
    }


# Proposals


def test_a_proposal_can_not_be_edited(active: Version, marketer: User) -> None:
    version = proposed(active, marketer)
    assert (version.status, version.reason, version.proposed_at) == (Status.PROPOSED, "Fewer points.", NOW)
    with pytest.raises(Conflict, match="proposed and can't be changed"):
        changed(version, marketer)


@pytest.mark.parametrize(
    ("caps", "is_on", "where"),
    [({"need": 21}, True, "caps"), ({}, False, "criteria"), ({}, True, "")],
)
def test_a_draft_that_is_not_whole_is_not_proposed(
    active: Version, marketer: User, caps: dict[str, int], is_on: bool, where: str
) -> None:
    draft = services.copy_to_draft(version=active, by=marketer, now=NOW)
    draft.criteria.update(is_on=is_on)
    for dimension, cap in caps.items():
        draft.dimensions.filter(dimension=dimension).update(cap=cap)
    with pytest.raises(Invalid) as caught:
        services.propose(
            version_id=draft.pk, revision=draft.revision, reason="Because.", by=marketer, now=NOW
        )
    assert [problem.where for problem in caught.value.problems] == [where]
    draft.refresh_from_db()
    assert draft.is_editable


def test_a_criterion_whose_field_is_gone_stops_the_proposal(active: Version, marketer: User) -> None:
    draft = changed(services.copy_to_draft(version=active, by=marketer, now=NOW), marketer)
    draft.criteria.update(condition={"field": "lead.shoe_size", "op": "gte", "value": 40})
    with pytest.raises(Invalid) as caught:
        services.propose(version_id=draft.pk, revision=2, reason="Because.", by=marketer, now=NOW)
    assert caught.value.problems[0].where == "criterion_always.field"


def test_a_proposal_needs_a_reason(active: Version, marketer: User) -> None:
    draft = changed(services.copy_to_draft(version=active, by=marketer, now=NOW), marketer)
    with pytest.raises(Invalid) as caught:
        services.propose(version_id=draft.pk, revision=2, reason="  ", by=marketer, now=NOW)
    assert [problem.where for problem in caught.value.problems] == ["reason"]


def test_numbers_follow_the_order_of_proposals(active: Version, marketer: User) -> None:
    slow = UserFactory(role=Role.MARKETER)
    first = changed(services.copy_to_draft(version=active, by=slow, now=NOW), slow)
    assert (first.number, proposed(active, marketer).number) == (2, 3)
    later = services.propose(version_id=first.pk, revision=2, reason="Late.", by=slow, now=NOW)
    assert later.number == 4


def test_who_asks_for_changes_says_which_and_closes_the_proposal(
    active: Version, marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(active, marketer)
    with pytest.raises(Invalid):
        services.ask_for_changes(version_id=version.pk, text=" ", by=managers[1], now=NOW)
    with pytest.raises(NotAllowed):
        services.ask_for_changes(version_id=version.pk, text="No.", by=marketer, now=NOW)
    services.ask_for_changes(version_id=version.pk, text="Less is more.", by=managers[1], now=NOW)
    version.refresh_from_db()
    assert version.status == Status.DECLINED
    assert [(each.text, each.asks_for_changes) for each in version.comments.all()] == [
        ("Less is more.", True)
    ]
    assert services.copy_to_draft(version=version, by=marketer, now=NOW).based_on == version


def test_those_who_can_sign_are_told_and_so_is_an_author_who_is_asked_for_changes(
    active: Version, marketer: User, managers: tuple[User, User]
) -> None:
    UserFactory(role=Role.SALES_MANAGER, is_active=False)
    version = proposed(active, marketer)
    told = OutboxMessage.objects.order_by("to")
    assert [message.to for message in told] == list(managers)
    assert f"/definition/versions/{version.pk}/sign/" in told[0].body
    services.ask_for_changes(version_id=version.pk, text="Less is more.", by=managers[1], now=NOW)
    assert "Less is more." in OutboxMessage.objects.get(to=marketer).body
    told = OutboxMessage.objects.filter(body__contains="Less is more.")
    assert {message.to for message in told} == {marketer, managers[0]}


def test_who_was_asked_to_sign_hears_that_it_is_withdrawn(
    active: Version, marketer: User, managers: tuple[User, User]
) -> None:
    version = proposed(active, marketer)
    OutboxMessage.objects.all().delete()
    services.withdraw(version_id=version.pk, by=managers[1], now=NOW)
    told = OutboxMessage.objects.all()
    assert {message.to for message in told} == {marketer, managers[0]}
    assert f"{managers[1]} withdrew version {version.number}" in told[0].subject


def test_author_and_managers_withdraw_a_proposal(active: Version, marketer: User) -> None:
    version = proposed(active, marketer)
    with pytest.raises(NotAllowed):
        services.withdraw(version_id=version.pk, by=UserFactory(role=Role.MARKETER), now=NOW)
    assert services.withdraw(version_id=version.pk, by=marketer, now=NOW).status == Status.WITHDRAWN
    with pytest.raises(Conflict, match="withdrawn"):
        services.withdraw(version_id=version.pk, by=marketer, now=NOW)


def test_managers_withdraw_what_is_signed_and_not_yet_in_force(
    active: Version, marketer: User, managers: tuple[User, User]
) -> None:
    version = signed(active, marketer, managers)
    with pytest.raises(NotAllowed, match="manager"):
        services.withdraw(version_id=version.pk, by=marketer, now=NOW)
    OutboxMessage.objects.all().delete()
    withdrawn = services.withdraw(version_id=version.pk, by=managers[1], now=NOW)
    assert withdrawn.status == Status.WITHDRAWN
    assert {each.by for each in withdrawn.signatures.all()} == set(managers)
    assert AuditEntry.objects.get(action="version.call_off").actor == managers[1]
    assert {each.to for each in OutboxMessage.objects.all()} == {marketer, managers[0]}
    with pytest.raises(Conflict, match="withdrawn"):
        services.mark_active(version=version, now=NOW)
    with pytest.raises(Conflict, match="active"):
        services.withdraw(version_id=active.pk, by=managers[1], now=NOW)


# Signatures


def test_two_names_make_it_signed_and_others_hear_of_it(
    active: Version,
    marketer: User,
    managers: tuple[User, User],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(hooks, "agreement_changed", [lambda: heard.append("signed")])
    version = proposed(active, marketer)
    with django_capture_on_commit_callbacks(execute=True):
        services.sign(version_id=version.pk, by=managers[0], now=NOW)
    version.refresh_from_db()
    assert (version.status, heard) == (Status.PROPOSED, [])
    with django_capture_on_commit_callbacks(execute=True):
        services.sign(version_id=version.pk, by=managers[1], now=NOW)
    version.refresh_from_db()
    assert (version.status, version.signed_at, heard) == (Status.SIGNED, NOW, ["signed"])
    assert list(due_for_activation(NOW)) == [version]


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.MARKETING_MANAGER, Role.SALES_MANAGER)]
)
def test_nobody_else_signs(active: Version, marketer: User, role: Role) -> None:
    version = proposed(active, marketer)
    with pytest.raises(NotAllowed):
        services.sign(version_id=version.pk, by=UserFactory(role=role), now=NOW)


def test_a_side_signs_once(active: Version, marketer: User, managers: tuple[User, User]) -> None:
    version = proposed(active, marketer)
    services.sign(version_id=version.pk, by=managers[0], now=NOW)
    with pytest.raises(Conflict, match="You have signed"):
        services.sign(version_id=version.pk, by=managers[0], now=NOW)
    with pytest.raises(Conflict, match=f"{managers[0]} has signed"):
        services.sign(version_id=version.pk, by=UserFactory(role=Role.MARKETING_MANAGER), now=NOW)


def test_nobody_signs_for_both_even_after_changing_sides(active: Version, marketer: User) -> None:
    turncoat = UserFactory(role=Role.MARKETING_MANAGER)
    version = proposed(active, marketer)
    services.sign(version_id=version.pk, by=turncoat, now=NOW)
    turncoat.role = Role.SALES_MANAGER
    turncoat.save()
    with pytest.raises(Conflict, match="nobody signs for both"):
        services.sign(version_id=version.pk, by=turncoat, now=NOW)


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.SIGNED, Status.RETIRED, Status.WITHDRAWN, Status.DECLINED]
)
def test_only_an_open_version_takes_names(managers: tuple[User, User], status: str) -> None:
    with pytest.raises(Conflict):
        services.sign(version_id=make_version(status).pk, by=managers[0], now=NOW)


def test_version_1_is_signed_while_it_is_active(active: Version, managers: tuple[User, User]) -> None:
    for manager in managers:
        services.sign(version_id=active.pk, by=manager, now=NOW)
    active.refresh_from_db()
    assert (active.status, active.signed_at) == (Status.ACTIVE, NOW)
    with pytest.raises(Conflict):
        services.sign(version_id=active.pk, by=UserFactory(role=Role.SALES_MANAGER), now=NOW)


# Activation


def test_activation_retires_the_one_before(
    active: Version, marketer: User, managers: tuple[User, User]
) -> None:
    version = services.mark_active(version=signed(active, marketer, managers), now=NOW)
    active.refresh_from_db()
    assert (active.status, active.retired_at) == (Status.RETIRED, NOW)
    assert list(active_versions()) == [version]
    with pytest.raises(Conflict, match="not signed"):
        services.mark_active(version=version, now=NOW)


def test_only_what_is_active_retires(active: Version) -> None:
    assert services.mark_retired(version=active, now=NOW).status == Status.RETIRED
    with pytest.raises(Conflict):
        services.mark_retired(version=active, now=NOW)


def test_a_version_for_later_waits(active: Version, marketer: User, managers: tuple[User, User]) -> None:
    draft = changed(services.copy_to_draft(version=active, by=marketer, now=NOW), marketer)
    version = services.propose(
        version_id=draft.pk,
        revision=draft.revision,
        reason="Later.",
        by=marketer,
        now=NOW,
        activate_at=NOW.replace(month=12),
    )
    for manager in managers:
        services.sign(version_id=version.pk, by=manager, now=NOW)
    assert not due_for_activation(NOW).exists()
    assert due_for_activation(NOW.replace(year=2028)).exists()
