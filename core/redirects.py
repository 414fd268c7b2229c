"""Going back after a form: to the page that sent it, never to another site."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, target: str) -> bool:
    """Whether ``target`` is the address of a page of this site."""
    return url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """Redirect to the form's ``next`` field if that is a page of this site, else to ``fallback``."""
    target = request.POST.get("next", "")
    return HttpResponseRedirect(target if is_ours(request, target) else resolve_url(fallback))
