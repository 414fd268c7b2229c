"""Teams: made and renamed by admins."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.asking import add_problems
from core.errors import ApplicationError
from core.toasts import say
from users.access import get_team, person, signed_in_as
from users.forms import TeamForm
from users.models import Role
from users.querysets import teams
from users.services import create_team, rename_team
from users.views.shared import page_of, tabs


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def team_list(request: HttpRequest) -> HttpResponse:
    """All teams with how many active people each has, and the form for a new one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = create_team(name=form.cleaned_data["name"], by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, f"The team {team.name} is there. Put people in it from their own pages.")
            return redirect("users:teams")
    counted = teams().annotate(size=Count("members", filter=Q(members__is_active=True)))
    context = {"page": page_of(request, counted), "form": form, "tabs": tabs("teams")}
    return render(request, "users/teams.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def team_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a team."""
    team = get_team(person(request), pk)
    form = TeamForm(request.POST or None, instance=get_team(person(request), pk))
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            rename_team(team=team, name=name, by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, f"The team is now called {name}.")
            return redirect("users:teams")
    context = {"team": team, "form": form}
    return render(request, "users/team.html", context, status=422 if form.is_bound else 200)
