"""Who is asking."""

from rest_framework.request import Request

from core.errors import NotAllowed
from users.models import User


def caller(request: Request) -> User:
    """The person whose token or session it is; only views that need one are asked, so there is one."""
    if not isinstance(request.user, User):
        raise NotAllowed("Sign in first.")
    return request.user
