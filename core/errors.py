"""The one family of errors that a person is meant to read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, and where (a form field, a row and column, a path in a rule)."""

    message: str
    where: str = ""


class ApplicationError(Exception):
    """A request that can't be done as asked; pages and the API show ``message`` as it is.

    ``code`` is stable and for programs, ``status`` the HTTP status, ``problems`` name each place.
    """

    code = "invalid"
    status = 400

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class Invalid(ApplicationError):
    """The input can't be read or breaks a rule; nothing was written."""


class Conflict(ApplicationError):
    """The state changed or another has it: a closed handoff, an ambiguous upsert, a second click."""

    code = "conflict"
    status = 409


class NotAllowed(ApplicationError):
    """The person may see it but not do this; the message says who can."""

    code = "not_allowed"
    status = 403


class TooLarge(ApplicationError):
    """The body is larger than what is read at once."""

    code = "too_large"
    status = 413


class KeyReused(ApplicationError):
    """An idempotency key came again with another request."""

    code = "key_reused"
    status = 422


def problems_of(read: Callable[[], object], where: str = "") -> Iterator[Problem]:
    """What ``read`` complains of, each problem located below ``where``; nothing if it can be read."""
    try:
        read()
    except ApplicationError as error:
        for problem in error.problems or (Problem(error.message),):
            yield Problem(problem.message, ".".join(filter(None, (where, problem.where))))
