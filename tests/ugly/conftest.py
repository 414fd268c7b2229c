"""One company with a row of everything, made once for the tests of a file."""

import pickle
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.ugly.world import PLAIN, World, make_world


@pytest.fixture(scope="module")
def _kept(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[bytes]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield pickle.dumps(make_world(getattr(request.module, "TEXT", PLAIN)))
        transaction.set_rollback(True)


@pytest.fixture
def world(_kept: bytes, db: None) -> World:
    """The company, in which a file's ``TEXT`` is what people typed; what a test writes is undone, as ever.

    Every test of the file has it: one that makes its own company, needs none or commits is elsewhere.
    """
    kept: World = pickle.loads(_kept)  # noqa: S301 - pickled above; each test gets objects of its own
    return kept
