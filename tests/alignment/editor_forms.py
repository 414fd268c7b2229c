"""What the editor's pages are asked in tests, and what their forms send."""

from typing import Any

from django.test import Client
from django.urls import reverse

from alignment.models import Criterion, Version
from alignment.services.editing import digest

HTMX = {"HX-Request": "true"}


def at(draft: Version, name: str = "edit", key: str = "") -> str:
    return reverse(f"alignment:{name}", args=[draft.pk, *([key] if key else [])])


def text(client: Client, url: str, **more: Any) -> str:
    return client.get(url, **more).content.decode()


def filled(row: Criterion | None = None, /, **other: Any) -> dict[str, Any]:
    """What the form of a criterion posts: a condition that always holds unless ``other`` says more."""
    form: dict[str, Any] = {"label": "New one", "dimension": "need", "points": "5", "counts": "condition"}
    if row is not None:
        form |= {"label": row.label, "dimension": row.dimension, "points": row.points, "seen": digest(row)}
    condition = {
        "condition-bare": "1",
        "condition-match": "all",
        "condition-0-field": "company.employees",
        "condition-0-op": "gte",
    }
    return form | condition | {"condition-0-value": "200"} | other


EMPLOYEES = {"field": "company.employees", "op": "gte", "value": 200}
ACTIVITY: dict[str, Any] = {
    "counts": "activity",
    "activity-kinds": "page_view",
    "activity-detail": "*pricing*",
    "per": "occurrence",
    "cap": "10",
}


def saved(draft: Version, key: str = "always") -> Criterion:
    return draft.criteria.get(key=key)
