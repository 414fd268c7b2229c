"""The organisation and its set-up: the first admin, the checklist, and what days and money are counted in."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.asking import add_problems
from core.errors import ApplicationError, Conflict, NotAllowed
from core.hooks import SetupStep, hooks
from core.toasts import say
from users.access import person, signed_in_as, who
from users.forms import FirstAdminForm, OrganisationForm
from users.models import MANAGERS, Organisation, Role
from users.organisation import organisation_of
from users.services import change_organisation, finish_set_up
from users.services.organisation import consequences
from users.setup import create_first_admin, is_setup_token
from users.views.invitations import BACKEND


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """The link that ``make up`` prints: makes the first admin, once."""
    if not is_setup_token(token):
        raise Http404
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            admin = create_first_admin(token=token, **form.cleaned_data, now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            login(request, admin, backend=BACKEND)
            return redirect("users:set_up")
    return render(request, "users/first_run.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN, *MANAGERS)
def set_up(request: HttpRequest) -> HttpResponse:
    """The checklist of the first run; an admin ends it when nothing is missing."""
    me = person(request)
    steps = [_step(step, me.role) for step in sorted(hooks.setup, key=lambda step: step.order)]
    missing = [step for step in steps if step["missing"]]
    if request.method == "POST":
        if me.role != Role.ADMIN:
            raise NotAllowed("Only an admin can finish the set-up.")
        if missing:
            raise Conflict(f"Something is missing still: {missing[0]['missing']}")
        finish_set_up(by=me, now=timezone.now())
        say(request, "Bantam is set up.")
        return redirect("home")
    context = {
        "steps": steps,
        "done": len(steps) - len(missing),
        "next_step": missing[0] if missing else None,
        "is_over": organisation_of(request).set_up_at,
    }
    return render(request, "users/set_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def organisation(request: HttpRequest) -> HttpResponse:
    """Name, zone and currency; where rows depend on them, the change is confirmed first."""
    current = Organisation.current()
    form = OrganisationForm(request.POST or None, organisation=current)
    found: list[str] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        found = consequences(current, zone=values["zone"], currency=values["currency"])
        if not found or values["is_sure"]:
            try:
                change_organisation(**values, by=person(request), now=timezone.now())
            except ApplicationError as error:
                add_problems(form, error)
            else:
                say(request, "The company's settings are saved.")
                return redirect("users:organisation" if current.set_up_at else "users:set_up")
    context = {"form": form, "consequences": found, "organisation": current}
    return render(request, "users/organisation.html", context, status=422 if form.is_bound else 200)


def _step(step: SetupStep, role: str) -> dict[str, Any]:
    """A line of the checklist; the link is there for those who can follow it."""
    try:
        url = reverse(step.url_name) if role in step.roles else ""
    except NoReverseMatch:
        url = ""
    return {
        "label": step.label,
        "missing": step.missing(),
        "url": url,
        "who": "" if role in step.roles else who(step.roles),
    }
