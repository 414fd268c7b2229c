"""Fixtures for every test: which database it runs on, people of each role, real Celery workers."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import settings

from tests.caches import empty_caches
from tests.factories import UserFactory
from tests.workers import Workers
from users.models import Role, User

pytest.register_assert_rewrite("tests.access")  # its test is to say who got what
settings.register_profile("bantam", deadline=None)  # a busy machine is slow, which is no failure
settings.load_profile("bantam")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop around the tests
DATABASE = {"db", "transactional_db", "django_db_setup"}
"""The fixtures that open the database to a test; without one pytest-django stops its first query."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that may use the database and aren't ``alike``: ``tools.suite`` runs them on both."""
    for item in items:
        if item.get_closest_marker("alike"):
            continue
        if item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")


def pytest_collection_finish() -> None:
    """Half a million objects stay until the end now: the garbage collector needn't go through them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    """Whether this run is on PostgreSQL; a test of row locks has nothing to show on SQLite."""
    return connection.vendor == "postgresql"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    empty_caches()


@pytest.fixture(autouse=True, scope="session")
def _flush_despite_triggers() -> Iterator[None]:
    """SQLite has no TRUNCATE: emptying the tables after a test would meet the triggers that keep agreed
    versions, so they are lifted for just as long."""
    sqlite = DatabaseWrapper.ops_class
    flush = sqlite.execute_sql_flush

    def lifted(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        flush(operations, statements)
        with operations.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "execute_sql_flush", lifted)
        yield


@pytest.fixture
def people(db: None) -> dict[Role, User]:
    """One person of each role; the rep has a team."""
    return {role: UserFactory(role=role) for role in Role}


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Workers]:
    """Real Celery worker processes on the test's own database; ``workers.start()`` starts them.

    Needs PostgreSQL and Redis: mark the test ``workers``. All are stopped before the tables are emptied.
    """
    if connection.vendor != "postgresql" or not os.environ.get("REDIS_URL"):
        pytest.fail("Run it with servers: python -m tests.servers -- pytest ...")
    running = Workers(tmp_path)
    yield running
    running.close()
