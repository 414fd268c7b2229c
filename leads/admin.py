"""Leads in the Django admin: to look at; they are changed on the pages of the app."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from leads.models import (
    Activity,
    BantAnswer,
    Campaign,
    Company,
    CustomField,
    FactSource,
    FieldRun,
    ImportJob,
    Lead,
    StageChange,
)


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "email", "company", "stage", "owner", "team", "created_at"]
    list_filter = ["stage", "team"]
    list_select_related = ["company", "owner", "team"]
    search_fields = ["=id", "=email_folded", "^name_folded"]


@admin.register(Company)
class CompanyAdmin(ReadOnlyAdmin):
    list_display = ["name", "domain", "industry", "employees", "country"]
    search_fields = ["^name_folded", "=domain"]


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ["id", "lead_id", "kind", "detail", "at"]
    list_filter = ["kind"]
    search_fields = ["=lead__id"]
    raw_id_fields = ["lead", "campaign"]


@admin.register(BantAnswer)
class BantAnswerAdmin(ReadOnlyAdmin):
    list_display = ["lead_id", "dimension", "level", "source", "author", "at", "expires_at"]
    list_filter = ["dimension", "level", "source"]
    list_select_related = ["author"]
    search_fields = ["=lead__id"]


@admin.register(StageChange)
class StageChangeAdmin(ReadOnlyAdmin):
    list_display = ["lead_id", "from_stage", "to_stage", "at", "cause", "by"]
    list_select_related = ["by"]
    search_fields = ["=lead__id"]


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["name", "channel", "starts_on", "ends_on", "cost", "currency"]
    search_fields = ["^name_folded"]


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "kind", "state", "created", "updated", "left_out", "author", "created_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["author"]
    exclude = ["content"]


@admin.register(CustomField)
class CustomFieldAdmin(ReadOnlyAdmin):
    list_display = ["label", "slug", "type", "unit", "retired_at"]
    list_filter = ["type"]


@admin.register(FactSource)
class FactSourceAdmin(ReadOnlyAdmin):
    list_display = ["fact", "company", "lead_id", "source", "by", "at"]
    list_filter = ["fact", "source"]
    list_select_related = ["company", "by"]


@admin.register(FieldRun)
class FieldRunAdmin(ReadOnlyAdmin):
    list_display = ["field", "kind", "state", "converted", "unfit", "created_at", "ended_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["field"]
