"""Every change of the agreement: install, draft, propose, sign, activate."""

from alignment.services.activating import mark_active, mark_retired
from alignment.services.discussing import comment, overrule, reopen, resolve
from alignment.services.documents import write_document
from alignment.services.drafting import copy_to_draft, discard_draft
from alignment.services.installing import install_template
from alignment.services.proposing import ask_for_changes, propose, withdraw
from alignment.services.rolling_back import roll_back
from alignment.services.signing import sign
from alignment.services.starting import draft_from_document, start_definition

__all__ = [
    "ask_for_changes",
    "comment",
    "copy_to_draft",
    "discard_draft",
    "draft_from_document",
    "install_template",
    "mark_active",
    "mark_retired",
    "overrule",
    "propose",
    "reopen",
    "resolve",
    "roll_back",
    "sign",
    "start_definition",
    "withdraw",
    "write_document",
]
