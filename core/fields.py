"""Model fields that several apps use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from core.text import fold

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
    WordColumn = models.Field[str, str]
else:
    # A type parameter is known to the type checker only.
    TextColumn = models.CharField
    WordColumn = models.Field


class FoldedField(TextColumn):
    """The folded copy of another text column, kept by ``save`` and ``bulk_create``.

    ``bulk_update`` and ``QuerySet.update`` do not keep it: set the column there yourself.
    """

    def __init__(self, source: str = "", **options: Any) -> None:
        self.source = source
        options.setdefault("max_length", 400)
        options["blank"] = True
        options["editable"] = False
        options.setdefault("default", "")
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {"source": self.source, **options}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.source) or "")[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded


class CodedField(WordColumn):
    """One of a few words, stored as its number in ``codes``: two bytes in each row and in each index.

    Python and the ORM know the word alone, raw SQL the number. A word that has no number is a
    ValidationError in a form, and a ValueError in a query.
    """

    def __init__(self, codes: Mapping[str, int] | None = None, **options: Any) -> None:
        self.codes = dict(codes or {})
        self.words = {code: word for word, code in self.codes.items()}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {"codes": self.codes, **options}

    def get_internal_type(self) -> str:
        return "SmallIntegerField"

    def from_db_value(self, value: int | None, *_: Any) -> str | None:
        return None if value is None else self.words[value]

    def to_python(self, value: Any) -> str | None:
        if value is None:
            return None
        if value not in self.codes:
            raise ValidationError(f"“{value}” is none of {', '.join(self.codes)}.", code="invalid")
        return str(value)

    def get_prep_value(self, value: Any) -> int | None:
        word = super().get_prep_value(value)
        if word is None:
            return None
        if word not in self.codes:
            raise ValueError(f"{self.name} takes one of {', '.join(self.codes)}, not {word!r}.")
        return self.codes[word]
