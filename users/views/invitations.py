"""Inviting colleagues, and joining by the link of an invitation."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.toasts import say
from users.access import get_invitation, person, signed_in_as
from users.forms import AccountForm, InviteForm
from users.mail import is_mail_delivered
from users.models import Invitation, Role
from users.querysets import open_invitations, teams
from users.services import accept_invitation, invite, mail_invitation, renew_invitation, withdraw_invitation
from users.services.invitations import hash_token
from users.views.shared import page_of, tabs

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
@signed_in_as(Role.ADMIN)
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Who was invited and has not joined yet."""
    context = {
        "page": page_of(request, open_invitations()),
        "tabs": tabs("invitations"),
        "now": timezone.now(),
    }
    return render(request, "users/invitations.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite a colleague; the link is mailed and shown, once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = invite(**form.cleaned_data, by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            return _sent(request, invitation, token)
    context = {"form": form, "has_teams": teams().exists()}
    return render(request, "users/invite.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
@signed_in_as(Role.ADMIN)
def invitation_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for another week; the old one stops working."""
    invitation = get_invitation(person(request), pk)
    return _sent(request, *renew_invitation(invitation=invitation, by=person(request), now=timezone.now()))


@require_POST
@signed_in_as(Role.ADMIN)
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_invitation(person(request), pk)
    withdraw_invitation(invitation=invitation, by=person(request), now=timezone.now())
    say(request, f"The invitation of {invitation.email} is withdrawn; its link no longer works.")
    return redirect("users:invitations")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: name and password, then signed in."""
    found = (
        Invitation.objects.select_related("team", "invited_by").filter(token_hash=hash_token(token)).first()
    )
    now = timezone.now()
    if found is None or not found.is_usable(now=now) or request.user.is_authenticated:
        return _no_way_in(request, found)
    form = AccountForm({**request.POST.dict(), "email": found.email} if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            joined = accept_invitation(invitation=found, **form.cleaned_data, now=now)
        except ApplicationError as error:
            add_problems(form, error)
        else:
            login(request, joined, backend=BACKEND)
            say(request, f"Welcome, {joined.name}.")
            return redirect("home")
    context = {"form": form, "invitation": found}
    return render(request, "users/join.html", context, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("users:join", kwargs={"token": token}))
    was_sent = mail_invitation(invitation=invitation, link=link)
    context = {
        "invitation": invitation,
        "link": link,
        "was_sent": was_sent,
        "is_delivered": is_mail_delivered(),
    }
    return render(request, "users/invited.html", context)


def _no_way_in(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Somebody is signed in, or the link is unknown (404), or it was used or is too old (410)."""
    status = 404 if found is None else 409 if request.user.is_authenticated else 410
    return render(request, "users/no_way_in.html", {"invitation": found}, status=status)
