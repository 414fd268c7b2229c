"""The forms of the buying-centre panel: all its facts at once, or one of them in two clicks."""

from collections.abc import Mapping
from typing import Any

from django import forms

from leads.buying import BY_KEY, FACTS, BuyingFact
from leads.buying_page import BuyingPanel

UNKNOWN = ("", "Not known")
SEEN = "seen_"
SIDE_BY_SIDE = (
    ("company_buying", "company_by_rfp"),
    ("company_incumbent", "company_incumbent_relationship"),
    ("company_driver", "company_department_driver"),
    ("lead_driver",),
    ("company_politics",),
)
"""The inputs of the form, row by row."""


class BuyingForm(forms.Form):
    """All facts of a lead's buying centre, each with a hidden copy of what the editor saw."""

    def __init__(self, data: Mapping[str, Any] | None, *, panel: BuyingPanel) -> None:
        initial = {line.fact.input_name: line.raw for line in panel.lines}
        super().__init__(data, initial=initial)
        for line in panel.lines:
            name = line.fact.input_name
            self.fields[name] = _field(line.fact)
            self.fields[SEEN + name] = forms.CharField(
                required=False, strip=False, initial=line.raw, widget=forms.HiddenInput
            )

    def said(self) -> dict[str, str]:
        """What the valid form says, by the keys of the facts."""
        return self._texts("")

    def seen(self) -> dict[str, str]:
        """What its editor saw."""
        return self._texts(SEEN)

    def rows(self) -> list[list[forms.BoundField]]:
        """The inputs that people fill in, those that belong together side by side."""
        rows = [[self[name] for name in names if name in self.fields] for names in SIDE_BY_SIDE]
        return [row for row in rows if row]

    def _texts(self, prefix: str) -> dict[str, str]:
        names = {fact.key: fact.input_name for fact in FACTS if fact.input_name in self.fields}
        return {key: self.cleaned_data[prefix + name] for key, name in names.items()}


class FactForm(forms.Form):
    """One fact and its new text, "" to take it away."""

    fact = forms.ChoiceField(choices=[(key, fact.label) for key, fact in BY_KEY.items()])
    value = forms.CharField(required=False, max_length=500)
    seen = forms.CharField(required=False, strip=False, max_length=500, widget=forms.HiddenInput)


def _field(fact: BuyingFact) -> forms.Field:
    options: dict[str, Any] = {"label": fact.label, "required": False, "help_text": fact.help}
    if fact.choices:
        return forms.ChoiceField(choices=[UNKNOWN, *fact.choices], **options)
    long = fact.limit > 200
    widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
    return forms.CharField(max_length=fact.limit, widget=widget, **options)
