"""What the apps above show of a version that doesn't count yet: its preview, its past, its work for sales."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from alignment.models import Version
from core.hooks import hooks


def draft_panels(request: HttpRequest, version: Version) -> list[SafeString]:
    """The registered panels, drawn for ``version``, in their order."""
    return [
        render_to_string(panel.template, {"version": version, **panel.context(request, version)}, request)
        for panel in sorted(hooks.draft_panels, key=lambda panel: panel.order)
    ]
