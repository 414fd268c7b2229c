"""The list of leads."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.hooks import hooks
from leads.access import IMPORTERS, READERS, may_edit, visible_leads
from leads.listing import FILTERS, OWN_PARAMETERS, Listing, is_registered
from leads.views.shared import is_fragment
from rules.fields import FieldType, Use, registry
from users.access import person, signed_in_as
from users.models import Organisation, Role, User


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view: its words, its address and whether it is shown."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filter form with what is chosen now."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    value: str


@require_safe
@signed_in_as(*READERS)
def lead_list(request: HttpRequest) -> HttpResponse:
    """The leads that the person may see, filtered, sorted and in pages of 50."""
    viewer = person(request)
    params = dict(request.GET.lists())
    listing = Listing(visible_leads(viewer), params, now=timezone.now(), zone=Organisation.current().tz)
    is_narrowed = bool(listing.chips)
    asked = request.GET.copy()
    asked["sort"] = listing.sort
    request.GET = asked  # type: ignore[assignment]  # the heads of the table then show the usual order too
    context = {
        "listing": listing,
        "tabs": _tabs(viewer, request),
        "filters": _filters(request),
        "columns": sorted(hooks.lead_columns, key=lambda each: each.order),
        "may_add": may_edit(viewer),
        "may_import": viewer.role in IMPORTERS,
        "is_narrowed": is_narrowed,
        "hidden": [
            (name, value)
            for name, given in params.items()
            for value in given
            if name not in OWN_PARAMETERS and name not in FILTERS
        ],
    }
    return render(request, "leads/_list.html" if is_fragment(request) else "leads/list.html", context)


def _tabs(viewer: User, request: HttpRequest) -> list[Tab]:
    views: list[tuple[str, dict[str, str]]] = [("All", {})]
    if is_registered("score.is_ready"):
        views += [("Sales-ready", {"score.is_ready": "true"}), ("Grade A", {"score.grade": "A"})]
    if viewer.role == Role.REP:
        views.append(("Mine", {"lead.owner": str(viewer.pk)}))
    views += [("Nurture", {"lead.stage": "nurture"}), ("Customers", {"lead.stage": "customer"})]
    chosen = {name: value for name, value in request.GET.items() if name not in OWN_PARAMETERS and value}
    address = reverse("leads:list")
    return [
        Tab(label, f"{address}?{urlencode(given)}" if given else address, chosen == given)
        for label, given in views
    ]


def _filters(request: HttpRequest) -> list[Filter]:
    found = []
    for name in FILTERS:
        key = ".".join(name.split(".")[:2])
        if is_registered(key) and Use.VIEW in registry.get(key).uses:
            found.append(_filter(name, key, request.GET.get(name, "")))
    return found


def _filter(name: str, key: str, value: str) -> Filter:
    field = registry.get(key)
    kinds: dict[Any, str] = {FieldType.NUMBER: "number", FieldType.MONEY: "number", FieldType.TEXT: "text"}
    choices = field.options()
    if field.type is FieldType.BOOLEAN:
        choices = (("true", "Yes"), ("false", "No"))
    label = f"{field.label}, at least" if name.endswith(".gte") else field.label
    return Filter(name, label, kinds.get(field.type, "select"), choices, value)
