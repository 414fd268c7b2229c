"""The moments of a proposal: when its version counts, and until when it can be signed."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment import services
from alignment.models import Version
from tests.alignment.factories import ALWAYS, make_draft, make_version
from tests.alignment.moments import NOW
from tests.alignment.pages import signed_in, text_of
from tests.alignment.part_forms import again
from tests.factories import UserFactory
from users.models import Role, User

Status = Version.Status


def proposed(client: Client, draft: Version, **typed: str) -> Any:
    data = {"revision": draft.revision, "reason": "Both want it."} | typed
    return client.post(reverse("alignment:propose", args=[draft.pk]), data)


def test_a_version_counts_from_a_moment_in_the_zone_of_who_proposes_it(client: Client, db: None) -> None:
    author = UserFactory(role=Role.MARKETER, zone="Asia/Tokyo")
    client.force_login(author)
    draft, day = make_draft(author=author), timezone.localdate() + timedelta(days=20)
    assert (
        "In your time zone, Asia/Tokyo."
        in client.get(reverse("alignment:propose", args=[draft.pk])).content.decode()
    )
    assert proposed(client, draft, activate_at=f"{day}T08:00").status_code == 302
    moment = again(draft).activate_at
    assert moment == datetime.combine(day, time(8), ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"activate_at": "2020-01-01T08:00"}, "This moment is past"),
        ({"activate_at": "9999-12-31T23:59"}, "more than a year away"),
        ({"activate_at": "soon"}, "Give a day and a time"),
        ({"expires_at": "2020-01-01T08:00"}, "give a later day"),
    ],
)
def test_a_moment_that_can_not_be_stays_with_a_message(
    client: Client, draft: Version, typed: dict[str, str], message: str
) -> None:
    response = proposed(client, draft, **typed)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert again(draft).status == Version.Status.DRAFT


@pytest.mark.parametrize(
    ("role", "is_offered"), [(Role.SALES_MANAGER, True), (Role.MARKETER, False), (Role.MEDIATOR, False)]
)
def test_managers_alone_are_offered_to_withdraw_what_is_signed(
    client: Client, db: None, role: Role, is_offered: bool
) -> None:
    user = UserFactory(role=role)
    client.force_login(user)
    version = make_version(status=Version.Status.SIGNED, author=user)
    said = client.get(reverse("alignment:sign", args=[version.pk])).content.decode()
    assert ("Withdraw what both sides signed?" in said) is is_offered
    answer = client.post(reverse("alignment:withdraw", args=[version.pk]))
    assert answer.status_code == (302 if is_offered else 403)
    assert (again(version).status == Version.Status.WITHDRAWN) is is_offered


@pytest.mark.parametrize("status", [Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED])
def test_a_proposal_that_came_to_nothing_leads_to_a_new_draft(
    client: Client, marketer: User, status: str
) -> None:
    version = make_version(status)
    assert "Draft again from it" in text_of(client, "sign", version)
    address = reverse("alignment:draft", args=[version.pk])
    assert "Draft of version 2" in client.post(address, follow=True).content.decode()
    signed_in(client, Role.REP)
    assert "Draft again from it" not in text_of(client, "sign", version)


def test_the_page_says_who_withdrew_a_proposal_or_that_nobody_signed_in_time(
    client: Client, marketer: User
) -> None:
    withdrawn, expired = make_version(Status.PROPOSED, author=marketer), make_version(Status.EXPIRED)
    assert "To go on with it" not in text_of(client, "sign", withdrawn)
    services.withdraw(version_id=withdrawn.pk, by=marketer, now=NOW)
    assert f"{marketer} withdrew it" in text_of(client, "sign", withdrawn)
    assert "without both signatures" in text_of(client, "sign", expired)


def test_who_signs_reads_that_it_leaves_no_lead_to_another_definition(client: Client, marketer: User) -> None:
    make_version(position=20)
    first = make_version(Status.PROPOSED, position=10)
    own = make_version(Status.PROPOSED, position=10, scope=ALWAYS)
    assert "would judge nobody any more" in text_of(client, "sign", first)
    assert "would judge nobody" not in text_of(client, "sign", own)


def test_an_open_proposal_is_not_drafted_again(client: Client, marketer: User) -> None:
    assert "Draft again from it" not in text_of(client, "sign", make_version(Status.PROPOSED))


def test_the_next_draft_says_what_was_asked_for(client: Client, marketer: User) -> None:
    active = make_version()
    proposal = make_version(Status.PROPOSED, definition=active.definition, based_on=active)
    manager = UserFactory(role=Role.SALES_MANAGER)
    services.ask_for_changes(version_id=proposal.pk, text="Ten points at most.", by=manager, now=NOW)
    proposal.refresh_from_db()
    draft = services.copy_to_draft(version=proposal, by=marketer, now=NOW)
    text = text_of(client, "edit", draft)
    assert f"{manager}: Ten points at most." in text
    assert "was begun from another one" not in text


def test_a_draft_of_what_another_version_overtook_says_so(client: Client, marketer: User) -> None:
    old = make_version(Status.RETIRED)
    declined = make_version(Status.DECLINED, definition=old.definition, based_on=old)
    make_version(definition=old.definition)
    draft = services.copy_to_draft(version=declined, by=marketer, now=NOW)
    assert "was begun from another one" in text_of(client, "edit", draft)
