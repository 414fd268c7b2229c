"""The organisation and the zone of the person who asks: read at most once a request."""

import zoneinfo

from django.db import DatabaseError
from django.http import HttpRequest

from users.models import Organisation

CACHED_AS = "_bantam_organisation"


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
