"""The facts of somebody who isn't there, typed to see what they would be worth."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField

from core.text import capital
from leads import countries
from leads.facts import AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel
from rules.nodes import ActivityMatch
from rules.words import activity_in_words
from scoring.trying import Deed

MOST_TIMES = 50
MOST_DAYS = 3_650
COMPANY = ("industry", "employees", "revenue", "country")


WHOLE = "Give a whole number, or leave it empty."
NUMBER = "Give a number such as 2500000, or leave it empty."
WORDS = {
    "invalid_choice": "Choose one of the list.",
    "max_length": "At most %(limit_value)d characters; this has %(show_value)d.",
    "min_value": "It can’t be less than %(limit_value)s.",
    "max_value": "It can’t be more than %(limit_value)s.",
    "max_digits": "At most %(max)s digits.",
    "max_decimal_places": "At most %(max)s digits after the point.",
    "max_whole_digits": "At most %(max)s digits before the point.",
    "null_characters_not_allowed": "It holds a character that can’t be stored. Type it anew.",
}
"""What is said of a value that can't be, in place of what Django says."""


def _countries() -> list[tuple[str, str]]:
    return [("", "Unknown"), *countries.choices()]


class FactsForm(forms.Form):
    """What a person types; ``matches`` are the sorts of activities that can be given."""

    title = forms.CharField(label="Job title", max_length=200, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    country = forms.ChoiceField(choices=_countries, required=False)
    source = forms.CharField(max_length=120, required=False)
    company_industry = forms.CharField(label="Industry", max_length=120, required=False)
    company_employees = forms.IntegerField(
        label="Employees", min_value=0, max_value=20_000_000, required=False
    )
    company_revenue = forms.DecimalField(
        label="Yearly revenue", min_value=0, max_digits=15, decimal_places=2, required=False
    )
    company_country = forms.ChoiceField(label="Company's country", choices=_countries, required=False)

    def __init__(self, matches: Sequence[ActivityMatch], data: Any = None) -> None:
        super().__init__(data, prefix="typed")
        self.matches = list(matches)
        for dimension in BantDimension:
            levels = [("", "Nobody asked"), *((str(value), label) for value, label in BantLevel.choices)]
            self.fields[f"said_{dimension.value}"] = forms.ChoiceField(
                label=str(dimension.label), choices=levels, required=False
            )
        for place, match in enumerate(self.matches):
            words = activity_in_words(match)
            label = capital(words)
            self.fields[f"times_{place}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_TIMES, required=False
            )
            self.fields[f"days_{place}"] = forms.IntegerField(
                label="How long ago", min_value=0, max_value=MOST_DAYS, required=False
            )

        for field in self.fields.values():
            field.error_messages |= WORDS
            if isinstance(field, forms.IntegerField):
                is_whole = not isinstance(field, forms.DecimalField)
                field.error_messages["invalid"] = WHOLE if is_whole else NUMBER

    def plain(self) -> list[BoundField]:
        """The facts of the person and the company."""
        return [self[name] for name in self.base_fields]

    def said(self) -> list[BoundField]:
        """The four BANT answers."""
        return [self[f"said_{dimension.value}"] for dimension in BantDimension]

    def did(self) -> Iterator[tuple[BoundField, BoundField]]:
        """How often, and how many days ago, of each sort of activity."""
        for place in range(len(self.matches)):
            yield self[f"times_{place}"], self[f"days_{place}"]

    def facts(self) -> LeadFacts:
        """The valid form as facts of a lead that nobody has."""
        values = self.cleaned_data
        company = {name: values[f"company_{name}"] for name in COMPANY}
        has_company = any(value not in (None, "") for value in company.values())
        return LeadFacts(
            name="Somebody typed",
            title=values["title"] or None,
            email=values["email"] or None,
            country=values["country"] or None,
            source=values["source"] or None,
            company=CompanyFacts(name=f"Typed {uuid4()}", **company) if has_company else None,
            answers=tuple(
                AnswerFacts(dimension=dimension, level=BantLevel(int(level)))
                for dimension in BantDimension
                if (level := values[f"said_{dimension.value}"])
            ),
        )

    def deeds(self) -> list[Deed]:
        """The activities that were given."""
        values = self.cleaned_data
        return [
            Deed(match, values[f"times_{place}"], values[f"days_{place}"] or 0)
            for place, match in enumerate(self.matches)
            if values[f"times_{place}"]
        ]
