"""Makers of rows for tests, as ``UserFactory(role=...)``; each app has its own in its test folder."""

import itertools
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models

from users.models import Role, Team, User

PASSWORD = "correct horse battery"
Row = TypeVar("Row", bound=models.Model)
Fields = dict[str, Any]


class Factory(Generic[Row]):
    """Called, it saves a row: with the fields given, and for the others what ``defaults`` says.

    ``defaults`` gets a number that differs each time, for unique values, and the given fields.
    """

    def __init__(self, model: type[Row], defaults: Callable[[int, Fields], Fields]) -> None:
        self.model = model
        self.defaults = defaults
        self.numbers = itertools.count(1)

    def __call__(self, **given: Any) -> Row:
        row = self.model(**(self.defaults(next(self.numbers), given) | given))
        row.save()
        return row

    def batch(self, size: int, **given: Any) -> list[Row]:
        """``size`` rows, each with the fields given."""
        return [self(**given) for _ in range(size)]


def north() -> Team:
    """The team that reps are in unless told otherwise."""
    return Team.objects.get_or_create(name="North")[0]


def _user(number: int, given: Fields) -> Fields:
    role = given.get("role", Role.REP)
    return {
        "name": f"Person {number}",
        "email": f"person{number}@example.com",
        "role": role,
        "password": make_password(PASSWORD),
        "team": north() if role == Role.REP and "team" not in given else None,
    }


TeamFactory = Factory(Team, lambda number, given: {"name": f"Team {number}"})
UserFactory = Factory(User, _user)
