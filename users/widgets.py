"""Inputs that suggest values while one types."""

import zoneinfo
from collections.abc import Callable, Iterable
from typing import Any

from django import forms


class Suggesting(forms.TextInput):
    """A text input with a list to pick from; works without scripts and takes other text too."""

    template_name = "users/widgets/suggesting.html"

    def __init__(self, suggestions: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        context = super().get_context(name, value, {**(attrs or {}), "list": list_id})
        return {**context, "list_id": list_id, "suggestions": self.suggestions()}


def zones() -> list[str]:
    """Every zone that is a place, and UTC."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    return ["UTC", *sorted(name for name in places if not name.startswith(("Etc/", "SystemV/", "posix/")))]
