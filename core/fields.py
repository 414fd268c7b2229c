"""Model fields that several apps use."""

from typing import TYPE_CHECKING, Any

from django.db import models

from core.text import fold

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField  # a type parameter is known to the type checker only


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
