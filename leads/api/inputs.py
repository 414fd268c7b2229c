"""What programs send of leads and activities, read into the plain facts that the services take."""

from collections.abc import Mapping
from dataclasses import fields as columns
from typing import Any

from rest_framework import serializers

from core.api.fields import Choice, Moment, Strict
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import ActivityKind, BantDimension, BantLevel, Buying, Incumbency

MOST_LEADS, MOST_ACTIVITIES = 500, 1_000
LARGEST_ID = 2**63 - 1
LEVELS = {level.name.lower(): level for level in BantLevel}


def _text(limit: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(
        max_length=limit, required=False, allow_blank=True, allow_null=True, **options
    )


def _currency() -> serializers.RegexField:
    return serializers.RegexField(
        "^[A-Z]{3}$",
        required=False,
        help_text="As in EUR; without it: the reporting currency.",
        error_messages={"invalid": "Give three capital letters, such as EUR."},
    )


def _amount(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=17, decimal_places=2, required=False, **options)


class CompanyIn(Strict):
    """The company a lead works for: found by its web domain, else by its name, else added."""

    name = _text(200)
    domain = _text(120)
    industry = _text(120)
    employees = serializers.IntegerField(min_value=0, max_value=20_000_000, required=False, allow_null=True)
    revenue = _amount(allow_null=True, help_text="A year.")
    revenue_currency = _currency()
    country = _text(60, help_text="A code such as DE, or a name.")
    city = _text(120)
    buying = Choice(
        choices=Buying.choices,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Who buys: headquarters or each site.",
    )
    by_rfp = serializers.BooleanField(required=False, allow_null=True, help_text="By request for proposal.")
    incumbent = _text(200, help_text="Whom they buy from today.")
    incumbent_relationship = Choice(
        choices=Incumbency.choices,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="How firmly they hold to that supplier.",
    )
    driver = _text(200, help_text="What drives the company.")
    department_driver = _text(200, help_text="What drives the department that buys.")
    politics = _text(500, help_text="Who is for it, who against.")


class ExternalIdIn(Strict):
    """What another system calls the lead."""

    system = serializers.CharField(max_length=40)
    value = serializers.CharField(max_length=120)

    def to_internal_value(self, data: Any) -> tuple[str, str]:
        """(system, value), as they are stored."""
        given = super().to_internal_value(data)
        return " ".join(given["system"].lower().split()), " ".join(given["value"].split())


class AnswerIn(Strict):
    """What is known of one BANT dimension; it counts for 180 days."""

    dimension = Choice(choices=BantDimension.choices)
    level = Choice(choices=[(name, name) for name in LEVELS])
    amount = _amount(allow_null=True, min_value=0)
    currency = _currency()
    text = _text(300, help_text="The role, or the need.")
    purchase_on = serializers.DateField(required=False, allow_null=True)
    evidence = _text(500)

    def to_internal_value(self, data: Any) -> AnswerFacts:
        """The answer as facts."""
        given = {key: value for key, value in super().to_internal_value(data).items() if value is not None}
        level, dimension = LEVELS[given.pop("level")], BantDimension(given.pop("dimension"))
        return AnswerFacts(dimension=dimension, level=level, **given)


class LeadChange(Strict):
    """What changes of a lead: what isn't sent stays, null or an empty text clears."""

    name = _text(200)
    email = _text(254)
    phone = _text(60)
    title = _text(200)
    country = _text(60, help_text="A code such as DE, or a name.")
    city = _text(120)
    language = _text(10)
    driver = _text(200, help_text="What drives the person.")
    source = _text(120)  # type: ignore[assignment]  # a lead's, not the serializer's
    do_not_call = serializers.BooleanField(required=False)
    is_unsubscribed = serializers.BooleanField(required=False)
    campaign = serializers.CharField(
        max_length=160, required=False, help_text="A campaign's name; becomes a touch."
    )
    company = CompanyIn(required=False, allow_null=True)
    external_ids = serializers.ListField(child=ExternalIdIn(), required=False, max_length=20)
    extra = serializers.DictField(
        child=serializers.CharField(max_length=2_000, allow_blank=True),
        required=False,
        help_text="Texts that no field takes, by name.",
    )
    attributes = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="Values of custom fields by the last part of their keys: a text, a number, true or false, "
        "a date such as 2026-11-30, or one of the choices.",
    )


class LeadPatch(LeadChange):
    """A change, perhaps only of the state that was read."""

    updated_at = Moment(
        required=False, help_text="As you read it: if the lead changed since, nothing is written (409)."
    )


class LeadIn(LeadChange):
    """A lead as a system knows it. Null and empty texts say nothing, and flags are only ever set."""

    created_at = Moment(required=False, help_text="Counts for new leads.")
    answers = serializers.ListField(child=AnswerIn(), required=False, max_length=20)


class LeadBatch(Strict):
    """Up to 500 leads."""

    leads = serializers.ListField(child=LeadIn(), min_length=1, max_length=MOST_LEADS)


class ActivityIn(Strict):
    """Something a lead did; the lead is named by its id, an external id or its e-mail address."""

    lead = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    external_id = ExternalIdIn(required=False)
    email = serializers.CharField(max_length=254, required=False)
    kind = Choice(choices=ActivityKind.choices)
    at = Moment()
    detail = serializers.CharField(max_length=300, required=False, allow_blank=True)
    campaign = serializers.CharField(max_length=160, required=False, allow_blank=True)
    dedup_key = serializers.CharField(
        max_length=120, required=False, help_text="The same key is written once, whenever it comes."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one name of the lead."""
        if sum(name in attrs for name in ("lead", "external_id", "email")) != 1:
            raise serializers.ValidationError("Name the lead by one of: lead, external_id, email.")
        return attrs


class ActivityBatch(Strict):
    """Up to 1,000 activities."""

    activities = serializers.ListField(child=ActivityIn(), min_length=1, max_length=MOST_ACTIVITIES)


def lead_facts(given: Mapping[str, Any], *, may_clear: bool = False) -> LeadFacts:
    """Facts of a ``LeadIn`` or, where null clears, of a ``LeadPatch``."""
    known = {column.name for column in columns(LeadFacts)}
    said = {key: value for key, value in given.items() if key in known}
    if may_clear:
        said = {key: "" if value is None else value for key, value in said.items()}
    if "company" in said:
        company = said["company"]
        said["company"] = CompanyFacts(**company) if company else CompanyFacts(name="") if may_clear else None
    for name in ("external_ids", "answers"):
        if name in said:
            said[name] = tuple(said[name])
    return LeadFacts(**said)


def activity_facts(given: Mapping[str, Any]) -> ActivityFacts:
    """Facts of an ``ActivityIn``."""
    named = dict(given)
    return ActivityFacts(lead_id=named.pop("lead", None), **named)
