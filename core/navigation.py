"""The frame of every page: navigation by role and where each role starts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.hooks import NavItem, hooks
from core.pulse import watch

SEARCHED = "leads:list"
"""The list that the search field of the frame searches."""


def items_for(role: str) -> list[NavItem]:
    """The navigation of a role, in order."""
    return sorted((item for item in hooks.navigation if role in item.roles), key=lambda item: item.order)


def landing_for(role: str) -> str:
    """The URL name of a role's first page; LookupError if none was registered."""
    pages = sorted((page for page in hooks.landing if page.role == role), key=lambda page: page.order)
    if not pages:
        raise LookupError(f"No first page is registered for the role {role!r}.")
    return pages[0].url_name


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``nav_items`` of the signed-in person, whether they may search, and since when the
    background work stands still (None: it doesn't)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav_items": []}
    items = [item for item in items_for(user.role) if item.is_shown is None or item.is_shown(request)]
    return {
        "nav_items": items,
        "may_search": any(item.url_name == SEARCHED for item in items),
        "still_since": watch.still_since(timezone.now()) if settings.WATCHES_PULSE else None,
    }
