"""Who stands before the queue: a rep where a version is in force."""

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.feedback.world import active_version
from users.models import User


@pytest.fixture
def rep(db: None) -> User:
    active_version()
    return UserFactory(name="Ana")


@pytest.fixture
def signed_in(rep: User) -> Client:
    client = Client()
    client.force_login(rep)
    return client
