"""One lead: its page, its timeline, and the forms that change it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.hooks import hooks
from core.toasts import say
from leads import buying_page, record, services
from leads.access import EDITORS, READERS, get_editable_lead, get_lead, may_edit, visible_leads
from leads.forms import AnswerForm, LeadForm, initial_of, posted
from leads.models import BantDimension
from leads.views.shared import is_fragment
from users.access import person, signed_in_as


@require_safe
@signed_in_as(*READERS)
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Who this is, how good, why, and what happened."""
    shown = get_lead(person(request), pk)
    context = {
        "lead": shown,
        "facts": record.facts(shown),
        "company_facts": record.company_facts(shown),
        "custom_facts": record.custom_facts(shown),
        "statuses": record.statuses(shown, now=timezone.now()),
        "timeline": record.timeline(shown, record.STEP),
        "buying": buying_page.panel(shown),
        "header_panels": record.panels(request, shown, "header"),
        "left_panels": record.panels(request, shown, "left"),
        "timeline_panels": record.panels(request, shown, "timeline"),
        "right_panels": record.panels(request, shown, "right"),
        "may_edit": may_edit(person(request)),
        **record.known_elsewhere(shown),
    }
    return render(request, "leads/lead.html", context)


@require_safe
@signed_in_as(*READERS)
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline alone, as far back as ``?limit=`` entries."""
    shown = get_lead(person(request), pk)
    asked = request.GET.get("limit", "")
    limit = int(asked) if asked.isdecimal() and len(asked) < 6 else record.STEP
    context = {"lead": shown, "timeline": record.timeline(shown, limit)}
    return render(request, "leads/_timeline.html" if is_fragment(request) else "leads/timeline.html", context)


@require_safe
@signed_in_as(*READERS)
def panel(request: HttpRequest, pk: int, slot: str, order: int) -> HttpResponse:
    """One panel of another app alone, to be swapped in."""
    shown = get_lead(person(request), pk)
    found = [each for each in hooks.lead_panels if (each.slot, each.order) == (slot, order)]
    if not found:
        raise Http404("No such panel.")
    return HttpResponse(record.draw(request, shown, found[0]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*EDITORS)
def new(request: HttpRequest) -> HttpResponse:
    """Add a lead by hand; one that is there already is shown before it is added again."""
    form = LeadForm(posted(request))
    same = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        known = visible_leads(person(request)).filter(email_folded=email.casefold()) if email else None
        same = known.first() if known is not None and "add_anyway" not in request.POST else None
        if same is None:
            try:
                made = services.create_lead(facts=form.facts(), by=person(request), now=timezone.now())
            except ApplicationError as error:
                add_problems(form, error)
            else:
                say(request, f"{made} was added.")
                return redirect("leads:lead", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/edit.html", {"form": form, "same": same}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a lead; what somebody else changed meanwhile is not overwritten."""
    shown = get_editable_lead(person(request), pk)
    form = LeadForm(posted(request), initial=initial_of(shown))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.update_lead(
                    lead=shown,
                    facts=form.facts(),
                    by=person(request),
                    now=timezone.now(),
                    seen_at=form.cleaned_data["seen_at"],
                )
            except ApplicationError as error:
                add_problems(form, error)
                status = 409 if error.status == 409 else 422
            else:
                say(request, "Saved.")
                return redirect("leads:lead", pk=pk)
    return render(request, "leads/edit.html", {"form": form, "lead": shown}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what somebody said of budget, authority, need or timeframe."""
    shown = get_editable_lead(person(request), pk)
    asked = request.GET.get("dimension", "")
    initial = {"dimension": asked if asked in BantDimension.values else BantDimension.BUDGET}
    form = AnswerForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.facts()
            services.record_answer(lead=shown, answer=said, by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, f"{said.dimension.label} is recorded as {said.level.label.lower()}.")
            return redirect("leads:lead", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/answer.html", {"form": form, "lead": shown}, status=status)
