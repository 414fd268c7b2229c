"""Cells to values: yes and no, money, counts, moments, BANT answers. Pure functions."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

from core.text import fold
from leads.cleaning import UnusableError
from leads.facts import AnswerFacts
from leads.models import BantDimension, BantLevel

WORDS_FOR_NOTHING: Final = """
    null none -none- n/a na #n/a #ref! - -- — select unknown undefined nan nil (blank) ? [not&provided]
    not&provided not&set
"""
EMPTY: Final = frozenset(word.replace("&", " ") for word in WORDS_FOR_NOTHING.split())
YES: Final = frozenset(
    {"1", "true", "t", "yes", "y", "ja", "oui", "si", "x", "on", "opted out", "unsubscribed"}
)
NO: Final = frozenset({"0", "false", "f", "no", "n", "nein", "non", "off", "opted in", "subscribed"})
SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
FACTORS: Final = {"": 1, "k": 10**3, "t": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6,
                  "b": 10**9, "bn": 10**9, "mrd": 10**9, "billion": 10**9}  # fmt: skip
RANGE: Final = re.compile(r"(?<=[\dkmb])\s*(?:-|–|—|\bto\b|\bbis\b|\.\.+)\s*(?=[^\s])", re.IGNORECASE)
FIGURE: Final = re.compile(
    r"(?P<before>[^\d.,+-]*)(?P<number>[+-]?\d[\d.,'’\s\xa0]*(?:e[+-]?\d+)?)\s*"
    r"(?P<factor>k|t|mn|mio|million|m|bn|billion|b|mrd)?\.?\s*(?P<after>[^\d]*)",
    re.IGNORECASE,
)
SLASHED: Final = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:,?\s+(.+))?")
DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?:,?\s+(.+))?")
NAMED: Final = ("%d %b, %Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
                "%d-%b-%Y", "%b %d, %Y %I:%M %p", "%d %b, %Y", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S")  # fmt: skip
TIMES: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
EXCEL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date has no zone; the caller adds it


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing: blank, or one of the words that systems write for that."""
    text = cell.strip()
    return not text or (len(text) <= 16 and text.lower() in EMPTY)


def flag(cell: str) -> bool:
    """Yes or no, in the words of common exports."""
    word = fold(cell)
    if word in YES:
        return True
    if word in NO:
        return False
    raise UnusableError("is neither yes nor no")


def money(cell: str) -> tuple[Decimal, str]:
    """An amount and its currency ("" if it isn't said): ``1.234,50``, ``$1,117.10K``, ``10M EUR``.

    Of a range such as ``10-50k`` the lower end counts.
    """
    low, *rest = RANGE.split(cell.strip().lstrip("<>≥≤~ "), maxsplit=1)
    match = FIGURE.fullmatch(low.rstrip("+ "))
    if match is None:
        raise UnusableError("is no amount; write it like 1234.50")
    amount = number(match["number"])
    factor = match["factor"] or (_factor_of(rest[0]) if rest else "")
    named = f"{match['before']} {match['after']} {rest[0] if rest else ''}"
    return round(amount * FACTORS[factor.lower()], 2), _currency(named)


def _factor_of(high: str) -> str:
    """``10-50k`` means thousands on both sides."""
    match = FIGURE.fullmatch(high.rstrip("+ "))
    return (match["factor"] or "") if match else ""


def _currency(text: str) -> str:
    code = re.search(r"\b[A-Z]{3}\b", text)
    return code[0] if code else next((SYMBOLS[char] for char in text if char in SYMBOLS), "")


def number(text: str) -> Decimal:
    """A number with either separator: the last is the decimal one, unless it is alone before three digits."""
    bare = re.sub(r"[\s'’\xa0]", "", text).rstrip(".,")
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0 and "e" not in bare.lower():
        mark, digits = bare[last], bare[last + 1 :]
        other = "," if mark == "." else "."
        is_decimal = bare.count(mark) == 1 and (
            len(digits) != 3 or other in bare or bare[:last] in ("0", "-0")
        )
        bare = bare.replace(other, "")
        bare = bare.replace(mark, ".") if is_decimal else bare.replace(mark, "")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise UnusableError("is no number") from None
    if not number.is_finite() or abs(number) > 10**15:
        raise UnusableError("is too large")
    return number


