"""The pool: leads that wait for an owner; reps claim them, sales managers assign them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.asking import asking
from core.redirects import back
from core.toasts import say
from feedback.access import READERS, WORKERS, get_claimable, require_assigner, visible_handoffs
from feedback.calendars import load_calendars
from feedback.forms.queue import AssignForm, PoolForm, TakeBackForm, checked
from feedback.querysets import awaiting_owner, in_pool
from feedback.reports.pool import pool_figures
from feedback.routing import available_reps
from feedback.services import assigning, pooling
from feedback.views.queue import PAGE, tabs
from feedback.waits import wait_of
from users.access import person, signed_in_as
from users.models import Role, Team


@require_safe
@signed_in_as(*READERS)
def pool(request: HttpRequest) -> HttpResponse:
    """The leads that wait, best first: a rep's own team's, or all or one team's; or those without an owner
    that are no longer sales-ready. Only sales acts on them."""
    viewer = person(request)
    asked = checked(PoolForm(request.GET))
    team, is_fallen = asked["team"], asked["show"] == PoolForm.FALLEN
    unowned = visible_handoffs(viewer) if team is None else visible_handoffs(viewer).filter(team=team)
    now, calendars = timezone.now(), load_calendars()
    shown = in_pool().exclude(not_ready_since=None) if is_fallen else awaiting_owner()
    rows = shown.filter(pk__in=unowned.values("pk")).select_related("lead__company", "team")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, wait_of(row, calendars, now=now), row.held(now)) for row in page],
        "figures": pool_figures(unowned, now=now),
        "is_fallen": is_fallen,
        "ready_url": _address(team),
        "fallen_url": _address(team, show=PoolForm.FALLEN),
        "team": team,
        "chips": _chips(team, is_fallen=is_fallen),
        "is_worker": viewer.role in WORKERS,
        "may_claim": viewer.role == Role.REP,
        "may_assign": viewer.role == Role.SALES_MANAGER,
        "reps": available_reps(now).select_related("team"),
        "tabs": tabs(viewer, "pool"),
    }
    return render(request, "feedback/pool.html", context)


def _chips(team: Team | None, *, is_fallen: bool) -> list[dict[str, str]]:
    """What the list is limited to, and where it is without each limit."""
    show = PoolForm.FALLEN if is_fallen else ""
    chips = []
    if is_fallen:
        chips.append({"text": "they are no longer sales-ready", "remove_url": _address(team)})
    if team is not None:
        chips.append({"text": f"the team is {team}", "remove_url": _address(None, show=show)})
    return chips


def _address(team: Team | None, *, show: str = "") -> str:
    asked = {"team": team.pk if team else "", "show": show}
    return reverse("feedback:pool", query={name: value for name, value in asked.items() if value} or None)


@require_POST
@signed_in_as(*WORKERS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lead out of the pool; it opens."""
    handoff = get_claimable(person(request), pk)
    row = assigning.claim(handoff=handoff, by=person(request), now=timezone.now())
    say(request, f"{handoff.lead} is yours now.")
    return redirect("feedback:handoff", row.pk)


@require_POST
@signed_in_as(*WORKERS)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked leads to a rep."""
    require_assigner(person(request))
    form = AssignForm(request.POST)
    with asking(form, title="Assign leads", verb="Assign", back=reverse("feedback:queue")) as given:
        count = assigning.reassign(
            handoff_ids=given["handoff"], to=given["to"], by=person(request), now=timezone.now()
        )
    noun = "lead" if count == 1 else "leads"
    say(request, f"Assigned {count:,} {noun} to {given['to']}.")
    return back(request, "feedback:queue")


@require_POST
@signed_in_as(*WORKERS)
def take_back(request: HttpRequest) -> HttpResponse:
    """Put the ticked, undecided leads back into their pools."""
    require_assigner(person(request))
    form = TakeBackForm(request.POST)
    with asking(form, title="Take leads back", verb="Take back", back=reverse("feedback:queue")) as given:
        count = pooling.take_back(handoff_ids=given["handoff"], by=person(request), now=timezone.now())
    noun = "lead waits" if count == 1 else "leads wait"
    say(request, f"Taken back: {count:,} {noun} in the pool, to be claimed for a day before it is dealt.")
    return back(request, "feedback:pool")
