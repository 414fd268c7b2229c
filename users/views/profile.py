"""One's own settings: name, zone, password, and the tokens of one's programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.asking import add_problems
from core.errors import ApplicationError
from core.toasts import say
from users.access import get_token, person, signed_in_as
from users.forms import ProfileForm, TokenForm
from users.querysets import live_tokens
from users.services import change_profile, create_token, revoke_token


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as()
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's own name and zone."""
    me = person(request)
    form = ProfileForm(request.POST or None, initial={"name": me.name, "zone": me.zone})
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(person=me, **form.cleaned_data, now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, "Your settings are saved.")
            return redirect("users:profile")
    return render(request, "users/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as()
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown once, in the answer to the form that made it."""
    me, now = person(request), timezone.now()
    form = TokenForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = create_token(person=me, **form.cleaned_data, now=now)
        except ApplicationError as error:
            add_problems(form, error)
        else:
            form = TokenForm()
    context = {"form": form, "tokens": live_tokens(me, now=now), "made": made, "secret": secret}
    return render(request, "users/tokens.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in_as()
def token_revoke(request: HttpRequest, owner: int, prefix: str) -> HttpResponse:
    """Make a token useless: one's own, or anybody's for an admin."""
    token = get_token(person(request), owner, prefix)
    revoke_token(token=token, by=person(request), now=timezone.now())
    say(request, f"The token “{token.name}” no longer works.")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect("users:tokens")
    return redirect(back)
