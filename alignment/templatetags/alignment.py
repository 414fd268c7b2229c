"""Reaching the fields of a form whose names are made of keys."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def of(values: Any, key: str) -> Any:
    """The value under ``key``, if there is one: ``{{ said|of:line.row.key }}``."""
    return values.get(key) if values else None
