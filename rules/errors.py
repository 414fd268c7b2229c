"""Errors of the condition language, for people: each problem says where in the tree and what to do."""

from core.errors import Invalid, Problem

MAX_PROBLEMS = 20


class RuleError(Invalid):
    """A condition that can't be read or used; ``problems[].where`` is a path like ``all[2].not.value``."""

    def __init__(self, *problems: Problem) -> None:
        shown = problems[:MAX_PROBLEMS]
        first = shown[0]
        message = f"{first.where}: {first.message}" if first.where else first.message
        super().__init__(message, problems=shown)


class BadValueError(Exception):
    """A value that doesn't fit its field or operator; the parser adds the place and raises RuleError."""
