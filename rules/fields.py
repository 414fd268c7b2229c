"""The registry of fields: what may be asked of a lead, by whom it is registered and where it may be used.

Apps register their fields in ``AppConfig.ready``; lists, filters, exports, the API and the condition
builder are made from here. Nothing is guessed from models.
"""

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as declared
from enum import StrEnum
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from core.errors import Problem
from rules.context import Context, Folded
from rules.errors import RuleError

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class FieldType(StrEnum):
    """What a field holds, which decides its operators."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LEVEL = "level"


class Use(StrEnum):
    """Where a field may appear."""

    CRITERION = "criterion"
    SCOPE = "scope"
    ROUTING = "routing"
    VIEW = "view"
    COLUMN = "column"
    REPORT = "report"
    IMPORT = "import"


CONDITION_USES = frozenset({Use.CRITERION, Use.SCOPE, Use.ROUTING, Use.VIEW, Use.REPORT})
USE_WORDS = {
    Use.CRITERION: "a criterion",
    Use.SCOPE: "a scope",
    Use.ROUTING: "routing",
    Use.VIEW: "a list filter",
    Use.COLUMN: "a column",
    Use.REPORT: "a report",
    Use.IMPORT: "an import",
}

Choices = tuple[tuple[str, str], ...]
Build = Callable[[Context], Combinable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that may be asked of a lead.

    ``key`` is stable ("company.employees"), ``label`` and ``group`` are shown. The value is found by
    ``lookup`` (a to-one ORM path from Lead) or ``expression`` (one value a row, never a to-many join).
    TEXT compares folded, so it also names the stored column made by ``core.text.fold``:
    ``folded_lookup`` or ``folded_expression``. ``prepare`` adds what the lookup needs (a FilteredRelation);
    fields that share it pass the same function, which then runs once.

    ``choices`` are (stored value, label), for a LEVEL from lowest to highest; with ``open_choices`` they
    are suggestions only; ``stored`` maps a choice to what the column holds if that differs
    ({"partial": 1}). ``blank`` says that "" counts as unknown: False for a choice whose column
    isn't text. MONEY is the stored amount in the reporting currency, which ``unit`` may name.
    """

    key: str
    label: str
    type: FieldType
    uses: frozenset[Use]
    group: str = ""
    lookup: str = ""
    folded_lookup: str = ""
    expression: Build | None = None
    folded_expression: Build | None = None
    prepare: Callable[[QuerySet[Any], Context], QuerySet[Any]] | None = None
    choices: Choices | Callable[[], Choices] = ()
    open_choices: bool = False
    stored: Mapping[str, object] = declared(default_factory=dict, hash=False)
    blank: bool = True
    unit: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(f"Field key {self.key!r} must look like 'company.employees'.")
        if bool(self.lookup) == bool(self.expression):
            raise ValueError(f"Field {self.key} needs a lookup or an expression, not both.")
        folded = self.folded_lookup or self.folded_expression
        if self.type is FieldType.TEXT and self.uses & CONDITION_USES and not folded:
            raise ValueError(f"Field {self.key} is text in conditions: name its folded column.")
        if self.type is FieldType.LEVEL and (callable(self.choices) or self.open_choices or not self.choices):
            raise ValueError(f"Field {self.key} is a level: give its fixed choices from lowest to highest.")

    def options(self) -> Choices:
        """The choices now (a callable is asked each time)."""
        return self.choices() if callable(self.choices) else self.choices

    def settled(self) -> "Field":
        """The same field with its choices as they are now, for work that asks for them often."""
        return replace(self, choices=self.choices()) if callable(self.choices) else self

    def value(self, ctx: Context) -> Combinable:
        """The value as stored, for columns and explanations; null is unknown."""
        if self.key in ctx.given:
            return ctx.given[self.key]
        return self.expression(ctx) if self.expression else F(self.lookup)

    def comparable(self, ctx: Context) -> Combinable:
        """What conditions compare: the folded text, otherwise the value itself."""
        if self.type is not FieldType.TEXT:
            return self.value(ctx)
        if Folded(self.key) in ctx.given:
            return ctx.given[Folded(self.key)]
        return self.folded_expression(ctx) if self.folded_expression else F(self.folded_lookup)


