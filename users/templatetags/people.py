"""Changes of a person in words."""

from django import template

from core.models import AuditEntry
from users.models import Role

register = template.Library()

WORDS = {
    "person.joined": "Joined",
    "person.deactivated": "Deactivated",
    "person.reactivated": "Let in again",
    "person.profile_changed": "Changed their own settings",
    "password.reset_asked": "A link to reset the password was sent",
    "password.changed": "Password changed",
    "token.created": "API token made",
    "token.revoked": "API token revoked",
}


@register.filter
def in_words(entry: AuditEntry) -> str:
    """What a row of the audit log says of a person; an action of another app by its name, as words."""
    if entry.action == "person.role_changed":
        return _role_change(entry)
    return WORDS.get(entry.action) or entry.action.replace("_", " ").replace(".", " ").capitalize()


def _role_change(entry: AuditEntry) -> str:
    before, after = entry.detail.get("before", {}), entry.detail.get("after", {})
    labels = dict(Role.choices)
    old, new = (labels.get(side.get("role"), "?").lower() for side in (before, after))
    return "Moved to another team" if old == new else f"From {old} to {new}"
