"""The organisation and the zone of the person who asks: read at most once a request."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError
from django.http import HttpRequest

from users.models import Organisation

CACHED_AS = "_bantam_organisation"
_answered: ContextVar[HttpRequest | None] = ContextVar("answered", default=None)


def organisation_of(request: HttpRequest) -> Organisation:
    """The organisation, read once a request; with defaults and unsaved where its table isn't there yet."""
    found: Organisation | None = getattr(request, CACHED_AS, None)
    if found is None:
        try:
            found = Organisation.objects.filter(pk=1).first() or Organisation()
        except DatabaseError:
            found = Organisation()
        setattr(request, CACHED_AS, found)
    return found


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """While ``request`` is answered, what is asked without it is answered from what it has read."""
    token = _answered.set(request)
    try:
        yield
    finally:
        _answered.reset(token)


def reporting_currency() -> str:
    """The currency amounts are reported in: read at most once a request, outside of requests each time."""
    request = _answered.get()
    return (organisation_of(request) if request else Organisation.current()).currency


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """The zone in which the person who asks sees times: their own, else the organisation's, else UTC.

    A zone that this machine doesn't know is passed over.
    """
    person = request.user
    if person.is_authenticated and (zone := _zone(person.zone)):
        return zone
    return _zone(organisation_of(request).zone) or zoneinfo.ZoneInfo("UTC")


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