def _nothing() -> None:
    """What a provider has to say whose fields never change."""


def _nobody(_key: str) -> str:
    """What a provider has to say that never had other fields."""
    return ""


@dataclass(frozen=True, slots=True)
class _Provider:
    fields: Callable[[], Iterable[Field]]
    edition: Callable[[], Hashable]
    renew: Callable[[], None]
    former: Callable[[str], str]


class Registry:
    """Fields by key. Written while apps start, read ever after."""

    def __init__(self) -> None:
        self._fields: dict[str, Field] = {}
        self._providers: dict[str, _Provider] = {}
        self.currency: Callable[[], str] = str
        """Asks for the reporting currency, in which MONEY fields without a unit are; ``leads`` sets it."""

    def register(self, *fields: Field) -> None:
        """Add fields; a key that is taken is an error of the programmer (ValueError)."""
        for field in fields:
            if field.key in self._fields:
                raise ValueError(f"Field {field.key} is registered twice.")
            self._fields[field.key] = field

    def register_provider(
        self,
        prefix: str,
        provider: Callable[[], Iterable[Field]],
        *,
        edition: Callable[[], Hashable] = _nothing,
        renew: Callable[[], None] = _nothing,
        former: Callable[[str], str] = _nobody,
    ) -> None:
        """Fields that come and go ("attribute": the custom ones). ``provider`` is asked at each look-up
        of a key under ``prefix``, so it should keep its answer until ``renew`` is called; ``edition``
        differs whenever its answer does; ``former`` gives the name of a field that is no longer offered,
        "" of one that never was. A repeat replaces the provider."""
        self._providers[prefix] = _Provider(provider, edition, renew, former)

    def all(self) -> tuple[Field, ...]:
        """Every field now, in the order of registration, provided ones last."""
        provided = [field for each in self._providers.values() for field in each.fields()]
        return (*self._fields.values(), *provided)

    def fixed(self) -> tuple[Field, ...]:
        """The fields that never change while the process runs; asks no provider, and so no database."""
        return tuple(self._fields.values())

    def is_provided(self, key: str) -> bool:
        """Whether a field of this key would come from a provider, there or not."""
        return key not in self._fields and key.partition(".")[0] in self._providers

    def edition(self) -> Hashable:
        """What the provided fields are now. Whoever keeps something that was read or compiled from a
        condition on one of them (``is_provided``) keeps it for this edition alone."""
        return tuple(each.edition() for each in self._providers.values())

    def renew(self) -> None:
        """Let the providers look again: call it where the next look-up must see what was just committed."""
        for each in self._providers.values():
            each.renew()

    def unit(self, field: Field) -> str:
        """What a number of ``field`` counts: its own unit, or the reporting currency for money; else ""."""
        return field.unit or (self.currency() if field.type is FieldType.MONEY else "")

    def for_use(self, use: Use) -> tuple[Field, ...]:
        """The fields allowed in ``use``."""
        return tuple(field for field in self.all() if use in field.uses)

    def get(self, key: str, use: Use | None = None) -> Field:
        """The field; RuleError that names the nearest one if there is none or ``use`` isn't allowed."""
        field = self._find(key)
        if field is None:
            raise RuleError(Problem(self._unknown(key, use)))
        if use is not None and use not in field.uses:
            raise RuleError(Problem(f"“{field.label}” ({key}) can't be used in {USE_WORDS[use]}."))
        return field

    def _find(self, key: str) -> Field | None:
        if key in self._fields:
            return self._fields[key]
        provider = self._providers.get(key.partition(".")[0])
        return next((field for field in provider.fields() if field.key == key), None) if provider else None

    def _unknown(self, key: str, use: Use | None) -> str:
        provider = self._providers.get(key.partition(".")[0])
        if provider and (label := provider.former(key)):
            return f"The field “{label}” was retired."
        known = [field.key for field in (self.for_use(use) if use else self.all())]
        near = difflib.get_close_matches(key[:100], known, n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return f"There is no field “{key[:100]}”.{hint}"


registry = Registry()
