"""What every page of a signed-in person names."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from users.organisation import organisation_of


def company(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``company``, the name or empty, read only by pages that name it."""
    return {"company": SimpleLazyObject(lambda: organisation_of(request).name)}
