"""One company with a row of everything for each test."""

import pickle
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.ugly.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(scope="module")
def _kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[bytes]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield pickle.dumps(make_world())
        transaction.set_rollback(True)


@pytest.fixture
def shared_world(_kept: bytes, db: None) -> World:
    """The company made once for a file of many tests; what a test writes is undone, as ever.

    A file takes it in the place of ``world`` where no test makes a company of its own or commits.
    """
    shared: World = pickle.loads(_kept)  # noqa: S301 - pickled above; each test gets objects of its own
    return shared
