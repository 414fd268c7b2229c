"""API tokens as a way to sign a request: ``Authorization: Bearer bantam_...``."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from users.models import ApiToken, User

NOTED_EVERY = timedelta(minutes=1)


class ApiTokenAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox publishes no types
    """Find the token by its hash in one query, and note its use at most once a minute."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        now = timezone.now()
        live = ApiToken.objects.filter(Q(expiry=None) | Q(expiry__gt=now), user__is_active=True)
        digest = hash_token(token.decode("utf-8", "replace"))
        found: ApiToken | None = live.filter(digest=digest).select_related("user").first()
        if found is None:
            raise AuthenticationFailed("This token is not known: it is wrong, revoked or has expired.")
        if found.last_used_at is None or found.last_used_at < now - NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found.user, found


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the API's description names it."""

    target_class = "users.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "bantam_..."}
