"""Fixtures of the agreement's tests: who works on a draft, and the draft."""

import pytest
from django.test import Client

from alignment.models import Version
from tests.alignment.factories import make_draft
from tests.alignment.pages import signed_in
from users.models import Role, User


@pytest.fixture
def marketer(client: Client, db: None) -> User:
    """Who is signed in."""
    return signed_in(client, Role.MARKETER, name="Leila Haddad")


@pytest.fixture
def draft(marketer: User) -> Version:
    return make_draft(author=marketer)
