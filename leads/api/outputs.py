"""How a lead looks in the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api.fields import Moment, ProblemOut
from leads.custom.definitions import definitions
from leads.models import Company, Lead, Stage
from rules.fields import Field
from users.api.outputs import Named


class CompanyOut(serializers.ModelSerializer[Company]):
    """The company a lead works for."""

    class Meta:
        model = Company
        fields = (
            "id",
            "name",
            "domain",
            "industry",
            "employees",
            "revenue",
            "revenue_currency",
            "country",
            "city",
            "buying",
            "by_rfp",
            "incumbent",
            "incumbent_relationship",
            "driver",
            "department_driver",
            "politics",
        )
        read_only_fields = fields


class ExternalIdOut(serializers.Serializer[Any]):
    """What another system calls the lead."""

    system = serializers.CharField()
    value = serializers.CharField()


class Attributes(serializers.DictField):
    """The values of custom fields in use."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        """Without those of retired fields."""
        return {slug: each for slug, each in value.items() if slug in definitions()}


class LeadOut(serializers.Serializer[Lead]):
    """A lead. ``fields`` has what was asked for by ``fields=``, by the keys of the registry."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField(help_text="As it was given.")
    phone_e164 = serializers.CharField()
    title = serializers.CharField()
    country = serializers.CharField()
    city = serializers.CharField()
    language = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a lead's, not the serializer's
    driver = serializers.CharField(help_text="What drives the person.")
    company = CompanyOut(allow_null=True)
    stage = serializers.ChoiceField(Stage.choices)
    stage_at = Moment()
    owner = Named(allow_null=True)
    team = Named(allow_null=True)
    do_not_call = serializers.BooleanField()
    is_unsubscribed = serializers.BooleanField()
    nurture_until = serializers.DateField(allow_null=True)
    external_ids = ExternalIdOut(many=True)
    extra = serializers.DictField(child=serializers.CharField(allow_blank=True))
    attributes = Attributes(
        child=serializers.JSONField(), help_text="Values of custom fields by the last part of their keys."
    )
    created_at = Moment()
    updated_at = Moment()
    fields_ = serializers.DictField(source="asked_fields")

    def get_fields(self) -> dict[str, Any]:
        """``fields`` can't be an attribute: it is REST framework's own."""
        fields = super().get_fields()
        return {name.rstrip("_"): field for name, field in fields.items()}


class LeadPage(serializers.Serializer[Any]):
    """One page of leads; ``next`` is the address of the next one."""

    results = LeadOut(many=True)
    next = serializers.URLField(allow_null=True)


class RowOut(serializers.Serializer[Any]):
    """What became of one row, by its place in the batch. ``candidates`` are the leads that it may mean."""

    index = serializers.IntegerField()
    outcome = serializers.ChoiceField(["created", "updated", "unchanged", "left_out"])
    id = serializers.IntegerField(allow_null=True)
    problems = ProblemOut(many=True)
    candidates = serializers.ListField(child=serializers.IntegerField())


class LeadBatchOut(serializers.Serializer[Any]):
    """One result for each row, in order."""

    results = RowOut(many=True)


class PlacedProblemOut(ProblemOut):
    """What is wrong with one row of a batch."""

    index = serializers.IntegerField()


class ActivityBatchOut(serializers.Serializer[Any]):
    """How many were written, how many were there already, and what is wrong with the others."""

    created = serializers.IntegerField()
    known = serializers.IntegerField()
    problems = PlacedProblemOut(many=True)


def plain_value(field: Field, value: object) -> object:
    """A registered field's value as JSON: levels by name, amounts as exact texts, moments in UTC."""
    if field.stored and value is not None:
        return next((choice for choice, stored in field.stored.items() if stored == value), None)
    if isinstance(value, datetime):
        return Moment().to_representation(value)
    return str(value) if isinstance(value, Decimal) else value
