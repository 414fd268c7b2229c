"""What a select or a list of checkboxes offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.builder.inputs import FALSE, TRUE, Input
from rules.fields import Field

NO_CHOICE = ("", "Choose …")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``words`` is what else it is called, or what it comes with."""

    value: str
    label: str
    is_chosen: bool = False
    words: str = ""


def options(choices: Iterable[tuple[str, str]], chosen: Iterable[str]) -> tuple[Option, ...]:
    """``choices`` in their order, the chosen ones marked."""
    picked = set(chosen)
    return tuple(Option(key, label, key in picked) for key, label in choices)


def choice_options(kind: Input, field: Field, value: tuple[str, ...]) -> tuple[Option, ...]:
    """The choices of ``field`` for an input of ``kind``; a chosen one that is gone stays among them.

    In a list of checkboxes the chosen ones come first, in the order in which the condition has them.
    """
    if kind is Input.YES_NO:
        return _select(((TRUE, "yes"), (FALSE, "no")), value)
    if kind is Input.CHOICE:
        return _select(field.options(), value)
    if kind is not Input.CHECKS:
        return ()
    labels = dict(field.options())
    chosen = [Option(key, labels.get(key, f"“{key}” (no longer a choice)"), True) for key in value]
    rest = [Option(key, label) for key, label in field.options() if key not in value]
    return (*chosen, *rest)


def _select(choices: Iterable[tuple[str, str]], value: tuple[str, ...]) -> tuple[Option, ...]:
    chosen = value[0] if value else ""
    known = list(choices)
    if not chosen:
        known.insert(0, NO_CHOICE)
    elif chosen not in dict(known):
        known.insert(0, (chosen, f"“{chosen}” (no longer a choice)"))
    return options(known, (chosen,))
