"""What several services check alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid, Problem
from users.models import Role, Team


def check_team(role: str, team: Team | None) -> None:
    """Raise Invalid for a rep without a team."""
    if role == Role.REP and team is None:
        message = "A sales rep needs a team: the team decides which leads they see."
        raise Invalid(message, problems=(Problem(message, "team"),))


def as_invalid(error: ValidationError, field: str = "") -> Invalid:
    """Django's validation error as ours, with the field of each problem; ``field`` where it names none."""
    listed = error.message_dict if hasattr(error, "error_dict") else {field: error.messages}
    problems = tuple(Problem(message, where) for where, messages in listed.items() for message in messages)
    return Invalid(" ".join(problem.message for problem in problems), problems=problems)


@contextmanager
def unique_or(message: str) -> Iterator[None]:
    """Raise Conflict with ``message`` if somebody wrote the same a moment before."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(message) from error
