"""Texts and amounts that people type, checked before they are stored."""

from decimal import Decimal, InvalidOperation

from core.errors import Invalid, Problem

LARGEST_AMOUNT = Decimal("999999999999.99")


def checked_text(text: str, *, limit: int, where: str) -> str:
    """``text`` without blank ends; Invalid if too long or not storable; ``where`` names it."""
    text = text.strip()
    if len(text) > limit:
        message = f"The {where} takes at most {limit:,} characters; this has {len(text):,}. Shorten it."
        raise Invalid(message, problems=(Problem(message, where),))
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        message = f"The {where} has characters that can't be stored. Type it anew."
        raise Invalid(message, problems=(Problem(message, where),))
    return text


def checked_amount(amount: object) -> Decimal:
    """An amount of money above zero, in whole cents; Invalid otherwise."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0 or value > LARGEST_AMOUNT:
        message = f"The amount must be a number above 0 and at most {LARGEST_AMOUNT:,}."
        raise Invalid(message, problems=(Problem(message, "amount"),))
    cents = value.quantize(Decimal("0.01"))
    if cents != value:
        message = "The amount has more than two decimals. Round it to cents."
        raise Invalid(message, problems=(Problem(message, "amount"),))
    return cents


def checked_currency(currency: str) -> str:
    """A three-letter currency code in capitals; Invalid otherwise."""
    code = currency.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        message = "The currency must be a three-letter code such as EUR."
        raise Invalid(message, problems=(Problem(message, "currency"),))
    return code
