"""The way in and out: sign-in, forgotten passwords, and each role's own first page."""

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.db.models import Max
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import NotAllowed
from core.navigation import landing_for
from core.toasts import say
from users.access import person, signed_in_as
from users.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from users.models import Role
from users.organisation import organisation_of, zone_of
from users.querysets import active_admins
from users.services import ask_for_reset

COOL_OFF: timedelta = settings.AXES_COOLOFF_TIME


@require_safe
@signed_in_as()
def home(request: HttpRequest) -> HttpResponse:
    """Send each role to its first page, and admins to the set-up until that is done."""
    role = person(request).role
    if role == Role.ADMIN and organisation_of(request).set_up_at is None:
        return redirect("users:set_up")
    try:
        return redirect(reverse(landing_for(role)))
    except (LookupError, NoReverseMatch):
        return render(request, "users/no_first_page.html")


class Wrong422:
    """A form that wasn't filled in well is answered with 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # a mixin of Django's FormView
        response.status_code = 422
        return response


class SignIn(Wrong422, auth_views.LoginView):
    """E-mail and password; ``next`` is followed to pages of ours only."""

    template_name = "users/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        needs_set_up = self.request.method == "GET" and not active_admins().exists()
        return super().get_context_data(needs_set_up=needs_set_up, **extra)


@login_not_required
@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The Django admin asks for signing in: on our page, where it is throttled."""
    if request.user.is_authenticated:
        raise NotAllowed("This is for admins. Ask one of them.")
    query = request.GET.urlencode()
    return redirect(reverse("users:sign_in") + (f"?{query}" if query else ""))


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Axes asks for the page of somebody who failed too often: it says when to try again."""
    username = (credentials or {}).get("username", "")
    now = timezone.now()
    until = _locked_until(username, getattr(request, "axes_ip_address", None), now)
    minutes = max(1, -(-(until - now).seconds // 60))
    with timezone.override(zone_of(request)):
        page = render(request, "users/locked_out.html", {"until": until, "minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page


def _locked_until(username: str, address: str | None, now: datetime) -> datetime:
    failures = AccessAttempt.objects.filter(username=username, ip_address=address)
    last: datetime | None = failures.aggregate(last=Max("attempt_time"))["last"]
    return max((last or now) + COOL_OFF, now)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same whether or not the account exists."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "users/forgotten.html", {"form": form}, status=422 if form.is_bound else 200)
    # Whoever asks chooses the Host of the request, but not where the link of the mail leads.
    ask_for_reset(email=form.cleaned_data["email"], base_url=settings.BASE_URL, now=timezone.now())
    return render(request, "users/forgotten_sent.html", {"email": form.cleaned_data["email"]})


class NewPassword(Wrong422, auth_views.PasswordResetConfirmView):
    """Set a new password by the link of the mail; the person is signed in afterwards."""

    template_name = "users/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("home")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"


class ChangePassword(Wrong422, auth_views.PasswordChangeView):
    """Set a new password by the old one; every other session of the person ends."""

    template_name = "users/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("users:profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        say(self.request, "Your password is changed. You were signed out everywhere else.")
        return super().form_valid(form)
