"""What both teams say of a version: remarks, objections, and how they were settled."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.http import Http404

from alignment import notices
from alignment.access import may_overrule, may_reopen, may_resolve, may_speak
from alignment.mentions import MOST, named_in, readers_of
from alignment.models import Comment, Reopening, Version
from alignment.querysets import open_objections
from alignment.services.locking import take
from core import audit
from core.errors import Conflict, Invalid, NotAllowed, Problem
from users.models import User

LONGEST = 1000


@transaction.atomic
def comment(
    *,
    version_id: int,
    text: str,
    by: User,
    now: datetime,
    criterion_key: str = "",
    is_objection: bool = False,
    mentioned: Collection[int] = (),
) -> Comment:
    """Say something of a version or, with ``criterion_key``, of one criterion of it.

    Whoever is named by an @ or by id in ``mentioned`` is told; an id that can't read it names nobody.
    An objection stands in the way of signatures until it is resolved or overruled; Conflict if the
    version takes none any more. NotAllowed without a voice, Invalid for a text or criterion that can't
    be. A repeat says it twice.
    """
    if not may_speak(by):
        raise NotAllowed("Marketing, sales and the mediator discuss a version; ask one of them to say it.")
    version = take(version_id)
    if is_objection:
        _refuse_late_objection(version)
    if criterion_key and not version.criteria.filter(key=criterion_key).exists():
        raise Invalid("This version has no such criterion.", problems=(Problem("Choose one.", "about"),))
    said = write_comment(version, text, by, now, criterion_key=criterion_key, is_objection=is_objection)
    _mention(said, version, mentioned, now)
    audit.record(actor=by, action="version.object" if is_objection else "version.comment", target=version)
    if is_objection:
        notices.tell_objection(said, version, now=now)
    return said


@transaction.atomic
def resolve(*, comment_id: int, by: User, now: datetime, text: str = "") -> Comment:
    """Settle a comment, or withdraw one's objection; ``text`` may say how.

    NotAllowed for anybody but the author of an objection; Conflict if it is settled already.
    """
    said = _take_comment(comment_id)
    if not may_resolve(by, said):
        raise NotAllowed(
            f"{said.by} objects and can settle it; the mediator can overrule it."
            if said.is_objection
            else "Its author, or somebody who drafts, settles a remark."
        )
    return _settle(said, Comment.Resolution.RESOLVED, _clean(text, required=""), by, now)


@transaction.atomic
def overrule(*, comment_id: int, text: str, by: User, now: datetime) -> Comment:
    """Put an objection aside with a reason, on record: the mediator alone.

    Invalid without a reason or if it is no objection; Conflict if it is settled already.
    """
    if not may_overrule(by):
        raise NotAllowed("Only the mediator overrules an objection.")
    said = _take_comment(comment_id)
    if not said.is_objection:
        raise Invalid("This is a remark: it stands in nobody's way.")
    settled = _settle(said, Comment.Resolution.OVERRULED, _clean(text, required="why"), by, now)
    notices.tell_overruled(settled, now=now)
    return settled


@transaction.atomic
def reopen(*, comment_id: int, by: User, now: datetime, text: str = "") -> Comment:
    """Open a settled comment again; ``text`` may say why.

    How it was settled, by whom and when stays on record. An objection then stands
    in the way of signatures as before. NotAllowed for whoever may not, Conflict if it is open already or
    the version takes no objection any more.
    """
    said = _take_comment(comment_id)
    if not said.resolution:
        raise Conflict("It is open already: nobody has settled it, or somebody has opened it again.")
    if not (may_speak(by) and may_reopen(by, said)):
        raise NotAllowed(_who_reopens(said))
    if said.is_objection:
        _refuse_late_objection(said.version)
    assert said.resolved_by is not None and said.resolved_at is not None  # noqa: S101, PT018 - by constraint
    Reopening.objects.create(
        comment=said, by=by, at=now, text=_clean(text, required=""),
        was=said.resolution, was_text=said.resolution_text, was_by=said.resolved_by, was_at=said.resolved_at,
    )  # fmt: skip
    _write_resolution(said, Comment.Resolution.OPEN, "", None, None)
    audit.record(actor=by, action="comment.reopened", target=said.version, detail={"comment": said.pk})
    if said.is_objection:
        notices.tell_reopened(said, by=by, now=now)
    return said


def write_comment(
    version: Version,
    text: str,
    by: User,
    now: datetime,
    *,
    criterion_key: str = "",
    is_objection: bool = False,
    asks_for_changes: bool = False,
) -> Comment:
    """Keep what was said of a locked version; Invalid without a text or with one that is too long."""
    what = "what should be different" if asks_for_changes else "something"
    return Comment.objects.create(
        version=version,
        text=_clean(text, required=what),
        by=by,
        at=now,
        criterion_key=criterion_key,
        is_objection=is_objection,
        asks_for_changes=asks_for_changes,
    )


def _clean(text: str, *, required: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    message = ""
    if required and not text:
        message = f"Say {required}."
    elif len(text) > LONGEST:
        message = f"At most {LONGEST:,} characters; this has {len(text):,}."
    if message:
        raise Invalid(message, problems=(Problem(message, "text"),))
    return text


def _mention(said: Comment, version: Version, ids: Collection[int], now: datetime) -> None:
    ticked = list(readers_of(version).filter(pk__in=list(ids)[:MOST])) if ids else []
    named = named_in(said.text, version).people
    people = {each.pk: each for each in [*ticked, *named]}
    if people:
        said.mentions.set(people.values())
        notices.tell_mentioned(said, version, people.values(), now=now)


def _take_comment(comment_id: int) -> Comment:
    """The comment, with its version locked, so that a signature waits for how it is settled."""
    rows = Comment.objects.select_related("by", "version__definition")
    version_id = Comment.objects.filter(pk=comment_id).values_list("version", flat=True).first()
    if version_id is None:
        raise Http404("This comment is gone: its draft was discarded.")
    take(version_id)
    return rows.get(pk=comment_id)


def _settle(said: Comment, how: Comment.Resolution, text: str, by: User, now: datetime) -> Comment:
    if said.resolution:
        raise Conflict(f"It was {said.get_resolution_display().lower()} already, by {said.resolved_by}.")
    _write_resolution(said, how, text, by, now)
    audit.record(actor=by, action=f"comment.{how.value}", target=said.version, detail={"comment": said.pk})
    if said.is_objection and not open_objections(said.version).exists():
        notices.tell_unblocked(said.version, by=by, comment=said, now=now)
    return said


def _write_resolution(
    said: Comment, how: Comment.Resolution, text: str, by: User | None, at: datetime | None
) -> None:
    said.resolution, said.resolution_text, said.resolved_by, said.resolved_at = how, text, by, at
    said.save(update_fields=["resolution", "resolution_text", "resolved_by", "resolved_at"])


def _refuse_late_objection(version: Version) -> None:
    if version.is_editable or version.is_signable:
        return
    status = version.get_status_display().lower()
    raise Conflict(
        f"Version {version.number} is {status}: an objection changes nothing any more. "
        "Say it as a remark, or draft a change."
    )


def _who_reopens(said: Comment) -> str:
    if said.resolution == Comment.Resolution.OVERRULED:
        return "The mediator overruled it, and only the mediator can open it again."
    if said.is_objection:
        return f"{said.by} settled this objection and can open it again. You can object yourself."
    return "Marketing, sales and the mediator open a remark again; ask one of them."
