"""What the pages of people ask; services check again, and their problems are shown at the fields."""

import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone

from users.currencies import CURRENCIES
from users.models import Organisation, Role, Team, User, fold_email
from users.querysets import teams
from users.services import change_password
from users.services.tokens import LIFETIMES
from users.widgets import Suggesting, zones

COMMON_CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "CAD",
    "AUD",
    "JPY",
    "INR",
    "BRL",
)

NO_MATCH = "The e-mail address and the password don't match an account. Check both, or reset the password."


if TYPE_CHECKING:
    SetPasswordForm = auth_forms.SetPasswordForm[User]
    TeamModelForm = forms.ModelForm[Team]
else:  # a type parameter is known to the type checker only
    SetPasswordForm = auth_forms.SetPasswordForm
    TeamModelForm = forms.ModelForm


class ZoneField(forms.CharField):
    """A zone by its name in any case, with or without underscores: ``europe/berlin`` is Europe/Berlin."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "off", "placeholder": "Europe/Berlin", "data-zone": ""}
        options.setdefault("label", "Time zone")
        super().__init__(max_length=60, widget=Suggesting(zones, attributes), **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        asked = text.strip().replace(" ", "_").casefold()
        known = {name.casefold(): name for name in zoneinfo.available_timezones()}
        if asked and asked not in known:
            raise ValidationError(f"“{text}” is not a time zone; pick one such as Europe/Berlin.")
        return known.get(asked, "")


class CurrencyField(forms.CharField):
    """A currency by its three letters, in any case."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "off", "placeholder": "EUR", "size": 4}
        super().__init__(max_length=3, widget=Suggesting(lambda: COMMON_CURRENCIES, attributes), **options)

    def clean(self, value: Any) -> str:
        code: str = super().clean(value).upper()
        if code and code not in CURRENCIES:
            raise ValidationError(f"“{code}” is not a currency in use; pick one such as EUR.")
        return code


class SignInForm(auth_forms.AuthenticationForm):
    """E-mail and password; the same answer whether or not the account exists."""

    username = auth_forms.UsernameField(
        label="E-mail",
        max_length=254,  # what is longer can't be noted as a failure
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    error_messages = {"invalid_login": NO_MATCH, "inactive": NO_MATCH}

    def clean_username(self) -> str:
        return fold_email(self.cleaned_data["username"])


class ForgottenForm(forms.Form):
    """Where the link to reset a password is sent."""

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "email"})
    )


class NewPasswordForm(SetPasswordForm):
    """A new password, twice, for somebody who followed a link."""

    def save(self, commit: bool = True) -> User:
        change_password(person=self.user, password=self.cleaned_data["new_password1"], now=timezone.now())
        return self.user


class ChangePasswordForm(NewPasswordForm, auth_forms.PasswordChangeForm):
    """The same for somebody who is signed in and knows the old one."""


class AccountForm(forms.Form):
    """What somebody says who joins: their name, a password and their zone."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters; a sentence is good.",
    )
    zone = ZoneField(required=False, help_text="Empty: the company's time zone.")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        email = fold_email(self.data.get("email", ""))
        password_validation.validate_password(
            password, User(email=email, name=self.cleaned_data.get("name", ""))
        )
        return password


class FirstAdminForm(AccountForm):
    """The first admin also says by which address they sign in; the zone comes with the company's."""

    zone = None  # type: ignore[assignment]  # how Django drops an inherited field

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    field_order = ["name", "email", "password"]


class ProfileForm(forms.Form):
    """One's own name and zone."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    zone = ZoneField(required=False, help_text="Times are shown in it. Empty: the company's time zone.")


class RoleForm(forms.Form):
    """What somebody does here, and with whom."""

    role = forms.ChoiceField(choices=Role.choices)
    team = forms.ModelChoiceField(
        teams(),
        required=False,
        empty_label="No team",
        help_text="The reps of a team share their leads.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") == Role.REP and not values.get("team") and "team" not in self.errors:
            self.add_error("team", "A sales rep needs a team: the team decides which leads they see.")
        return values


class InviteForm(RoleForm):
    """A colleague's address, role and team."""

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "off"})
    )

    field_order = ["email", "role", "team"]


class TeamForm(TeamModelForm):
    """A team's name."""

    class Meta:
        model = Team
        fields = ["name"]


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    name = forms.CharField(
        max_length=80, label="What is it for?", widget=forms.TextInput(attrs={"placeholder": "Website form"})
    )
    days = forms.TypedChoiceField(label="Works for", coerce=int, choices=list(LIFETIMES.items()), initial=90)


class OrganisationForm(forms.Form):
    """The company, and what days and money are counted in."""

    name = forms.CharField(label="Company name", max_length=120)
    zone = ZoneField(help_text="Days, weeks and the ageing of points are counted in it.")
    currency = CurrencyField(help_text="Reports and conditions count money in it.")
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        fields = ("name", "zone", "currency")
        options.setdefault("initial", {field: getattr(organisation, field) for field in fields})
        super().__init__(*args, **options)
        if not organisation.is_confirmed:
            self.fields["zone"].widget.attrs["data-guess"] = ""  # the browser may propose its own
