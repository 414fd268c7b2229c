"""What the company calls things, next to our words; both teams keep it."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.text import slugify

from alignment.access import may_name
from alignment.models import GlossaryEntry
from alignment.services.locking import StaleEdit
from alignment.terms import TERMS
from core import audit
from core.errors import Conflict, Invalid, NotAllowed, Problem
from core.locking import locked
from users.models import User

LONGEST_NAME = 80
LONGEST_MEANING = 1000


@transaction.atomic
def name_term(*, term: str, name: str, meaning: str, revision: int, by: User, now: datetime) -> GlossaryEntry:
    """Say what the company calls ``term`` and means by it; ``revision`` is the entry's as shown, 0 for none.

    NotAllowed for those who only read; Http404 for a term that neither we nor the company has; Invalid
    names each value that can't be; StaleEdit with the entry as it is now if it was saved meanwhile.
    """
    _require(by)
    entry = locked(GlossaryEntry.objects.filter(term=term)).first()
    if entry is None and term not in TERMS:
        raise Http404("There is no such term: it was removed.")
    _check_revision(entry, revision)
    name, meaning = _checked(name, meaning, term)
    if entry is None:
        return _write(term, name, meaning, by, now)
    if (entry.name, entry.meaning) == (name, meaning):
        return entry
    entry.name, entry.meaning, entry.by, entry.at = name, meaning, by, now
    entry.revision += 1
    entry.save()
    audit.record(actor=by, action="glossary.edit", target=entry, detail={"term": term})
    return entry


@transaction.atomic
def add_term(*, name: str, meaning: str, by: User, now: datetime) -> GlossaryEntry:
    """Add a term of the company's own. Invalid without both, or if one of that name is there already."""
    _require(by)
    term = slugify(name, allow_unicode=False)[:60] or "term"
    if term in TERMS:
        word = TERMS[term].word
        raise Invalid(
            "This is one of our terms.",
            problems=(Problem(f"“{word}” stands in the list above: say there what you call it.", "name"),),
        )
    name, meaning = _checked(name, meaning, term)
    if not meaning:
        raise Invalid("Say what it means.", problems=(Problem("Say what it means.", "meaning"),))
    if GlossaryEntry.objects.filter(term=term).exists():
        term = f"{term[:50]}-{1 + GlossaryEntry.objects.count()}"  # another name that reads the same in Latin
    return _write(term, name, meaning, by, now)


@transaction.atomic
def forget_term(*, term: str, revision: int, by: User, now: datetime) -> None:
    """Remove the company's words for ``term``; StaleEdit if they were saved after ``revision``.

    Http404 if there are none. One of our own terms stays in the glossary without them.
    """
    _require(by)
    entry = locked(GlossaryEntry.objects.filter(term=term)).first()
    if entry is None:
        raise Http404("There is no such entry: it was removed.")
    _check_revision(entry, revision)
    audit.record(actor=by, action="glossary.remove", target=entry, detail={"term": term})
    entry.delete()


def _require(by: User) -> None:
    if not may_name(by):
        raise NotAllowed("Marketing, sales managers and the mediator keep the glossary.")


def _check_revision(entry: GlossaryEntry | None, revision: int) -> None:
    if entry is not None and entry.revision != revision:
        raise StaleEdit("Somebody saved this term after you opened it. Compare, then save again.", entry)
    if entry is None and revision:
        raise Conflict("Somebody removed these words after you opened them.")


def _checked(name: str, meaning: str, term: str) -> tuple[str, str]:
    name = " ".join(name.replace("\0", "").split())
    meaning = meaning.replace("\0", "").strip()
    problems = []
    if not name:
        problems.append(Problem("Say what you call it.", "name"))
    elif len(name) > LONGEST_NAME:
        problems.append(Problem(f"At most {LONGEST_NAME} characters.", "name"))
    elif GlossaryEntry.objects.filter(name__iexact=name).exclude(term=term).exists():
        problems.append(Problem(f"You call something else “{name}” already.", "name"))
    if len(meaning) > LONGEST_MEANING:
        problems.append(Problem(f"At most {LONGEST_MEANING:,} characters.", "meaning"))
    if problems:
        raise Invalid("This can't be saved.", problems=tuple(problems))
    return name, meaning


def _write(term: str, name: str, meaning: str, by: User, now: datetime) -> GlossaryEntry:
    # Two people may name a term at the same moment: the second one is told by the conflict below.
    entry, is_new = GlossaryEntry.objects.get_or_create(
        term=term, defaults={"name": name, "meaning": meaning, "by": by, "at": now}
    )
    if not is_new:
        raise StaleEdit("Somebody saved this term at the same moment. Compare, then save again.", entry)
    audit.record(actor=by, action="glossary.add", target=entry, detail={"term": term})
    return entry
