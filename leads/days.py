"""Days of the company's zone as integers, by which decay and daily caps count."""

from datetime import date, datetime, tzinfo

EPOCH = date(1970, 1, 1).toordinal()


def day_number(moment: datetime, zone: tzinfo) -> int:
    """Whole days from 1970-01-01 to the day that ``moment`` (aware) falls on in ``zone``."""
    return moment.astimezone(zone).toordinal() - EPOCH


def date_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + EPOCH)
