"""Who may open a page: every view says it with ``signed_in_as``."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.display import listed
from core.errors import NotAllowed
from users.models import ApiToken, Invitation, Role, Team, User

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def signed_in_as(*roles: str) -> Callable[[View[Rest]], View[Rest]]:
    """Let only people with one of ``roles`` into a view; without roles, everybody who is signed in.

    An anonymous request is sent to sign in and comes back here; a wrong role raises NotAllowed (403),
    which says who can. For a class: ``@method_decorator(signed_in_as(...), name="dispatch")``.
    """

    def decorate(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            require_role(request.user, roles)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require_role(user: User, roles: Iterable[str]) -> None:
    """Raise NotAllowed unless ``user`` has one of ``roles``; no roles means anybody."""
    allowed = frozenset(roles)
    if allowed and user.role not in allowed:
        raise NotAllowed(f"This is for {who(allowed)}. Ask one of them, or an admin to change your role.")


def who(roles: Iterable[str]) -> str:
    """Roles as a person would name them: ``marketing managers and sales managers``."""
    return listed([f"{role.label.lower()}s" for role in Role if role in frozenset(roles)])


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a request to the sign-in page; a page that was asked for is opened afterwards.

    A form isn't sent again after signing in. htmx is told to leave the whole page.
    """
    is_fragment = bool(getattr(request, "htmx", False))
    back = request.headers.get("HX-Current-URL", "") if is_fragment else request.get_full_path()
    query = f"?{urlencode({'next': back})}" if back and (is_fragment or request.method == "GET") else ""
    address = reverse("users:sign_in") + query
    if is_fragment:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def person(request: HttpRequest) -> User:
    """The signed-in person of a view under ``signed_in_as``; elsewhere it may raise NotAllowed."""
    if not request.user.is_authenticated:
        raise NotAllowed("Sign in first.")
    return request.user


def get_person(by: User, pk: int) -> User:
    """The person ``pk`` for an admin; 404 if there is none, 403 for others."""
    require_role(by, [Role.ADMIN])
    return get_object_or_404(User.objects.select_related("team"), pk=pk)


def get_invitation(by: User, pk: int) -> Invitation:
    """The invitation ``pk`` for an admin; 404 if there is none, 403 for others."""
    require_role(by, [Role.ADMIN])
    return get_object_or_404(Invitation.objects.select_related("team", "invited_by"), pk=pk)


def get_team(by: User, pk: int) -> Team:
    """The team ``pk`` for an admin; 404 if there is none, 403 for others."""
    require_role(by, [Role.ADMIN])
    return get_object_or_404(Team, pk=pk)


def get_token(by: User, owner_id: int, prefix: str) -> ApiToken:
    """The token of ``owner_id`` that begins with ``prefix``: one's own, or any for an admin; else 404."""
    if not 0 < owner_id < 2**63 or (by.pk != owner_id and by.role != Role.ADMIN):
        raise Http404
    token: ApiToken | None = ApiToken.objects.filter(user_id=owner_id, token_key=prefix).first()
    if token is None:
        raise Http404
    return token
