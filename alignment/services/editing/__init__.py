"""Every edit of a draft, part by part: each is saved at once and can be undone."""

from alignment.services.editing.core import Edit, PartGone, check_seen, digest, editing, redo, undo

__all__ = ["Edit", "PartGone", "check_seen", "digest", "editing", "redo", "undo"]
