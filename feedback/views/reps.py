"""How a rep works and what new leads may come, and handing over everything that somebody has."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import display
from core.asking import add_problems, asking
from core.errors import Invalid
from core.toasts import say
from feedback.access import REP_EDITORS, get_leave, get_owner, get_rep
from feedback.forms.reps import HandOverForm, LeaveForm, RepForm
from feedback.models import Handoff, Leave, RepSettings
from feedback.routing.page import leftovers, rep_lines
from feedback.routing.reps import company_day, load_reps
from feedback.services.handing_over import HandedOver, Way, hand_over, open_work
from feedback.services.reps import add_leave, remove_leave, set_rep
from users.access import person, signed_in_as
from users.models import User

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*REP_EDITORS)
def rep(request: HttpRequest, pk: int) -> HttpResponse:
    """A rep's hours, absence, capacity, limits and ramp; leave is planned beside it."""
    who, now = get_rep(person(request), pk), timezone.now()
    settings = RepSettings.objects.filter(user=who).first()
    form = RepForm(request.POST or None, initial=RepForm.initial_of(settings))
    if request.method == "POST":
        form = RepForm(request.POST)
        if form.is_valid():
            try:
                set_rep(rep=who, terms=form.terms(), by=person(request), now=now)
            except Invalid as error:
                add_problems(form, error)
            else:
                say(request, f"{who} is saved.")
                return redirect("feedback:routing")
    context = {
        "rep": who,
        "form": form,
        "leave_form": LeaveForm(),
        "leaves": Leave.objects.filter(rep=who, ends__gte=company_day(now)),
        "now_as": next((each for each in load_reps(now=now) if each.id == who.pk), None),
        "open": open_work(who).count(),
    }
    return render(request, "feedback/rep.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in_as(*REP_EDITORS)
def leave_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan days off of a rep."""
    who, back = get_rep(person(request), pk), reverse("feedback:rep_settings", args=[pk])
    with asking(LeaveForm(request.POST), title=f"Leave of {who}", verb="Plan it", back=back) as given:
        row = add_leave(rep=who, by=person(request), now=timezone.now(), **given)
    today = company_day(timezone.now())
    starts, ends = (display.day(each, today=today) for each in (row.starts, row.ends))
    say(request, f"{who} is on leave from {starts} to {ends}. Due times leave those days out.")
    return redirect(back)


@require_POST
@signed_in_as(*REP_EDITORS)
def leave_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take planned days off back."""
    row = get_leave(person(request), pk)
    remove_leave(leave=row, by=person(request), now=timezone.now())
    say(request, f"The leave of {row.rep} is taken out.")
    return redirect("feedback:rep_settings", row.rep_id)


@require_safe
@signed_in_as(*REP_EDITORS)
def hand_over_choice(request: HttpRequest) -> HttpResponse:
    """Whose work is handed over: who left and has open leads, then all reps."""
    context = {"leftovers": leftovers(), "reps": rep_lines(now=timezone.now())}
    return render(request, "feedback/hand_over_choice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*REP_EDITORS)
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that somebody has, and where it goes."""
    who, now = get_owner(person(request), pk), timezone.now()
    form = HandOverForm(request.POST or None, owner=who)
    if request.method == "POST" and form.is_valid():
        way, to = Way(form.cleaned_data["way"]), form.cleaned_data["to"]
        try:
            done = hand_over(rep=who, way=way, to=to, by=person(request), now=now)
        except Invalid as error:
            add_problems(form, error)
        else:
            say(request, _told(who, done, to if way == Way.REP else None))
            return redirect("feedback:routing")
    work = open_work(who)
    rows = work.select_related("handoff__lead__company")
    undecided = work.filter(handoff__state=Handoff.State.ASSIGNED).count()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "owner": who,
        "form": form,
        "page": page,
        "undecided": undecided,
        "accepted": page.paginator.count - undecided,
    }
    return render(request, "feedback/hand_over.html", context, status=422 if form.errors else 200)


def _told(who: User, done: HandedOver, to: User | None) -> str:
    """``Of Ana's work 12 leads were dealt to others, 3 wait in the pool.``"""
    parts = [f"{done.given:,} went to {to or 'others'}"] if done.given else []
    parts += [f"{done.pooled:,} wait in the pool"] if done.pooled else []
    parts += [f"{done.kept:,} stay with {who}"] if done.kept else []
    return f"Handed over: {display.listed(parts)}." if parts else f"{who} had nothing to hand over."
