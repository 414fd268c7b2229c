"""What every page of a signed-in person names."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from users.models import Organisation


def company(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``company``, read only by pages that name it."""
    return {"company": SimpleLazyObject(Organisation.current)}
