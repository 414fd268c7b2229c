"""What depends on the company's zone or currency, worked out again when one of them changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from django.db.models import BigIntegerField, Case, F, Max, Min, Q, Value, When

from core.hooks import Recount
from leads.marks import mark
from leads.models import Activity, BantAnswer, ChangeCause, Company, Lead
from users.models import Organisation

DAY = 86_400
FAR = 1_000_000
"""Days added before the division and taken off after it: SQL rounds towards 0, days before 1970 go down."""


def count_days(now: datetime) -> None:
    """Set the day of every activity in the zone as it is now, in one statement; all leads are marked."""
    zone = Organisation.current().tz
    ends = Activity.objects.aggregate(first=Min("at_epoch"), last=Max("at_epoch"))
    if ends["first"] is not None:
        local = F("at_epoch") + _offset(zone, ends["first"], ends["last"])
        Activity.objects.update(day=(local + Value(FAR * DAY)) / Value(DAY) - Value(FAR))
    _mark_all(now)


def count_money(now: datetime) -> None:
    """Convert every amount to the currency as it is now; one without a known rate counts as unknown."""
    currency = Organisation.current().currency
    same = {"", currency}
    Company.objects.update(revenue_reporting=Case(When(revenue_currency__in=same, then=F("revenue"))))
    BantAnswer.objects.update(amount_reporting=Case(When(currency__in=same, then=F("amount"))))
    _mark_all(now)


def offsets(zone: tzinfo, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The seconds that ``zone`` is ahead of UTC, each with the epoch second from which it holds.

    The first pair holds at ``first`` already; zones change by whole hours of UTC or halves of them, and
    the search is exact to the second.
    """
    held = _ahead(zone, first)
    yield first, held
    for start in range(first, last + 1, DAY):
        end = min(start + DAY, last)
        if _ahead(zone, end) != held:
            low, high = start, end
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _ahead(zone, middle) == held else (low, middle)
            held = _ahead(zone, end)
            yield high, held


def _offset(zone: tzinfo, first: int, last: int) -> Case:
    (_, held), *changes = offsets(zone, first, last)
    whens = [When(Q(at_epoch__gte=start), then=Value(ahead)) for start, ahead in reversed(changes)]
    return Case(*whens, default=Value(held), output_field=BigIntegerField())


def _ahead(zone: tzinfo, epoch: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch)
    offset = moment.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _mark_all(now: datetime) -> None:
    mark(Lead.objects.values_list("pk", flat=True).iterator(), cause=ChangeCause.DECAY, now=now)


ZONE = Recount(
    "The day of every activity is counted again, and every lead is judged again.",
    in_use=Activity.objects.exists,
    run=count_days,
)
CURRENCY = Recount(
    "Amounts in other currencies count as unknown, amounts without a currency as the new one, "
    "and every lead is judged again.",
    in_use=lambda: (
        Company.objects.exclude(revenue=None).exists() or BantAnswer.objects.exclude(amount=None).exists()
    ),
    run=count_money,
)
