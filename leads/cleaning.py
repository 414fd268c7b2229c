"""Making values fit to store: one line of text, e-mail, phone, web domain, country. Pure functions."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from leads.countries import country_code

CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
PLAIN_EMAIL: Final = re.compile(
    r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
)
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,}|xn--[a-z0-9-]+)")
MAX_EXTRA: Final = 2_000


class UnusableError(Exception):
    """A value that can't be stored; ``reason`` is for people and starts in lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain(raw: str) -> str:
    """``raw`` as one line: control characters, hidden directions and halves of characters become a space."""
    if raw.isascii() and raw.isprintable() and "  " not in raw:
        return raw.strip()
    return " ".join(CONTROLS.sub(" ", raw).split())


def text(raw: str, limit: int) -> str:
    """One line of at most ``limit`` characters; UnusableError if it is longer."""
    value = plain(raw)
    if len(value) > limit:
        raise UnusableError(f"is longer than {limit} characters")
    return value


def email(raw: str) -> str:
    """An address that is well-formed; no mail server is asked. The domain is in lower case."""
    value = plain(raw).removeprefix("mailto:")
    if not value or (len(value) <= 120 and PLAIN_EMAIL.fullmatch(value) and not _is_special(value)):
        return value
    try:
        # example.test and the like are wanted: they are what people try the product with.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise UnusableError("is no e-mail address: " + str(error)[:200].rstrip(".").lower()) from None


def _is_special(value: str) -> bool:
    return value.endswith((".local", ".localhost", ".invalid", ".onion", ".arpa"))


def phone(raw: str, region: str = "") -> tuple[str, str]:
    """The number as given and, if it can be told, in E.164; ``region`` is an ISO country code.

    UnusableError for text without enough digits to be a number.
    """
    value = text(raw.strip().removeprefix("p:").lstrip("'"), 60)  # Meta's mark, a spreadsheet's
    if not value:
        return "", ""
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    if digits < 5 or letters > digits:
        raise UnusableError("is no phone number")
    return value, _e164(value, region)


@lru_cache(maxsize=4096)
def _e164(value: str, region: str) -> str:
    try:
        number = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def domain(raw: str) -> str:
    """The domain of a web address or domain, without ``www.``."""
    value = plain(raw).lower()
    if not value:
        return ""
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except ValueError:  # covers UnicodeError as well
        raise UnusableError("is no web address") from None
    host = host.removeprefix("www.").rstrip(".")
    if len(host) > 120 or not DOMAIN.fullmatch(host):
        raise UnusableError("is no web address")
    return host


def country(raw: str) -> str:
    """An ISO 3166 code from a code or a name in one of many languages."""
    value = plain(raw)
    code = country_code(value) if value else ""
    if value and not code:
        raise UnusableError("is no country that is known; use its English name or its code, such as DE")
    return code


def attempt(check: Callable[[str], str], raw: str | None) -> tuple[str | None, str]:
    """``(value, "")`` or ``(None, reason)``; None stays None."""
    if raw is None:
        return None, ""
    try:
        return check(raw), ""
    except UnusableError as error:
        return None, error.reason
