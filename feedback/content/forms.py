"""The form of a piece, and the press that uses one."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from alignment.models import Dimension
from feedback.content.objections import choices
from feedback.models import ContentPiece, ContentUse
from feedback.services.content import LIMITS, PieceContent
from leads.models import Lead, Stage
from leads.suggesting import common_values
from rules.fields import registry

INDUSTRIES = "content-industries"
"""The id of the list that the page offers for the industry."""


class PieceForm(forms.Form):
    """A piece as marketing fills it in; ``seen_at`` carries the state that the editor saw."""

    title = forms.CharField(max_length=LIMITS["title"], help_text="Also the subject of a mail.")
    kind = forms.ChoiceField(choices=ContentPiece.Kind.choices)
    url = forms.CharField(
        label="Link",
        max_length=LIMITS["url"],
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text="A web address that leads can open.",
        strip=True,
    )
    text = forms.CharField(
        label="Text to copy",
        max_length=LIMITS["text"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="{name} and {company} become those of the lead. A mail takes about 1,500 characters.",
    )
    dimension = forms.ChoiceField(
        label="Answers", choices=[("", "No one question"), *Dimension.choices], required=False
    )
    reason_key = forms.ChoiceField(
        label="Meets the objection", required=False, help_text="A reason of the agreed list."
    )
    industry = forms.CharField(
        max_length=LIMITS["industry"],
        required=False,
        widget=forms.TextInput(attrs={"list": INDUSTRIES, "autocomplete": "off"}),
        help_text="As leads have it. Empty: for every industry.",
    )
    stage = forms.ChoiceField(choices=[("", "Every stage"), *Stage.choices], required=False)
    language = forms.CharField(
        max_length=LIMITS["language"], required=False, help_text="A code, such as en or de. Empty: any."
    )
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, piece: ContentPiece | None) -> None:
        super().__init__(data, initial=_initial(piece))
        kept = [piece.reason_key] if piece else []
        field = self.fields["reason_key"]
        field.choices = [("", "None"), *choices(kept)]  # type: ignore[attr-defined]  # a ChoiceField

    def content(self) -> PieceContent:
        """What the valid form says."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "seen_at"}
        return PieceContent(**values)

    def industries(self) -> list[str]:
        """The industries that leads have, the commonest first."""
        field = registry.get("company.industry")
        return [each.label for each in common_values(field, now=timezone.now())]


class UseForm(forms.Form):
    """On which lead a piece is used, and how."""

    lead = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    how = forms.ChoiceField(choices=ContentUse.How.choices)


def hows(piece: ContentPiece, lead: Lead) -> list[str]:
    """How the piece may be used on the lead; nobody is mailed who unsubscribed."""
    found = [ContentUse.How.TEXT] if piece.text else []
    found += [ContentUse.How.LINK] if piece.url else []
    if lead.email and not lead.is_unsubscribed:
        found.append(ContentUse.How.MAIL)
    return [str(each.value) for each in found]


def _initial(piece: ContentPiece | None) -> dict[str, Any]:
    if piece is None:
        return {}
    names = (*LIMITS, "kind", "dimension", "stage")
    return {name: getattr(piece, name) for name in names} | {"seen_at": piece.updated_at.isoformat()}
