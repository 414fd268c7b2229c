"""The Django admin: for looking, not for changing, so that every change goes through a service."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from core.errors import Invalid
from core.models import AuditEntry, AuditValue, OutboxMessage

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[models.Model]
    ValuesInline = admin.TabularInline[AuditValue, AuditEntry]
else:  # a type parameter is known to the type checker only
    AnyAdmin = admin.ModelAdmin
    ValuesInline = admin.TabularInline


class ReadOnlyAdmin(AnyAdmin):
    """Rows that admins read here and change elsewhere, or never."""

    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As ever, but PostgreSQL can't be asked for a null character."""
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise Invalid("The address asks for a character that no text here can hold.")
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuditValueInline(ValuesInline):
    """The personal values of a change, while nobody had them erased."""

    model = AuditValue
    fields = ["field", "before", "after"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "target_type", "target_id", "detail"]
    list_filter = ["action", "target_type"]
    list_select_related = ["actor"]
    search_fields = ["=target_id", "action", "actor__name", "actor__email"]
    inlines = [AuditValueInline]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "channel", "to", "subject", "send_after", "sent_at", "tries", "last_error"]
    list_filter = ["channel", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["to"]
    search_fields = ["=key", "to__email", "subject"]
    exclude = ["body", "address"]
