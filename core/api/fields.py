"""Fields of requests that refuse what is unclear, and say what they take instead."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 1900, 2999


class Strict(serializers.Serializer[Any]):
    """A serializer that names the keys it doesn't know instead of passing over them."""

    def to_internal_value(self, data: Any) -> Any:
        """As usual, after looking for unknown keys."""
        if isinstance(data, Mapping) and (unknown := [key for key in data if key not in self.fields]):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            message = f"There is no such field. There are: {known}."
            raise serializers.ValidationError({str(key)[:80]: [message] for key in unknown[:20]})
        return super().to_internal_value(data)


class StrictInSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    """The description says that there are no further keys."""

    target_class = Strict
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}


class Moment(serializers.DateTimeField):
    """A moment with its zone; shown in UTC. One without a zone is refused: nobody could say when it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)

    def to_internal_value(self, value: Any) -> datetime:
        """An aware moment between the years 1900 and 2999."""
        given = value
        if isinstance(value, str):
            try:
                given = datetime.fromisoformat(value)
            except ValueError:
                raise serializers.ValidationError("Give a moment such as 2026-11-30T09:00:00Z.") from None
        if not isinstance(given, datetime):
            raise serializers.ValidationError("Give a moment such as 2026-11-30T09:00:00Z.")
        if given.tzinfo is None:
            raise serializers.ValidationError("Give the moment with its zone, as in 2026-11-30T09:00:00Z.")
        if not FIRST_YEAR <= given.year <= LAST_YEAR:
            raise serializers.ValidationError(f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")
        return given.astimezone(UTC)


class Choice(serializers.ChoiceField):
    """One of a few texts, exactly as written."""

    def to_internal_value(self, data: Any) -> str:
        """The text; otherwise the error lists the choices and never echoes what was sent."""
        if isinstance(data, str) and data in self.choices:
            return data
        listed = ", ".join(str(choice) for choice in self.choices)
        raise serializers.ValidationError(f"Choose one of: {listed}.")


class ProblemOut(serializers.Serializer[Any]):
    """One thing that is wrong, and where: a field, or a path in what was sent."""

    where = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
