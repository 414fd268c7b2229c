"""The parameters of the list of leads, described from the registry of fields."""

from drf_spectacular.utils import OpenApiParameter

from leads.api.reading import SHOWN, sorts
from rules.fields import Field, Use, registry
from rules.operators import OPERATORS

FIELDS = OpenApiParameter(
    "fields",
    str,
    description=f"Which registered fields to show under `fields`, with commas; usually {', '.join(SHOWN)}. "
    "Custom fields are `attribute.<key>`, which may also be filtered by.",
)


def filters() -> list[OpenApiParameter]:
    """Search, order and one parameter for each field that a list may be filtered by; custom fields, which
    come and go, are told of together."""
    return [
        OpenApiParameter("q", str, description="Part of a name, e-mail address, phone number or company."),
        OpenApiParameter("sort", {"type": "string", "enum": sorts(), "default": "id"}),
        FIELDS,
        *(_filter(field) for field in registry.fixed() if Use.VIEW in field.uses),
    ]


def _filter(field: Field) -> OpenApiParameter:
    operators = ", ".join(f"`{field.key}.{name}`" for name in OPERATORS[field.type])
    values = (
        ""
        if callable(field.choices) or not field.choices or len(field.choices) > 20
        else (" Values: " + ", ".join(f"`{value}`" for value, _label in field.choices) + ".")
    )
    return OpenApiParameter(
        field.key,
        str,
        many=True,
        description=f"{field.label} ({field.type.value}).{values} With an operator: {operators}.",
    )
