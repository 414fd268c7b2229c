"""What the tests of the agreement's pages share."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment.models import Version
from tests.access import FORBIDDEN, MOVED, OK
from tests.alignment.factories import make_draft, make_version
from tests.factories import UserFactory
from users.models import Role, User

DRAFTERS = (Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.MEDIATOR)
# What each role is answered by a page that whoever may sign in reads, by one on which drafts are made,
# and by a form of such a page.
READING = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}
DRAFTING = dict.fromkeys(Role, FORBIDDEN) | dict.fromkeys(DRAFTERS, OK)
POSTING = {role: MOVED if status == OK else status for role, status in DRAFTING.items()}
Queries = Callable[[int], Any]


def signed_in(client: Client, role: Role, **fields: Any) -> User:
    user = UserFactory(role=role, **fields)
    client.force_login(user)
    return user


def make_proposal() -> Version:
    """A higher bar for A, proposed beside the version in force."""
    now = timezone.now()
    active = make_version(activated_at=now - timedelta(days=9))
    draft = make_draft(active.definition, floor_a=80, reason="Fewer.", based_on=active)
    Version.objects.filter(pk=draft.pk).update(
        status=Version.Status.PROPOSED, proposed_at=now, expires_at=now + timedelta(days=30)
    )
    draft.refresh_from_db()
    return draft


def text_of(client: Client, name: str, version: Version, query: str = "") -> str:
    response = client.get(reverse(f"alignment:{name}", args=[version.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()
