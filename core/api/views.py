"""The views of the API that belong to no app: addresses that don't exist, its description, its page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class PlainJsonRenderer(OpenApiJsonRenderer):
    """With the usual type, which browsers show and errors share."""

    media_type = "application/json"


class SchemaView(SpectacularAPIView):
    """The description of the API, as OpenAPI in JSON."""

    renderer_classes = [PlainJsonRenderer]


@extend_schema(exclude=True)
class UnknownView(APIView):
    """Whatever stands nowhere: 404 for every method, with a hint where only the slash is missing."""

    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before any method is looked for."""
        hint = "" if request.path.endswith("/") else " Addresses of the API end with a slash."
        raise NotFound(f"There is nothing at this address.{hint}")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description to read and try in the browser, for everybody who is signed in."""
    return render(request, "api/docs.html")
