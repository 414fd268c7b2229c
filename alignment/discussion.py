"""What was said of a version, put together for its pages."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from alignment.access import may_overrule, may_reopen, may_resolve, may_speak
from alignment.mentions import marked
from alignment.models import Comment, Reopening, Version
from users.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with what its reader may do about it."""

    row: Comment
    words: SafeString
    may_resolve: bool
    may_overrule: bool
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said of one criterion, or of the whole version (``key`` empty)."""

    key: str
    label: str
    said: list[Said]


@dataclass(frozen=True)
class Discussion:
    """All threads of a version, the one on the whole first, then in the order of the criteria."""

    version: Version
    threads: list[Thread]
    criteria: list[tuple[str, str]]
    may_speak: bool

    @property
    def may_object(self) -> bool:
        """Whether an objection would change anything, and the reader has a voice."""
        return self.may_speak and (self.version.is_editable or self.version.is_signable)

    @cached_property
    def objections(self) -> list[Comment]:
        """Those that are open and so stand in the way of signatures."""
        rows = (said.row for thread in self.threads for said in thread.said)
        return [row for row in rows if row.is_objection and not row.resolution]

    @property
    def count(self) -> int:
        return sum(len(thread.said) for thread in self.threads)

    @property
    def open_count(self) -> int:
        return sum(said.row.is_open for thread in self.threads for said in thread.said)


def discussion_of(version: Version, viewer: User) -> Discussion:
    """What ``viewer`` reads of the discussion: four queries, three if the criteria were prefetched."""
    reopened = Prefetch("reopenings", Reopening.objects.select_related("by", "was_by"))
    rows = version.comments.select_related("by", "resolved_by").prefetch_related("mentions", reopened)
    criteria = [(row.key, row.label) for row in version.criteria.all()]
    threads = {key: Thread(key, label, []) for key, label in [("", "The version as a whole"), *criteria]}
    for row in rows:
        threads.setdefault(row.criterion_key, Thread(row.criterion_key, row.criterion_key, []))
        threads[row.criterion_key].said.append(_said(row, version, viewer))
    return Discussion(
        version=version,
        threads=[thread for thread in threads.values() if thread.said],
        criteria=criteria,
        may_speak=may_speak(viewer),
    )


def _said(row: Comment, version: Version, viewer: User) -> Said:
    takes_objections = version.is_editable or version.is_signable
    return Said(
        row=row,
        words=marked(row.text, row.mentions.all()),
        may_resolve=row.is_open and may_speak(viewer) and may_resolve(viewer, row),
        may_overrule=row.is_open and row.is_objection and may_overrule(viewer) and row.by_id != viewer.pk,
        may_reopen=bool(row.resolution)
        and (takes_objections or not row.is_objection)
        and may_speak(viewer)
        and may_reopen(viewer, row),
    )
