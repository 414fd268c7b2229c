"""What the process remembers between two tests, or two requests of one, that found other rows."""

from django.core.cache import cache

from alignment import spec
from rules.fields import registry


def empty_caches() -> None:
    """No throttle, cached value or version read from rows that are gone is found again."""
    cache.clear()
    spec.forget()
    registry.renew()
