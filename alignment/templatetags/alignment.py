"""Reaching the fields of a form whose names are made of keys."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def part(form: Any, prefix: str, key: str) -> Any:
    """The bound field ``<prefix>_<key>``: ``{% part form "points" row.key as points %}``."""
    return form[f"{prefix}_{key}"]
