"""Where a request comes from, as far as that can be trusted."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address of the client, for throttling.

    Behind ``BANTAM_PROXIES`` proxies of ours each adds the address that it saw at the end of the header,
    so the client's is that many places from the end; what stands before it anybody could make up. What is
    no address there counts as the proxy's own.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXIES:
        return direct
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    told = seen[-settings.PROXIES] if len(seen) >= settings.PROXIES else ""
    return told if is_address(told) else direct


def is_address(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address."""
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return True
