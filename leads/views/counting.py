"""The live parts of a condition builder: its rows after a button, its sentence and count as one types."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.errors import Invalid
from leads.counting import count_matching
from leads.suggesting import Common, common_details, common_values
from rules.activities import activities
from rules.builder import ACTION, BuilderState
from rules.builder.activity import SUGGEST as ACTIVITY_FIELD
from rules.fields import CONDITION_USES, Use, registry
from users.access import signed_in_as
from users.models import MARKETING, Role

BUILDERS = MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR}
"""Who may draft, and so build conditions and count the leads they match."""
MAX_LABEL = 120
UNREADABLE = "The leads are counted once every condition is complete."


@require_POST
@signed_in_as(*BUILDERS)
def builder(request: HttpRequest) -> HttpResponse:
    """The builder after one of its buttons, or after another field or operator; nothing is saved."""
    state = _state(request)
    state.apply(request.POST.get(ACTION, ""))
    return render(request, "rules/builder.html", {"builder": state})


@require_POST
@signed_in_as(*BUILDERS)
def said(request: HttpRequest) -> HttpResponse:
    """What the rows mean in words, and how many leads match now."""
    state = _state(request)
    if state.is_counted:
        state.count_words = _count_words(state)
    return render(request, "rules/_said.html", {"builder": state})


def _count_words(state: BuilderState) -> str:
    node = state.readable()
    return str(count_matching(node, now=timezone.now())) if node else UNREADABLE


@require_safe
@signed_in_as(*BUILDERS)
def common(request: HttpRequest) -> JsonResponse:
    """The commonest values of ``?field=`` in ``?use=``; of the details of ``?field=activity:kind,kind``."""
    key = request.GET.get("field", "")[:MAX_LABEL]
    found: list[Common] = []
    if key.startswith(ACTIVITY_FIELD):
        kinds = [kind for kind in key.removeprefix(ACTIVITY_FIELD).split(",") if kind]
        found = common_details(activities.get(kind).key for kind in kinds)
    elif key:
        field = registry.get(key, _use(request.GET.get("use", "")))
        found = common_values(field.settled(), now=timezone.now())
    return JsonResponse({"values": [asdict(each) for each in found]})


def _use(asked: str) -> Use:
    if asked not in CONDITION_USES:
        raise Invalid("The condition's form can't be read. Load the page again.")
    return Use(asked)


def _state(request: HttpRequest) -> BuilderState:
    """The rows that the form sent; Invalid if it doesn't say of which builder, or of a use without one."""
    prefix = request.POST.get("builder", "")
    return BuilderState.from_post(
        request.POST,
        prefix,
        _use(request.POST.get(f"{prefix}-use", "")),
        label=request.POST.get(f"{prefix}-label", "")[:MAX_LABEL] or "Condition",
        is_checked=request.POST.get(f"{prefix}-checked") == "1",
        is_counted=request.POST.get(f"{prefix}-counted") != "0",
    )
