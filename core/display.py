"""How figures, money, moments and durations read on every page: pure functions, plain text out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils import timezone

NOTHING = "–"
MINUS = "−"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def number(value: object, decimals: int | None = None) -> str:
    """``1000000`` as ``1,000,000``; whole numbers lose their zeros unless ``decimals`` is given.

    None and text that is no number become a dash.
    """
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return NOTHING
    if not figure.is_finite():
        return NOTHING
    if decimals is None:
        decimals = 0 if figure == figure.to_integral_value() else 1
    return f"{figure:,.{decimals}f}".replace("-", MINUS)


def signed(points: int | None) -> str:
    """Points with their sign: ``+15``, ``−5``, ``0``."""
    if points is None:
        return NOTHING
    return f"+{number(points)}" if points > 0 else number(points)


def percent(ratio: float | Decimal | None) -> str:
    """A ratio from 0 to 1 as whole per cent: ``0.861`` is ``86 %``."""
    return NOTHING if ratio is None else f"{number(ratio * 100, 0)} %"


def money(amount: object, currency: str) -> str:
    """``€1,200`` or ``CHF 1,200.50``; cents are shown only where there are some."""
    try:
        figure = Decimal(str(amount))
    except InvalidOperation:
        return NOTHING
    text = number(abs(figure), 0 if figure == figure.to_integral_value() else 2)
    sign = MINUS if figure < 0 else ""
    return f"{sign}{SYMBOLS[currency]}{text}" if currency in SYMBOLS else f"{sign}{currency} {text}"


def duration(minutes: float) -> str:
    """``130`` minutes as ``2 h 10 min``; the sign is dropped and seconds are cut."""
    hours, rest = divmod(abs(int(minutes)), 60)
    parts = [f"{number(hours)} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def short_duration(minutes: float) -> str:
    """As ``duration``, but without minutes from three hours on, where nobody counts them."""
    return duration(minutes if abs(minutes) < 180 else int(minutes / 60) * 60)


def moment(at: datetime, *, now: datetime) -> str:
    """``Mon 23 Nov, 11:40`` in the active zone; the year is named unless it is this one."""
    local = timezone.localtime(at)
    return f"{day(local.date(), today=timezone.localtime(now).date())}, {local:%H:%M}"


def day(on: date, *, today: date) -> str:
    """``Fri 4 Dec``; the year is named unless it is this one."""
    return f"{on:%a} {on.day} {on:%b}" + ("" if on.year == today.year else f" {on.year}")


def exact_moment(at: datetime) -> str:
    """The moment in full with its zone, for the tooltip: ``Monday 23 November 2026, 11:40 (UTC)``."""
    local = timezone.localtime(at)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({timezone.get_current_timezone_name()})"


def ago(at: datetime, *, now: datetime) -> str:
    """``3 h ago`` or ``in 2 days``; under a minute it is ``just now``.

    From 24 hours on it counts days of the active zone, as people do and as ``3 days ago`` reads elsewhere.
    """
    gap = now - at
    size = abs(gap)
    if size < timedelta(minutes=1):
        return "just now"
    if size < timedelta(hours=1):
        text = f"{size // timedelta(minutes=1)} min"
    elif size < timedelta(days=1):
        text = f"{size // timedelta(hours=1)} h"
    else:
        apart = timezone.localtime(now).date() - timezone.localtime(at).date()
        days = max(abs(apart.days), 1)  # a day may be 25 hours long
        text = "1 day" if days == 1 else f"{number(days)} days"
    return f"{text} ago" if gap > timedelta(0) else f"in {text}"


def listed(names: Sequence[str]) -> str:
    """Names as a person lists them: ``Ana``, ``Ana and Ben``, ``Ana, Ben and Cem``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def initials(name: str) -> str:
    """Two letters for a person: ``Ana de Souza`` is ``AS``."""
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
