"""Custom fields in the form of a lead."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms

from leads.custom.definitions import Definition, definitions
from leads.custom.values import shown
from leads.models import Lead
from rules.fields import FieldType
from rules.values import FIRST_DAY, LAST_DAY, MAX_NUMBER, MAX_TEXT

PREFIX: Final = "attributes_"
NOT_KNOWN: Final = ("", "Not known")
YES_OR_NO: Final = (NOT_KNOWN, ("true", "Yes"), ("false", "No"))


def inputs(initial: Mapping[str, Any]) -> dict[str, forms.Field]:
    """An input for each custom field in use, by its name; ``initial`` has what the lead has now."""
    names = ((f"{PREFIX}{slug}", each) for slug, each in definitions().items())
    return {name: _input(each, initial.get(name)) for name, each in names}


def initial_of(lead: Lead) -> dict[str, Any]:
    """What the inputs start with; a value of another type than its field has is left blank."""
    found: dict[str, Any] = {}
    for slug, each in definitions().items():
        value = lead.attributes.get(slug)
        if shown(each, value):
            found[f"{PREFIX}{slug}"] = str(value).lower() if isinstance(value, bool) else value
    return found


def said(cleaned: Mapping[str, Any], initial: Mapping[str, Any]) -> dict[str, Any]:
    """The values that were changed, typed; None for one that was emptied. What is as it was isn't said: a
    choice that is none any more stays until somebody chooses anew."""
    found: dict[str, Any] = {}
    for slug, each in definitions().items():
        name = f"{PREFIX}{slug}"
        if name in cleaned:
            value = _typed(each, cleaned[name])
            if value != _typed(each, initial.get(name)):
                found[slug] = value
    return found


def _typed(each: Definition, value: Any) -> Any:
    if value is None or value == "":
        return None
    match each.type:
        case FieldType.BOOLEAN:
            return value == "true"
        case FieldType.NUMBER:
            return int(value) if value == int(value) else value
        case FieldType.DATE:
            return value.isoformat() if isinstance(value, date) else value
    return value


def _input(each: Definition, now: Any) -> forms.Field:
    plain: dict[str, Any] = {"label": each.label, "required": False, "help_text": each.help}
    match each.type:
        case FieldType.NUMBER:
            plain["label"] = f"{each.label} ({each.unit})" if each.unit else each.label
            return forms.FloatField(**plain, min_value=-MAX_NUMBER, max_value=MAX_NUMBER)
        case FieldType.DATE:
            days = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
            return forms.DateField(**plain, widget=forms.DateInput(attrs=days, format="%Y-%m-%d"))
        case FieldType.BOOLEAN:
            return forms.ChoiceField(**plain, choices=YES_OR_NO)
        case FieldType.CHOICE:
            gone = [(now, f"“{now}” (no longer a choice)")] if now and now not in each.choices else []
            own = [(text, text) for text in each.choices]
            return forms.ChoiceField(**plain, choices=[NOT_KNOWN, *gone, *own])
    return forms.CharField(**plain, max_length=MAX_TEXT)
