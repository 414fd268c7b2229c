"""How a definition came to say what it says: its versions, and the steps inside one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from alignment.comparison import Comparison, compare, days_in_force, effects_of
from alignment.models import Comment, Signature, Version
from alignment.pages import with_parts
from alignment.querysets import with_signers
from core.hooks import Effect
from core.models import AuditEntry

STEPS = 500
DONE = {
    "version.install": "Installed a template",
    "version.import": "Read it from a file",
    "version.draft": "Began the draft",
    "version.edit": "Changed",
    "version.undo": "Took back",
    "version.redo": "Did again",
    "version.propose": "Proposed it",
    "version.roll_back": "Proposed the rollback",
    "version.sign": "Signed",
    "version.object": "Objected",
    "version.comment": "Commented",
    "comment.resolved": "Settled a comment",
    "comment.overruled": "Overruled an objection",
    "comment.reopened": "Opened a comment again",
    "version.decline": "Asked for changes",
    "version.withdraw": "Withdrew it",
    "version.call_off": "Withdrew it, signed by both sides",
    "version.expire": "Expired",
    "version.activate": "Came into force",
    "version.retire": "Went out of force",
}
WITHDRAWALS = ("version.withdraw", "version.call_off")


@dataclass(frozen=True, slots=True)
class Entry:
    """One version as a newcomer reads it."""

    version: Version
    signatures: list[Signature]
    comparison: Comparison | None
    in_force: str
    effects: Sequence[Effect]
    talk: "Talk"


@dataclass(frozen=True, slots=True)
class Talk:
    """The discussion of a version in one line: how many spoke, who objected, who overruled."""

    comments: int = 0
    objections: tuple[str, ...] = ()
    overruled: int = 0
    asked: str = ""


@dataclass(slots=True)
class Chapter:
    """Versions that stand in the open, or, ``is_folded``, successive ones that never came into force."""

    is_folded: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did to a version."""

    at: datetime
    who: str
    words: str


def entries_of(versions: Sequence[Version], now: datetime) -> list[Entry]:
    """``versions`` of one definition, read by ``whole``; a fixed number of queries."""
    older = _older(versions)
    effects, talk = effects_of(versions, now), _talk(versions)
    return [
        Entry(
            version=version,
            signatures=list(version.signatures.all()),
            comparison=compare(older[version.pk], version) if version.pk in older else None,
            in_force=days_in_force(version, now),
            effects=effects.get(version.pk, ()),
            talk=talk.get(version.pk, Talk()),
        )
        for version in versions
    ]


def chapters(entries: Iterable[Entry]) -> list[Chapter]:
    """The entries in their order, with those that came to nothing folded together."""
    found: list[Chapter] = []
    for entry in entries:
        is_folded = entry.version.is_closed
        if not found or found[-1].is_folded != is_folded:
            found.append(Chapter(is_folded))
        found[-1].entries.append(entry)
    return found


def whole(versions: QuerySet[Version]) -> QuerySet[Version]:
    """``versions`` with all that an entry reads of them."""
    return with_signers(with_parts(versions))


def steps_of(version: Version) -> list[Step]:
    """Who did what to ``version``, newest first, from the audit log: one query."""
    return [_step(row) for row in _rows(version, DONE)[:STEPS]]


def withdrawal_of(version: Version) -> Step | None:
    """Who took ``version`` back and when: one query, none unless it is withdrawn."""
    if version.status != Version.Status.WITHDRAWN:
        return None
    return next((_step(row) for row in _rows(version, WITHDRAWALS)[:1]), None)


def _rows(version: Version, actions: Iterable[str]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(target_type="version", target_id=version.pk, action__in=list(actions))
    return rows.select_related("actor").order_by("-id")


def _step(row: AuditEntry) -> Step:
    return Step(row.at, str(row.actor) if row.actor else "", _words(row))


def _older(versions: Sequence[Version]) -> dict[int, Version]:
    """What each version is held against, by its id: what it replaced, or what it was drafted from."""
    if not versions:
        return {}
    live = list(
        Version.objects.filter(definition=versions[0].definition_id, activated_at__isnull=False)
        .order_by("activated_at", "pk")
        .values_list("pk", flat=True)
    )
    follows = dict(zip(live[1:], live, strict=False))
    ids = {each.pk: follows.get(each.pk) if each.activated_at else each.based_on_id for each in versions}
    known = {each.pk: each for each in versions}
    missing = {pk for pk in ids.values() if pk is not None and pk not in known}
    if missing:
        known |= {each.pk: each for each in with_parts(Version.objects.filter(pk__in=missing))}
    return {pk: known[other] for pk, other in ids.items() if other is not None}


def _talk(versions: Sequence[Version]) -> Mapping[int, Talk]:
    rows: dict[int, list[Comment]] = {}
    for comment in Comment.objects.filter(version__in=versions).select_related("by"):
        rows.setdefault(comment.version_id, []).append(comment)
    return {pk: _line(comments) for pk, comments in rows.items()}


def _line(comments: list[Comment]) -> Talk:
    objections = [each for each in comments if each.is_objection]
    return Talk(
        comments=len(comments),
        objections=tuple(dict.fromkeys(str(each.by) for each in objections)),
        overruled=sum(each.resolution == Comment.Resolution.OVERRULED for each in objections),
        asked=next((f"{each.by}: {each.text}" for each in comments if each.asks_for_changes), ""),
    )


def _words(row: AuditEntry) -> str:
    words, detail = DONE[row.action], row.detail
    if what := detail.get("what"):
        return f"{words}: {what}"
    if side := detail.get("side"):
        return f"{words} for {side}"
    return words
