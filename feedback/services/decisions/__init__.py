"""What a rep decides about a handoff, and what takes the last decision back."""

from feedback.services.decisions.closing import disqualify, duplicate, recycle, reject
from feedback.services.decisions.taking import accept, give_back
from feedback.services.decisions.undoing import undo
from feedback.services.working import UNDO_FOR

__all__ = ["UNDO_FOR", "accept", "disqualify", "duplicate", "give_back", "recycle", "reject", "undo"]
