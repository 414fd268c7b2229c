"""The fields and activities that a builder offers, each asked of the registry once."""

from dataclasses import dataclass
from functools import cached_property

from rules.activities import ActivityRegistry, activities
from rules.fields import Field, FieldType, Registry, Use, registry
from rules.nodes import Node
from rules.tree import parse

OTHER = "Other"


@dataclass(frozen=True)
class Language:
    """What may be asked in one use; keeps what it has read, so make one for each request."""

    use: Use
    registry: Registry = registry
    kinds: ActivityRegistry = activities

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields of this use by key, choices as they are now where they were asked for."""
        return {field.key: field for field in self.registry.for_use(self.use)}

    def field(self, key: str) -> Field | None:
        """The field with its choices settled, or None where there is none (any more)."""
        field = self.fields.get(key)
        if field is not None and callable(field.choices):
            field = self.fields[key] = field.settled()
        return field

    @cached_property
    def groups(self) -> list[tuple[str, list[Field]]]:
        """The fields by group, both in the order of registration."""
        groups: dict[str, list[Field]] = {}
        for field in self.fields.values():
            groups.setdefault(field.group or OTHER, []).append(field)
        return list(groups.items())

    @cached_property
    def currency(self) -> str:
        """The reporting currency."""
        return self.registry.currency()

    def unit(self, field: Field) -> str:
        """What a number of ``field`` counts."""
        return self.currency if field.type is FieldType.MONEY and not field.unit else field.unit

    def parse(self, data: object) -> Node:
        """The checked tree of ``data``; RuleError otherwise."""
        return parse(data, use=self.use, registry=self.registry, kinds=self.kinds)
