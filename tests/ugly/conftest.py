"""One company with a row of everything for each test."""

import pytest

from tests.ugly.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
