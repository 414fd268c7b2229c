"""The commonest values of a field and of what leads visited, for the inputs of a condition.

Never of personal fields, and never a value that only one or two leads have: a suggestion shows what a
group of leads shares. In a large base the counts come from the same sample as ``leads.counting``.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, F, Max, Min, Q, QuerySet
from redis.exceptions import RedisError

from core.deadlines import TooSlow, at_most
from leads.counting import EXACT_UP_TO, IdIn, draw
from leads.models import Activity, Lead
from rules.compile import prepare
from rules.context import Context
from rules.fields import Field, FieldType
from users.models import Organisation

MOST = 50
AT_LEAST = 3
"""So many leads share a value that is suggested."""
LATEST = 50_000
"""So many of the latest activities say what leads visit."""
PATIENCE = 1.0
KEPT = 300
"""Seconds for which an answer is kept."""
NO_SUGGESTIONS = frozenset(
    {
        *("lead.name", "lead.email", "lead.phone", "lead.driver"),
        *("company.driver", "company.department_driver", "company.politics"),
    }
)
"""What names a person, and what sales noted in words of its own about people."""
SUGGESTED = frozenset({FieldType.TEXT, FieldType.CHOICE})


@dataclass(frozen=True, slots=True)
class Common:
    """A value that leads share: as a condition has it, as people read it, and how many have it."""

    value: str
    label: str
    leads: int


def may_suggest(field: Field) -> bool:
    """Whether values of ``field`` may be shown: not those that name a person, nor texts of custom fields,
    of which nobody knows what people write there."""
    is_own_text = field.type is FieldType.TEXT and field.key.startswith("attribute.")
    return field.type in SUGGESTED and field.key not in NO_SUGGESTIONS and not is_own_text


def common_values(field: Field, *, now: datetime) -> list[Common]:
    """The commonest values of ``field``, most leads first; none where they may not be shown or it takes
    too long. An answer is kept for ``KEPT`` seconds."""
    if not may_suggest(field):
        return []
    return _kept(f"leads.common:{field.key}", lambda: _values(field, now))


def common_details(kinds: Iterable[str]) -> list[Common]:
    """The commonest details (page addresses, forms ...) among the latest activities of ``kinds``, or of all
    kinds; none if it takes too long. An answer is kept for ``KEPT`` seconds."""
    chosen = sorted(set(kinds))
    return _kept(f"leads.details:{','.join(chosen)}", lambda: _details(chosen))


def _kept(key: str, ask: Callable[[], list[Common]]) -> list[Common]:
    """The answer from the cache, or asked for now; without a cache it is asked for each time."""
    with suppress(RedisError):
        if (known := cache.get(key)) is not None:
            return [Common(**each) for each in known]
    try:
        with at_most(PATIENCE):
            found = ask()
    except TooSlow:
        found = []
    with suppress(RedisError):
        cache.set(key, [asdict(each) for each in found], KEPT)
    return found


def _values(field: Field, now: datetime) -> list[Common]:
    leads, factor = _some_leads()
    ctx = Context(now, Organisation.current().tz)
    rows = prepare(leads, [field], ctx).annotate(asked=field.value(ctx)).exclude(asked=None)
    if field.type is FieldType.TEXT or (field.blank and not field.stored):
        rows = rows.exclude(asked="")
    counted = rows.values_list("asked").annotate(met=Count("pk")).filter(met__gte=AT_LEAST)
    names = {stored: key for key, stored in field.stored.items()}
    labels = dict(field.options())
    return [
        Common(key, labels.get(key, key), round(met * factor))
        for stored, met in counted.order_by("-met", "asked")[:MOST]
        for key in [str(names.get(stored, stored))]
    ]


def _some_leads() -> tuple[QuerySet[Lead], float]:
    """All leads, or a sample of many with the factor that its counts stand for."""
    leads = Lead.objects.order_by()
    ids = leads.aggregate(first=Min("pk"), last=Max("pk"), total=Count("pk"))
    total = ids["total"]
    if total <= EXACT_UP_TO:
        return leads, 1.0
    drawn = draw(ids["first"], ids["last"], total)
    span = ids["last"] - ids["first"] + 1
    return leads.filter(Q(IdIn(drawn))), span / len(drawn)


def _details(kinds: list[str]) -> list[Common]:
    latest = Activity.objects.order_by("-pk").values("pk")[:LATEST]
    rows = Activity.objects.filter(pk__in=latest).exclude(detail="").order_by()
    if kinds:
        rows = rows.filter(kind__in=kinds)
    counted = rows.values_list("detail").annotate(met=Count(F("lead_id"), distinct=True))
    shared = counted.filter(met__gte=AT_LEAST).order_by("-met", "detail")[:MOST]
    return [Common(detail, detail, met) for detail, met in shared]
