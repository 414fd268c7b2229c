"""Fixtures of the tests of previews: who works on a draft, and the draft."""

import pytest
from django.db import connection
from django.test import Client

from alignment.models import Version
from scoring.services import previewing
from tests.factories import UserFactory
from tests.scoring.previewing import change, draft_of, in_force
from users.models import Role, User


@pytest.fixture
def marketer(client: Client, db: None) -> User:
    """Who is signed in."""
    person = UserFactory(role=Role.MARKETER)
    client.force_login(person)
    return person


@pytest.fixture
def draft(marketer: User) -> Version:
    """A draft that changes much, in a company of 60 leads."""
    in_force()
    return change(draft_of(marketer))


@pytest.fixture
def in_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every base is a large one, counted 20 leads at a time."""
    monkeypatch.setattr(previewing, "SMALL", 0)
    monkeypatch.setattr(previewing, "RANGE", {connection.vendor: 20})
