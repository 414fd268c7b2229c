"""Amounts in the one reporting currency, which criteria and reports use."""

from decimal import Decimal

from users.models import Organisation


def convert(amount: Decimal | None, currency: str, reporting: str | None = None) -> Decimal | None:
    """``amount`` of ``currency`` (empty: the reporting currency) in the reporting currency.

    None if the amount or a rate is unknown. ``reporting`` spares a query where many are converted.
    """
    if amount is None:
        return None
    target = reporting or Organisation.current().currency
    return amount if currency in ("", target) else None
