"""Every change of the agreement: install, draft, propose, sign, activate."""

from alignment.services.activating import mark_active, mark_retired
from alignment.services.drafting import copy_to_draft, discard_draft, edit_draft
from alignment.services.installing import install_template
from alignment.services.proposing import ask_for_changes, comment, propose, withdraw
from alignment.services.signing import sign

__all__ = [
    "ask_for_changes",
    "comment",
    "copy_to_draft",
    "discard_draft",
    "edit_draft",
    "install_template",
    "mark_active",
    "mark_retired",
    "propose",
    "sign",
    "withdraw",
]
