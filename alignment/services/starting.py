"""Drafts from a document: of a new definition, or as the next version of one that exists."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from alignment.document import Document
from alignment.models import Definition, Version
from alignment.querysets import active_versions
from alignment.services.documents import write_document
from alignment.services.installing import FIRST_PLACE
from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from core.text import fold
from users.models import User

LONGEST_NAME = 80
GONE = (Version.Status.RETIRED, Version.Status.WITHDRAWN, Version.Status.DECLINED, Version.Status.EXPIRED)


@transaction.atomic
def start_definition(
    *, name: str, document: Document, by: User, now: datetime, before: int | None = None
) -> Version:
    """A new definition whose first version is a draft that says ``document``.

    It judges nobody until it is signed. Its place in the order is before the active version with the id
    ``before``; without one it is the document's if no active version has it, else the last. Invalid if
    the name is empty, too long or taken, or nothing can stand before that version; a repeat is refused,
    as its name is taken.
    """
    definition = _new_definition(name, now)
    place = document.version.get("position") if before is None else _place_before(before)
    draft = _draft(definition, 1, document, by, now)
    if not place or active_versions().filter(position=place).exists():
        place = _last_place(draft)
    draft.position = place
    draft.save(update_fields=["position"])
    detail = {"definition": definition.pk, "criteria": len(document.criteria)}
    audit.record(actor=by, action="definition.start", target=draft, detail=detail)
    return draft


@transaction.atomic
def draft_from_document(*, definition_id: int, document: Document, by: User, now: datetime) -> Version:
    """A new draft of the definition that says ``document``, based on what is in force.

    Its place stays that of the version in force where the document names none. Conflict if ``by`` has an
    open draft of the definition, Invalid if there is no such definition.
    """
    # The definition's lock settles the number and the one draft a person.
    definition = locked(Definition.objects.filter(pk=definition_id)).first()
    if definition is None:
        raise Invalid("This definition is gone.", problems=(Problem("Choose another one.", "into"),))
    mine = definition.versions.filter(author=by, status=Version.Status.DRAFT).first()
    if mine is not None:
        raise Conflict(
            f"You have an open draft of “{definition}”, version {mine.number}. Propose or discard it first."
        )
    active = definition.versions.filter(status=Version.Status.ACTIVE).first()
    number = 1 + int(definition.versions.aggregate(Max("number"))["number__max"] or 0)
    draft = _draft(definition, number, document, by, now, based_on=active)
    audit.record(actor=by, action="version.import", target=draft, detail={"criteria": len(document.criteria)})
    return draft


def _new_definition(name: str, now: datetime) -> Definition:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise _wrong_name(f"Give it a name of at most {LONGEST_NAME} characters.")
    if taken := [each.name for each in Definition.objects.all() if fold(each.name) == fold(name)]:
        raise _taken(taken[0])
    try:
        with transaction.atomic():
            return Definition.objects.create(name=name, created_at=now)
    except IntegrityError:  # somebody else gave this name in the same moment
        raise _taken(name) from None


def _taken(name: str) -> Invalid:
    return _wrong_name(
        f"There is a definition “{name}” already. Take another name, or make this a new draft of that one."
    )


def _wrong_name(message: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, "name"),))


def _draft(
    definition: Definition,
    number: int,
    document: Document,
    by: User,
    now: datetime,
    based_on: Version | None = None,
) -> Version:
    draft = Version.objects.create(
        definition=definition,
        number=number,
        based_on=based_on,
        author=by,
        created_at=now,
        reason=document.reason,
        position=based_on.position if based_on else FIRST_PLACE,
    )
    write_document(draft, document)
    return draft


def _last_place(draft: Version) -> int:
    others = Version.objects.exclude(pk=draft.pk).exclude(status__in=GONE)
    last = others.aggregate(Max("position"))["position__max"]
    return FIRST_PLACE if last is None else int(last) + FIRST_PLACE


def _place_before(version_id: int) -> int:
    """A place just before an active version and behind the one that comes before it."""
    order = [(each.pk, each.position) for each in active_versions()]
    ids = [pk for pk, _position in order]
    if version_id not in ids:
        raise _wrong_place("That version isn't in force any more. Choose again.")
    index = ids.index(version_id)
    low, high = (order[index - 1][1] if index else 0), order[index][1]
    if high - low < 2:
        raise _wrong_place("There is no place left before it. Draft it anew with a higher place first.")
    return (low + high) // 2


def _wrong_place(message: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, "before"),))
