"""SQL in pieces: text with its parameters in order, glued by name, and bound to values at the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from string import Formatter
from typing import Any

from django.db.models import Field
from django.db.models.expressions import Expression


class Slot(Enum):
    """A parameter whose value is known only when the statement runs, so that its text can be kept."""

    TODAY = auto()  # whole days since 1970-01-01 in the company's zone
    NOW = auto()  # a moment, as the database takes it
    EPOCH = auto()  # the moment in whole seconds
    LOW = auto()  # the first lead id of a range
    HIGH = auto()  # the last
    IDS = auto()  # lead ids, as the database takes a list
    GENERATION = auto()
    FACTS = auto()  # what is known of the leads, as the text of a JSON list


@dataclass(frozen=True, slots=True)
class Sql:
    """``text`` with one ``%s`` for each of ``params``; a literal percent sign is written twice."""

    text: str
    params: tuple[object, ...] = ()

    def on(self, column: str) -> "Sql":
        """A selection of leads, which names its column ``{id}``, on ``column``."""
        return Sql(self.text.format(id=column), self.params)

    def bind(self, values: Mapping[Slot, object]) -> tuple[str, list[Any]]:
        """Text and parameters for ``cursor.execute``."""
        return self.text, [values[each] if isinstance(each, Slot) else each for each in self.params]


def glue(template: str, **parts: Sql | str) -> Sql:
    """``template`` with its ``{names}`` filled in; parameters follow the order in the text."""
    text: list[str] = []
    params: list[object] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        text.append(literal)
        if name is not None:
            part = parts[name]
            text.append(part if isinstance(part, str) else part.text)
            params += () if isinstance(part, str) else part.params
    return Sql("".join(text), tuple(params))


def join(separator: str, parts: Iterable[Sql]) -> Sql:
    """The parts one after the other; nothing for none."""
    whole = list(parts)
    params = tuple(param for part in whole for param in part.params)
    return Sql(separator.join(part.text for part in whole), params)


class Column(Expression):
    """A column of a subquery that is glued to the ORM's text, under its alias."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The name as it is: it is made by the engine, never by a person."""
        return self.name, ()
