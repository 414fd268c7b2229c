"""The steps of a draft, so that they can be undone."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from alignment.models.version import Version


class DraftEdit(models.Model):
    """One saved edit of a draft: ``document`` is what the draft said before it.

    ``revision`` is the draft's before the edit. Undo writes the youngest document back and keeps in its
    place what the draft said until then, ``is_undone``; redo does the reverse, and the next edit forgets
    what was undone. The rows are gone once the draft is proposed.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    is_undone = models.BooleanField(default=False)
    what = models.CharField(max_length=200, help_text="The edit in words.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["version", "revision"], name="edit_once_a_revision")]

    def __str__(self) -> str:
        return self.what
