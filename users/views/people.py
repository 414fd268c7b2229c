"""Colleagues: who is here, in which role and team, and who may sign in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.hooks import LeftBehind, hooks
from core.models import AuditEntry
from core.toasts import say
from users.access import get_person, person, signed_in_as
from users.forms import RoleForm
from users.models import Role, User
from users.querysets import live_tokens, people, sorted_people, teams
from users.services import change_role, deactivate, reactivate
from users.views.shared import page_of, tabs

FILTERS = ("q", "role", "team", "state")
HISTORY = 20


@require_safe
@signed_in_as(Role.ADMIN)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody, filtered and sorted."""
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = people(search=asked["q"], role=asked["role"], team=asked["team"], state=asked["state"])
    context = {
        "page": page_of(request, sorted_people(rows, request.GET.get("sort", "name"))),
        "tabs": tabs("people"),
        "asked": asked,
        "is_filtered": any(asked.values()),
        "roles": Role.choices,
        "teams": teams(),
    }
    return render(request, "users/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague; an admin changes role and team here."""
    shown = get_person(person(request), pk)
    now = timezone.now()
    form = RoleForm(request.POST or None, initial={"role": shown.role, "team": shown.team_id})
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            change_role(person=shown, role=values["role"], team=values["team"], by=person(request), now=now)
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, f"{shown.name} is now {_role_in_words(values)}.")
            return redirect("users:person", pk=pk)
    context = {
        "shown": shown,
        "form": form,
        "tokens": live_tokens(shown, now=now),
        "history": _history(shown),
        "left_behind": _left_behind(shown, person(request)),
        "is_gone": not shown.is_active or shown.role != Role.REP,
    }
    return render(request, "users/person.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in_as(Role.ADMIN)
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a colleague out."""
    shown = deactivate(person=get_person(person(request), pk), by=person(request), now=timezone.now())
    left = next(iter(_left_behind(shown, person(request))), None)
    more = f" {left.text}" if left else ""
    say(request, f"{shown.name} can't sign in any more; their API tokens are revoked.{more}")
    return redirect(left.url) if left and left.url else redirect("users:person", pk=pk)


@require_POST
@signed_in_as(Role.ADMIN)
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague in again."""
    shown = reactivate(person=get_person(person(request), pk), by=person(request), now=timezone.now())
    say(request, f"{shown.name} can sign in again.")
    return redirect("users:person", pk=pk)


def _role_in_words(values: dict[str, Any]) -> str:
    role = Role(values["role"]).label.lower()
    article = "an" if role[0] in "ae" else "a"
    return f"{article} {role} in {values['team']}" if values["team"] else f"{article} {role}"


def _left_behind(shown: User, viewer: User) -> list[LeftBehind]:
    """What others must take over if the person leaves, or must still, as they left."""
    return [left for ask in hooks.left_behind if (left := ask(shown, viewer)) is not None]


def _history(shown: User) -> list[AuditEntry]:
    """The last changes of a person, newest first."""
    entries = AuditEntry.objects.filter(target_type="user", target_id=shown.pk)
    return list(entries.select_related("actor")[:HISTORY])