def employees(cell: str) -> int:
    """A number of people; of a range such as ``51-200`` or ``10,000+`` the lower end counts."""
    number, _ = money(cell)
    if number < 0:
        raise UnusableError("is no number of people")
    return int(number)


def moment(cell: str, zone: tzinfo, order: str) -> datetime:
    """A moment; without a zone of its own it is read in ``zone``. ``order`` is "dmy", "mdy" or "" (not said).

    UnusableError also where day and month could be swapped and ``order`` isn't said.
    """
    text = " ".join(cell.split())
    try:
        found = _iso(text) or _dotted(text) or _slashed(text, order) or _named(text) or _serial(text)
        if found is not None and 1900 <= found.year <= 2200:
            aware = found if found.tzinfo else found.replace(tzinfo=zone)
            return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UnusableError("is no date that can be read; write it like 2026-11-30 or 2026-11-30 14:05")


def _iso(text: str) -> datetime | None:
    if len(text) < 8 or not text[:4].isdecimal() or text[4] not in "-0123456789":
        return None
    try:
        return datetime.fromisoformat(text) if "-" in text or "T" in text else None
    except ValueError:
        return None


def _date(day: str, month: str, year: str, time: str | None) -> datetime:
    full = int(year) + (2000 if len(year) == 2 else 0)
    date = datetime(full, int(month), int(day))  # noqa: DTZ001 - the caller adds the zone
    if not time:
        return date
    for form in TIMES:
        try:
            clock = datetime.strptime(time.upper(), form)  # noqa: DTZ007 - only its hours are used
        except ValueError:
            continue
        return date.replace(hour=clock.hour, minute=clock.minute, second=clock.second)
    raise ValueError(time)


def _dotted(text: str) -> datetime | None:
    match = DOTTED.fullmatch(text)
    return _date(match[1], match[2], match[3], match[4]) if match else None


def _slashed(text: str, order: str) -> datetime | None:
    match = SLASHED.fullmatch(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first > 12:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    elif first != second and not order:
        raise UnusableError("may be either day first or month first; say which for this file")
    day, month = (match[1], match[2]) if order == "dmy" else (match[2], match[1])
    return _date(day, month, match[3], match[4])


def _named(text: str) -> datetime | None:
    for form in NAMED:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    return None


def _serial(text: str) -> datetime | None:
    """Days since 1900 as spreadsheets count, or milliseconds since 1970."""
    if re.fullmatch(r"\d{13}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text):
        return EXCEL_ZERO + timedelta(days=float(text))
    return None


def date_order(cells: list[str]) -> str:
    """What the slashed dates among ``cells`` prove of their order: "dmy", "mdy" or "" (nothing, or both)."""
    found = [match for cell in cells if (match := SLASHED.fullmatch(" ".join(cell.split())))]
    orders = {"dmy" for match in found if int(match[1]) > 12} | {
        "mdy" for match in found if int(match[2]) > 12
    }
    return orders.pop() if len(orders) == 1 else ""


def is_ambiguous_date(cell: str) -> bool:
    """Whether day and month of a date could be swapped."""
    match = SLASHED.fullmatch(" ".join(cell.split()))
    return match is not None and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2]


def answer(cell: str, dimension: BantDimension, zone: tzinfo, order: str) -> AnswerFacts:
    """What an imported cell says of a dimension: a level if it names one, else *partial* with the words.

    A budget is read as an amount and a timeframe as a date where they are.
    """
    text = " ".join(cell.split())
    word = fold(text)
    facts = AnswerFacts(dimension=dimension, level=_level(word), text=text[:300])
    try:
        if dimension is BantDimension.BUDGET:
            facts.amount, facts.currency = money(text)
        elif dimension is BantDimension.TIMEFRAME:
            facts.purchase_on = moment(text, zone, order).astimezone(zone).date()
    except UnusableError:
        pass  # the words are kept as they are
    return facts


def _level(word: str) -> BantLevel:
    if word in NO or word in ("unmet", "none"):
        return BantLevel.UNMET
    return BantLevel.MET if word in YES or word in ("met", "confirmed") else BantLevel.PARTIAL
