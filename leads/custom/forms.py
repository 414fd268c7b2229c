"""The form of a custom field."""

from typing import Any

from django import forms

from leads.custom.checking import MAX_HELP, MAX_LABEL, MAX_UNIT, FieldContent
from leads.models import CustomField

ORDERS = (
    ("", "There are none"),
    ("dmy", "Day first: 1 May"),
    ("mdy", "Month first: 5 January"),
)
MAX_LINES = 50_000


def _lines(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_LINES,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )


class FieldForm(forms.Form):
    """What an admin says of a field. ``seen_at`` carries the state that the editor saw."""

    label = forms.CharField(label="Name", max_length=MAX_LABEL)
    type = forms.ChoiceField(label="It holds", choices=CustomField.Type.choices)
    unit = forms.CharField(max_length=MAX_UNIT, required=False, help_text="Of a number, such as seats or kg.")
    choices = _lines(
        "Choices", "Of a choice from a list: one on each line, in the order in which they are offered."
    )
    headers = _lines(
        "Columns in files",
        "What else an import may find it under, one on each line. Its name is known anyway.",
    )
    help = forms.CharField(
        label="What it means",
        max_length=MAX_HELP,
        required=False,
        help_text="Stands beside the input of a lead, for whoever fills it in.",
    )
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def content(self) -> FieldContent:
        """What the valid form says."""
        given = self.cleaned_data
        return FieldContent(
            label=given["label"],
            type=given["type"],
            unit=given["unit"],
            help=given["help"],
            choices=tuple(given["choices"].splitlines()),
            headers=tuple(given["headers"].splitlines()),
        )


class KeptForm(FieldForm):
    """The form of a field that is made of a column that imports kept."""

    column = forms.CharField(widget=forms.HiddenInput, max_length=200)
    date_order = forms.ChoiceField(
        label="Dates such as 1/5/2026",
        choices=ORDERS,
        required=False,
        help_text="For what is taken over now. A date that may be read either way stays where it is.",
    )


def initial_of(row: CustomField) -> dict[str, Any]:
    """What the form of a field starts with."""
    return {
        "label": row.label,
        "type": row.type,
        "unit": row.unit,
        "help": row.help,
        "choices": "\n".join(row.choices),
        "headers": "\n".join(row.headers),
        "seen_at": row.updated_at.isoformat(),
    }
