"""What the forms of a draft's parts are asked in tests, and what they send."""

from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from alignment.models import Version
from tests.alignment.factories import ALWAYS

ROWS = {"disqualifiers": "nobody", "reasons": "no_need", "terms": "B"}


def address(draft: Version, name: str, key: str = "") -> str:
    return reverse("alignment:part", args=[draft.pk, name]) + (f"?key={key}" if key else "")


def filled(client: Client, draft: Version, name: str, key: str = "", **other: Any) -> dict[str, Any]:
    """What the form posts when nothing was touched, but for ``other``; None leaves a field out."""
    form = client.get(address(draft, name, key)).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    for name_, builder in form.builders.items():
        tree = getattr(form.shown, name_)
        assert tree in (None, ALWAYS), "give conditions in words"
        data |= {f"{builder.prefix}-match": "all"} if tree == ALWAYS else {}
    return {name_: value for name_, value in (data | other).items() if value is not None}


def post(client: Client, draft: Version, name: str, key: str = "", **other: Any) -> Any:
    return client.post(address(draft, name, key), filled(client, draft, name, key, **other))


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def again(draft: Version) -> Version:
    return Version.objects.get(pk=draft.pk)
