"""How often one token, or one person without a token, may ask."""

import logging
import time
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # whose module imports this one

REST_SECONDS = 5.0
logger = logging.getLogger(__name__)


class TokenThrottle(UserRateThrottle):
    """Counts by token, else by person. While its cache is away it lets everybody in."""

    scope = "api"
    resting_until = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether the request may go on; True while the cache is away."""
        if time.monotonic() < TokenThrottle.resting_until:
            return True
        try:
            return super().allow_request(request, view)
        except Exception as error:  # whatever the cache's client raises: the API outlives it
            TokenThrottle.resting_until = time.monotonic() + REST_SECONDS
            logger.warning("The throttle's cache is away, nobody is throttled: %s", error)
            return True

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """By the token's hash or the person's id."""
        who = getattr(request.auth, "digest", None) or f"user-{request.user.pk}"
        return f"throttle-api-{who}"
