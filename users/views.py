"""The way in: each role starts on its own first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from core.navigation import landing_for
from users.access import person, signed_in_as


@require_safe
@signed_in_as()
def home(request: HttpRequest) -> HttpResponse:
    """Send each role to its first page; a page that says so where there is none."""
    try:
        return redirect(reverse(landing_for(person(request).role)))
    except (LookupError, NoReverseMatch):
        return render(request, "users/no_first_page.html")
