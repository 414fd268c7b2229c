"""What the pages of routing ask; the services check again."""

from typing import Any

from django import forms

from feedback.models import RoutingRule
from feedback.services.routing import LONGEST_NAME, RuleContent
from users.models import Team

WAYS = (
    (RoutingRule.Way.LEAST_LOADED, "Least loaded: whoever has the smallest part of their capacity filled"),
    (RoutingRule.Way.ROUND_ROBIN, "Round robin: one after the other"),
    (RoutingRule.Way.WEIGHTED, "Weighted: in turn, a weight of 2 gets twice as many as 1"),
)


class RuleForm(forms.Form):
    """A routing rule besides its condition."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={"required": "Give the rule a name: each lead that it deals says it."},
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"),
        required=False,
        empty_label="Any team",
        label="Go to",
        error_messages={"invalid_choice": "That team isn't there any more: choose another."},
    )
    way = forms.ChoiceField(
        label="Are dealt there by",
        choices=WAYS,
        widget=forms.RadioSelect,
        initial=RoutingRule.Way.LEAST_LOADED,
        error_messages={"required": "Choose how leads are dealt."},
    )
    is_owner_first = forms.BooleanField(
        required=False,
        initial=True,
        label="Whoever already works a lead of the same company comes first",
        help_text="Whatever their team, if they have room.",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(rule: RoutingRule | None) -> dict[str, Any]:
        """What the form shows of a rule."""
        names = ("name", "team", "way", "is_owner_first", "revision")
        return {name: getattr(rule, name) for name in names} if rule is not None else {}

    def content(self, condition: dict[str, Any] | None) -> RuleContent:
        """What a valid form says, with the builder's condition."""
        values = {name: self.cleaned_data[name] for name in ("name", "team", "way", "is_owner_first")}
        return RuleContent(condition=condition, **values)


class TryForm(forms.Form):
    """Which lead is tried: looked for by name, e-mail or company, or named by its id."""

    q = forms.CharField(required=False, max_length=100, label="Lead")
    lead = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
