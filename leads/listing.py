"""The lead list as a view-model: what is filtered, how it is sorted, and the rows of one page.

Its columns are fields of the registry, so it shows what higher apps say of a lead without knowing them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Exact, IsNull
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from core.hooks import LeadColumn, hooks
from leads.models import Lead
from leads.querysets import search
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.fields import Field, FieldType, Use, registry
from rules.nodes import All
from rules.query import parse_query, to_query
from rules.words import in_words

PAGE = 50
COUNTED = 10_000
OWN_PARAMETERS = frozenset({"q", "sort", "page"})
SORTS = ("score.total", "lead.created", "lead.name")
COLUMNS = ("activity.last_at",)
UNSHOWN = ("extra", "attributes", "attributes_folded")
"""Columns of a lead that may be large, and that no row shows as they are."""
FILTERS = (
    "score.grade",
    "score.is_ready",
    "lead.stage",
    "lead.owner",
    "lead.team",
    "lead.country",
    "lead.source",
    "lead.title",
    "company.industry",
    "company.employees.gte",
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, in words, and the address without it."""

    text: str
    remove_url: str


@dataclass(slots=True)
class LeadRow:
    """One lead of the page with the values of its columns by key, and the cells that hooks drew."""

    lead: Lead
    values: dict[str, Any]
    drawn: list[str] = field(default_factory=list)

    @property
    def last_activity(self) -> datetime | None:
        """When the lead did something last."""
        return self.values.get("activity.last_at")


def is_registered(key: str) -> bool:
    """Whether some app offers the field; it is none that comes and goes."""
    return any(each.key == key for each in registry.fixed())


class Listing:
    """One page of leads. ``params`` are the parameters of its address; RuleError if they ask nonsense."""

    def __init__(
        self, leads: QuerySet[Lead], params: Mapping[str, Sequence[str]], *, now: datetime, zone: ZoneInfo
    ) -> None:
        self.ctx = Context(now, zone)
        self.node = parse_query(params, use=Use.VIEW, ignore=OWN_PARAMETERS)
        self.q = _last(params, "q").strip()
        self.sort = self._sort(_last(params, "sort"))
        number = _last(params, "page")
        self.number = int(number) if number.isdecimal() and len(number) < 6 else 1
        rows = search(leads, self.q) if self.q else leads
        needs = [registry.get(key) for key in {self.sort.lstrip("-"), *_keys(self.node)}]
        self.rows = prepare(rows, needs, self.ctx).filter(compile_q(self.node, self.ctx))

    def _sort(self, asked: str) -> str:
        if asked.lstrip("-") in SORTS and is_registered(asked.lstrip("-")):
            return asked
        return "-score.total" if is_registered("score.total") else "-lead.created"

    @cached_property
    def counted(self) -> int:
        """How many leads there are, counted up to one more than ``COUNTED``."""
        return self.rows.order_by()[: COUNTED + 1].count()

    @property
    def count_words(self) -> str:
        """``1 lead``, ``3,120 leads``, ``10,000+ leads``."""
        if self.counted > COUNTED:
            return f"{COUNTED:,}+ leads"
        return "1 lead" if self.counted == 1 else f"{self.counted:,} leads"

    @cached_property
    def page(self) -> Page[Lead]:
        """Where we are; pages end at ``COUNTED`` leads, behind which filters serve better."""
        pages: Paginator[Lead] = Paginator(_Counted(min(self.counted, COUNTED)), PAGE)  # type: ignore[arg-type]  # counts only
        return pages.get_page(self.number)

    @cached_property
    def lead_rows(self) -> list[LeadRow]:
        """The leads of this page, in order, with their values: two queries, three at the unknowns."""
        start = (self.page.number - 1) * PAGE
        ids = self._ids(start, min(start + PAGE, COUNTED))
        columns = _columns()
        keys = {
            *(key for key in COLUMNS if is_registered(key)),
            *(key for each in columns for key in each.fields),
        }
        return self._with_values(ids, [registry.get(key) for key in sorted(keys)], columns)

    def _ids(self, start: int, stop: int) -> list[int]:
        """Ids in order: leads whose value is known, then the others, newest first."""
        key, is_down = self.sort.lstrip("-"), self.sort.startswith("-")
        asked = registry.get(key)
        value = asked.comparable(self.ctx)
        blank = Q(IsNull(value, True))
        if asked.type is FieldType.TEXT:
            blank |= Q(Exact(value, Value("")))
        order = value.desc() if is_down else value.asc()  # type: ignore[attr-defined]  # F and expressions have both
        known = self.rows.filter(~blank if asked.type is FieldType.TEXT else Q(IsNull(value, False)))
        tie = "-pk" if is_down else "pk"
        ids = list(known.order_by(order, tie).values_list("pk", flat=True)[start:stop])
        if len(ids) < stop - start and start + len(ids) < self.counted:
            passed = max(0, start - known.order_by().count())
            others = self.rows.filter(blank).order_by("-pk").values_list("pk", flat=True)
            ids += others[passed : passed + stop - start - len(ids)]
        return ids

    def _with_values(self, ids: list[int], fields: list[Field], columns: list[LeadColumn]) -> list[LeadRow]:
        rows = prepare(Lead.objects.filter(pk__in=ids), fields, self.ctx)
        names = {f"column_{place}": each for place, each in enumerate(fields)}
        rows = rows.annotate(**{name: each.value(self.ctx) for name, each in names.items()})
        found = {lead.pk: lead for lead in rows.select_related("company", "owner").defer(*UNSHOWN)}
        made = []
        for pk in ids:
            if lead := found.get(pk):
                values = {each.key: getattr(lead, name) for name, each in names.items()}
                made.append(LeadRow(lead, values, [_drawn(each, values) for each in columns]))
        return made

    @property
    def chips(self) -> list[Chip]:
        """Each filter in words, with the address that leaves it out."""
        children = self.node.children
        chips = []
        for place, child in enumerate(children):
            rest = All(children[:place] + children[place + 1 :])
            chips.append(Chip(in_words(child), self.url(rest)))
        if self.q:
            chips.append(Chip(f"name, e-mail, phone or company has “{self.q}”", self.url(self.node, q="")))
        return chips

    def url(self, node: All, q: str | None = None) -> str:
        """The address of this list under other filters, on its first page."""
        pairs = list(to_query(node) or [])
        text = self.q if q is None else q
        pairs += [("q", text)] if text else []
        pairs.append(("sort", self.sort))
        return "?" + urlencode(pairs)


class _Counted:
    """What a paginator needs of rows that are fetched otherwise."""

    def __init__(self, count: int) -> None:
        self._count = count

    def count(self) -> int:
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: slice) -> list[Lead]:
        return []


def _last(params: Mapping[str, Sequence[str]], name: str) -> str:
    given = params.get(name) or [""]
    return given[-1]


def _keys(node: All) -> Iterable[str]:
    return (getattr(child, "field", "lead.name") for child in node.children)


def _columns() -> list[LeadColumn]:
    return sorted(hooks.lead_columns, key=lambda each: each.order)


def _drawn(column: LeadColumn, values: dict[str, Any]) -> str:
    return render_to_string(column.template, column.context({key: values[key] for key in column.fields}))
