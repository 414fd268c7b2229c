"""What several pages of people do alike."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from users.models import User
from users.querysets import open_invitations, teams

ROWS = 50


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page that ``?page=`` asks for; one that isn't there becomes the nearest."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def tabs(current: str) -> list[dict[str, Any]]:
    """People, invitations and teams, each with how many there are."""
    counted = {
        "people": ("People", User.objects.count()),
        "invitations": ("Invitations", open_invitations().count()),
        "teams": ("Teams", teams().count()),
    }
    return [
        {"label": label, "url": reverse(f"users:{name}"), "is_current": name == current, "count": count}
        for name, (label, count) in counted.items()
    ]
