"""Forms by which people add and edit leads, answer for them and import them."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from leads import countries
from leads.custom import inputs
from leads.facts import AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead

NO_COUNTRY = ("", "Not known")
COMPANY = ("company_name", "company_domain", "company_industry", "company_employees", "company_country")


def _countries() -> list[tuple[str, str]]:
    return [NO_COUNTRY, *countries.choices()]


class LeadForm(forms.Form):
    """A lead with its company. ``seen_at`` carries the state that the editor saw."""

    name = forms.CharField(max_length=200, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=60, required=False)
    title = forms.CharField(label="Job title", max_length=200, required=False)
    country = forms.ChoiceField(choices=_countries, required=False)
    city = forms.CharField(max_length=120, required=False)
    language = forms.CharField(max_length=10, required=False, help_text="A code, such as en or de.")
    source = forms.CharField(max_length=120, required=False, help_text="How we came to know them.")
    do_not_call = forms.BooleanField(required=False)
    is_unsubscribed = forms.BooleanField(label="Unsubscribed from e-mail", required=False)
    company_name = forms.CharField(label="Company", max_length=200, required=False)
    company_domain = forms.CharField(label="Website", max_length=200, required=False)
    company_industry = forms.CharField(label="Industry", max_length=120, required=False)
    company_employees = forms.IntegerField(
        label="Employees", min_value=0, max_value=20_000_000, required=False
    )
    company_country = forms.ChoiceField(label="Company's country", choices=_countries, required=False)
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields |= inputs.inputs(self.initial)

    def custom(self) -> list[forms.BoundField]:
        """The inputs of the company's own fields."""
        return [self[name] for name in self.fields if name.startswith(inputs.PREFIX)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not any(values.get(name) for name in ("name", "email", "phone")) and not self.initial.get(
            "has_id"
        ):
            raise forms.ValidationError("Give at least a name, an e-mail address or a phone number.")
        return values

    def facts(self) -> LeadFacts:
        """What the valid form says: everything, also what was emptied."""
        values = self.cleaned_data
        plain = ("name", "email", "phone", "title", "country", "city", "language", "source")
        company = CompanyFacts(
            name=values["company_name"],
            domain=values["company_domain"],
            industry=values["company_industry"],
            employees=values["company_employees"],
            country=values["company_country"],
        )
        return LeadFacts(
            **{name: values[name] for name in plain},
            do_not_call=values["do_not_call"],
            is_unsubscribed=values["is_unsubscribed"],
            company=company,
            attributes=inputs.said(values, self.initial),
        )


def initial_of(lead: Lead) -> dict[str, Any]:
    """What the form of a lead starts with."""
    names = ("name", "email", "phone", "title", "country", "city", "language", "source", "do_not_call")
    values: dict[str, Any] = {name: getattr(lead, name) for name in (*names, "is_unsubscribed")}
    if company := lead.company:
        values |= {name: getattr(company, name.removeprefix("company_")) for name in COMPANY}
    values |= inputs.initial_of(lead)
    return values | {"seen_at": lead.updated_at.isoformat(), "has_id": lead.has_external_id}


class AnswerForm(forms.Form):
    """What somebody said of one BANT dimension."""

    dimension = forms.ChoiceField(choices=BantDimension.choices)
    level = forms.TypedChoiceField(
        choices=[("", "Choose what was said"), *BantLevel.choices],
        coerce=int,
        error_messages={"required": "Choose how far it is met: nothing is taken for granted."},
    )
    amount = forms.DecimalField(
        required=False, min_value=0, max_digits=17, decimal_places=2, help_text="Budget only."
    )
    text = forms.CharField(
        label="In their words", max_length=300, required=False, help_text="The role, or what they need."
    )
    purchase_on = forms.DateField(
        label="Planned purchase",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Timeframe only.",
    )
    evidence = forms.CharField(
        max_length=500, required=False, help_text="Where it was said: a call, a mail, a document."
    )

    def facts(self) -> AnswerFacts:
        """The answer of the valid form."""
        values = self.cleaned_data
        return AnswerFacts(
            dimension=BantDimension(values["dimension"]),
            level=BantLevel(values["level"]),
            amount=values["amount"],
            text=values["text"],
            purchase_on=values["purchase_on"],
            evidence=values["evidence"],
        )


class UploadForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(
        label="CSV file",
        help_text="Up to 50 MB, with a header. Exports of HubSpot, Salesforce and others are recognised.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"empty": "The file is empty. Choose one with a header and at least one row."},
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also if that is nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None
