"""The forms of the definition's pages."""

from alignment.forms.discussion import CommentForm, DeclineForm, SettleForm
from alignment.forms.signing import ReasonForm

__all__ = ["CommentForm", "DeclineForm", "ReasonForm", "SettleForm"]
