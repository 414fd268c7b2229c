"""The agreement in the Django admin: to look at; the database itself refuses changes to what was proposed."""

from django.contrib import admin

from alignment.models import (
    Comment,
    Commitment,
    Criterion,
    Definition,
    DraftEdit,
    GlossaryEntry,
    Reason,
    Signature,
    SlaTerm,
    Version,
)
from core.admin import ReadOnlyAdmin


@admin.register(Definition)
class DefinitionAdmin(ReadOnlyAdmin):
    list_display = ["name", "created_at"]


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = [
        "definition",
        "number",
        "status",
        "kind",
        "author",
        "proposed_at",
        "signed_at",
        "activated_at",
    ]
    list_filter = ["status", "kind"]
    list_select_related = ["definition", "author"]


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "dimension", "label", "points", "is_on"]
    list_filter = ["dimension"]
    search_fields = ["=version__id", "label"]


@admin.register(Reason)
class ReasonAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "label", "dimension", "criterion_key", "needs_text"]


@admin.register(SlaTerm)
class SlaTermAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "grade", "source", "is_handed_over", "response_amount", "response_unit"]


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "side", "by", "at"]
    list_select_related = ["by"]


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "kind", "grade", "amount"]
    list_filter = ["kind"]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "criterion_key", "by", "at", "is_objection", "resolution"]
    list_filter = ["is_objection", "resolution"]
    list_select_related = ["by"]


@admin.register(DraftEdit)
class DraftEditAdmin(ReadOnlyAdmin):
    list_display = ["version_id", "revision", "what", "by", "at"]
    list_select_related = ["by"]


@admin.register(GlossaryEntry)
class GlossaryEntryAdmin(ReadOnlyAdmin):
    list_display = ["term", "name", "by", "at"]
    search_fields = ["term", "name"]
    list_select_related = ["by"]
