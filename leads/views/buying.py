"""The buying centre of a lead's company: the form of all its facts, and the one press that sets one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.asking import add_problems, asking
from core.errors import ApplicationError
from core.redirects import back, is_ours
from core.toasts import say
from leads import services
from leads.access import READERS, get_editable_lead
from leads.buying_forms import BuyingForm, FactForm
from leads.buying_page import panel
from leads.forms import posted
from leads.views.shared import is_fragment
from users.access import person, signed_in_as


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All facts in one form; what somebody else changed meanwhile is not overwritten."""
    shown = get_editable_lead(person(request), pk)
    current = panel(shown)
    form = BuyingForm(posted(request), panel=current)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.update_buying(
                    lead=shown, said=form.said(), seen=form.seen(), by=person(request), now=timezone.now()
                )
            except ApplicationError as error:
                add_problems(form, error)
                status = 409 if error.status == 409 else 422
            else:
                say(request, "Saved. Criteria that ask for it judge the leads of this company anew.")
                return back(request, reverse("leads:lead", args=[pk]))
    target = _next(request)
    leave = target if is_ours(request, target) else reverse("leads:lead", args=[pk])
    context = {"form": form, "lead": shown, "buying": current, "next": target, "leave": leave}
    return render(request, "leads/buying.html", context, status=status)


@require_POST
@signed_in_as(*READERS)
def fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Set one fact; htmx gets the panel as it is then."""
    shown = get_editable_lead(person(request), pk)
    page = reverse("leads:buying", args=[pk])
    with asking(FactForm(request.POST), title="Buying centre", verb="Save", back=page) as given:
        key = given["fact"]
        services.update_buying(
            lead=shown,
            said={key: given["value"]},
            seen={key: given["seen"]},
            by=person(request),
            now=timezone.now(),
        )
    if not is_fragment(request):
        return back(request, reverse("leads:lead", args=[pk]))
    fresh = get_editable_lead(person(request), pk)
    context = {"lead": fresh, "buying": panel(fresh), "may_edit": True, "back": request.POST.get("next", "")}
    return render(request, "leads/_buying_facts.html", context)


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", "") if request.method == "POST" else request.GET.get("next", "")
