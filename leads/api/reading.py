"""Reading leads for the API: the filters of the list page; a page begins where the one before ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThanOrEqual
from django.utils import timezone
from rest_framework.request import Request

from core.api.paging import Page, cursor_of, limit_of
from core.errors import Invalid, Problem
from leads.access import visible_leads
from leads.api.outputs import plain_value
from leads.listing import SORTS, is_registered
from leads.models import Lead
from leads.querysets import search
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.errors import RuleError
from rules.fields import Field, FieldType, Use, registry
from rules.query import parse_query
from users.api.caller import caller
from users.models import Organisation

OWN_PARAMETERS = frozenset({"q", "sort", "limit", "cursor", "fields"})
SHOWN = ("score.grade", "score.total", "score.is_ready")
Key = tuple[Any, int]


def context() -> Context:
    """Now, in the company's zone."""
    return Context(timezone.now(), Organisation.current().tz)


def lead_page(request: Request) -> Page[Lead]:
    """The leads that the caller may see and asked for; Invalid names the parameter that can't be used."""
    ctx = context()
    shown = asked_fields(request)
    sort = _sort(request)
    params = dict(request.query_params.lists())
    node = parse_query(params, use=Use.VIEW, ignore=OWN_PARAMETERS)
    rows = visible_leads(caller(request))
    if text := request.query_params.get("q", "").strip():
        rows = search(rows, text)
    rows = prepare(rows, node, ctx).filter(compile_q(node, ctx))
    limit, kind = limit_of(request), f"leads {sort}"
    found = _keys(rows, sort, cursor_of(request, kind), limit + 1, ctx)
    leads = with_fields([pk for _, pk in found[:limit]], shown, ctx)
    return Page(leads, [kind, *found[limit - 1]] if len(found) > limit else None)


def with_fields(ids: list[int], fields: list[Field], ctx: Context) -> list[Lead]:
    """The leads with these ids, in their order, each with ``asked_fields``, by two queries."""
    rows = prepare(Lead.objects.filter(pk__in=ids), fields, ctx)
    names = {f"asked_{place}": each for place, each in enumerate(fields)}
    rows = rows.annotate(**{name: each.value(ctx) for name, each in names.items()})
    rows = rows.select_related("company", "owner", "team").prefetch_related("external_ids")
    found = {lead.pk: lead for lead in rows}
    for lead in found.values():
        lead.asked_fields = {each.key: plain_value(each, getattr(lead, name)) for name, each in names.items()}  # type: ignore[attr-defined]  # shown by LeadOut
    return [found[pk] for pk in ids if pk in found]


def asked_fields(request: Request) -> list[Field]:
    """The registered fields of ``fields=a,b``, else the usual ones; RuleError for one that is no column."""
    asked = request.query_params.get("fields")
    if asked is None:
        return usual_fields()
    keys = dict.fromkeys(key.strip() for key in asked.split(",") if key.strip())
    try:
        return [registry.get(key, Use.COLUMN) for key in keys]
    except RuleError as error:
        raise Invalid(f"fields: {error.message}", problems=(Problem(error.message, "fields"),)) from None


def usual_fields() -> list[Field]:
    """The registered fields that are shown unless others are asked for."""
    return [registry.get(key) for key in SHOWN if is_registered(key)]


def sorts() -> list[str]:
    """What ``sort`` may be; with a minus, from the highest down."""
    keys = ["id", *(key for key in SORTS if is_registered(key))]
    return [each for key in keys for each in (key, f"-{key}")]


def _sort(request: Request) -> str:
    sort = request.query_params.get("sort", "id")
    if sort not in sorts():
        message = f"Choose one of: {', '.join(sorts())}."
        raise Invalid(f"sort: {message}", problems=(Problem(message, "sort"),))
    return sort


def _keys(rows: QuerySet[Lead], sort: str, after: list[Any] | None, count: int, ctx: Context) -> list[Key]:
    """(value, id) of the next leads: those whose value is known in order, then the others, newest first."""
    is_down, key = sort.startswith("-"), sort.lstrip("-")
    if key == "id":
        if after:
            rows = rows.filter(pk__lt=after[1]) if is_down else rows.filter(pk__gt=after[1])
        ids = rows.order_by("-pk" if is_down else "pk").values_list("pk", flat=True)
        return [(None, pk) for pk in ids[:count]]
    field = registry.get(key)
    rows = prepare(rows, [field], ctx)
    found: list[Key] = []
    if after is None or after[0] is not None:
        found = _known(rows, field, is_down, after, ctx, count)
    if len(found) < count:
        others = rows.filter(_blank(field, ctx))
        if after and after[0] is None:
            others = others.filter(pk__lt=after[1])
        ids = others.order_by("-pk").values_list("pk", flat=True)
        found += [(None, pk) for pk in ids[: count - len(found)]]
    return found


def _known(
    rows: QuerySet[Lead], field: Field, is_down: bool, after: list[Any] | None, ctx: Context, count: int
) -> list[Key]:
    value: Any = field.comparable(ctx)
    known = rows.filter(~_blank(field, ctx) if field.type is FieldType.TEXT else Q(IsNull(value, False)))
    if after:
        last = Value(datetime.fromisoformat(after[0]) if field.type is FieldType.MOMENT else after[0])
        from_here = LessThanOrEqual(value, last) if is_down else GreaterThanOrEqual(value, last)
        tie = Q(pk__lt=after[1]) if is_down else Q(pk__gt=after[1])
        known = known.filter(Q(from_here), ~Q(Exact(value, last)) | tie)  # so an index can begin here
    order = (value.desc(), "-pk") if is_down else (value.asc(), "pk")
    pairs: Iterable[Key] = (
        known.annotate(sorted_by=value).order_by(*order).values_list("sorted_by", "pk")[:count]
    )
    return [(each.isoformat() if isinstance(each, datetime) else each, pk) for each, pk in pairs]


def _blank(field: Field, ctx: Context) -> Q:
    value = field.comparable(ctx)
    blank = Q(IsNull(value, True))
    return blank | Q(Exact(value, Value(""))) if field.type is FieldType.TEXT else blank
