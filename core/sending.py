"""Sending to addresses that people typed: never into our own network, and never on to another address."""

from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, Manager

from core.errors import Invalid, Problem

TIMEOUT = (3, 10)  # seconds to connect, and to answer
LONGEST = 500


class NotSent(Exception):
    """The receiver could not be reached, or refused; the message says why."""


def checked_address(address: str, *, where: str) -> str:
    """The address of a webhook; Invalid unless it is https and names a host that is not our own network's.

    Names are looked up each time something is sent, so one that turns to our network later is refused then.
    """
    address = address.strip()
    problem = _problem(address)
    if problem:
        raise Invalid(problem, problems=(Problem(problem, where),))
    return address


def post(address: str, data: dict[str, Any]) -> None:
    """Post ``data`` as JSON; NotSent for a private address, a redirect, no answer, or one that isn't 2xx."""
    try:
        answer = _manager().send_request("POST", address, json=data, allow_redirects=False)
    except requests.RequestException as error:
        # Its own words name the whole address, whose path is a secret.
        raise NotSent(f"No answer: {type(error).__name__}.") from None
    if not 200 <= answer.status_code < 300:
        raise NotSent(f"It answered with {answer.status_code}.")


def _manager() -> Manager:
    return Manager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings.WEBHOOKS_TO_LOOPBACK,
            never_redirect=True,
            default_timeout=TIMEOUT,
            user_agent_override="Bantam",
        )
    )


def _problem(address: str) -> str:
    if len(address) > LONGEST:
        return f"An address takes at most {LONGEST} characters."
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "This is no address. Paste it as Slack or Teams shows it."
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and settings.WEBHOOKS_TO_LOOPBACK)
    if not is_secure or not parts.hostname or parts.username or parts.password or port == 0:
        return "Paste an address that begins with https://, as Slack or Teams shows it."
    if not address.isascii() or any(char.isspace() or char in '<>"\\' for char in address):
        return "This address has characters that no address has. Paste it as Slack or Teams shows it."
    return ""
