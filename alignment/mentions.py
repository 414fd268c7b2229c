"""Naming people in a comment: ``@Marta Ortiz``, or ``@Marta`` where only one of them may read it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from alignment.access import DRAFTERS, READERS
from alignment.models import Version
from users.models import User

AT = re.compile(r"(?:^|(?<=[\s(\[“\"'/,;:]))@(\w[\w’'.-]*)")
MOST = 20  # people that one comment names
OFFERED = 6


@dataclass(slots=True)
class Named:
    """Whom a text names: ``people``, and the words after an @ that may mean several of them."""

    people: list[User] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def readers_of(version: Version) -> QuerySet[User]:
    """Everybody who may read ``version`` and can therefore be told of it."""
    roles = DRAFTERS if version.is_editable else READERS
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "pk")


def named_in(text: str, version: Version) -> Named:
    """Who is meant by each @ of ``text``: one query, none without an @. What names nobody is just text."""
    found, marks = Named(), list(AT.finditer(text))[:MOST]
    if not marks:
        return found
    begins = Q()
    for mark in marks:
        begins |= Q(name__istartswith=_word(mark))
    readers = list(readers_of(version).filter(begins)[: MOST * MOST])
    for mark in marks:
        meant = _meant(text[mark.start() + 1 :], _word(mark), readers)
        if len(meant) > 1:
            found.unclear.append(_word(mark))
        found.people += [each for each in meant if len(meant) == 1 and each not in found.people]
    return found


def offered(text: str, version: Version) -> list[User]:
    """Who may be meant by the last @ that is being typed; at most six, none if a whole name stands there."""
    marks = list(AT.finditer(text))
    if not marks:
        return []
    word = _word(marks[-1])
    readers = list(readers_of(version).filter(name__istartswith=word)[:OFFERED])
    rest = text[marks[-1].start() + 1 :]
    whole = any(_begins(rest, each.name) for each in readers)
    return [] if whole else readers


def marked(text: str, people: Iterable[User]) -> SafeString:
    """``text`` as markup, with the names of ``people`` set off; a line break stays one."""
    html = str(conditional_escape(text))
    for each in people:
        for name in (each.name, _first(each)):
            shown = format_html("@{}", name)
            if shown in html:
                html = html.replace(shown, format_html('<span class="said-name">@{}</span>', name))
                break
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308 - every part was escaped above


def _word(mark: re.Match[str]) -> str:
    return re.sub("['’]s$", "", mark[1].rstrip(".-'’"))


def _meant(rest: str, word: str, readers: list[User]) -> list[User]:
    """The longest whole name after the @, else everybody of that first name."""
    whole = [each for each in readers if _begins(rest, each.name)]
    if whole:
        longest = max(len(each.name) for each in whole)
        return [each for each in whole if len(each.name) == longest]
    return [each for each in readers if _first(each).casefold() == word.casefold()]


def _first(person: User) -> str:
    return (person.name.split() or [person.name])[0]


def _begins(rest: str, name: str) -> bool:
    return rest[: len(name)].casefold() == name.casefold() and not rest[len(name) : len(name) + 1].isalnum()
