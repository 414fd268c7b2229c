"""People in the Django admin: to look at; they are changed on the pages of the app."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from users.models import ApiToken, Invitation, Organisation, Team, User


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "role", "team", "is_active", "last_login"]
    list_filter = ["role", "team", "is_active"]
    list_select_related = ["team"]
    search_fields = ["name", "email"]
    exclude = ["password"]


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    search_fields = ["name"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ["name", "zone", "currency", "is_confirmed", "set_up_at"]
    exclude = ["setup_nonce"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = [
        "email",
        "role",
        "team",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    ]
    list_select_related = ["team", "invited_by"]
    search_fields = ["email"]
    exclude = ["token_hash"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "token_key", "created", "expiry", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["name", "token_key", "user__email"]
    exclude = ["digest"]
