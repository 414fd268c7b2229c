"""Whether a custom field can be as somebody wants it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import Invalid, Problem
from core.text import fold
from leads import cleaning
from leads.imports.targets import LEAD_TARGETS, squeezed
from leads.models import CustomField

MAX_FIELDS = 200
MAX_CHOICES, MAX_CHOICE = 200, 100
MAX_HEADERS, MAX_HEADER = 20, 200
MAX_LABEL, MAX_UNIT, MAX_HELP = 80, 20, 300
MAX_SLUG = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContent:
    """What an admin says of a custom field; see ``models.CustomField``."""

    label: str
    type: str
    unit: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


def checked(content: FieldContent, others: Sequence[CustomField]) -> FieldContent:
    """``content`` as it is stored; ``others`` are the other fields. Invalid names every problem."""
    problems: list[Problem] = []
    in_use = [each for each in others if each.retired_at is None]
    is_number = content.type == CustomField.Type.NUMBER
    good = FieldContent(
        label=_line(content.label, MAX_LABEL, "label", problems),
        type=content.type,
        unit=_line(content.unit if is_number else "", MAX_UNIT, "unit", problems),
        help=_line(content.help, MAX_HELP, "help", problems),
        choices=tuple(_choices(content, problems)),
        headers=tuple(_headers(content, in_use, problems)),
    )
    if content.type not in CustomField.Type.values:
        problems.append(Problem("Choose what the field holds.", "type"))
    if not good.label and not any(each.where == "label" for each in problems):
        problems.append(Problem("Give the field a name.", "label"))
    if same := next((each for each in in_use if fold(each.label) == fold(good.label)), None):
        problems.append(Problem(f"There is a field “{same.label}” already.", "label"))
    if len(in_use) >= MAX_FIELDS:
        problems.append(Problem(f"There are {MAX_FIELDS} custom fields in use, the most there can be."))
    if problems:
        raise Invalid(problems[0].message, problems=tuple(problems))
    return good


def slug_of(label: str, others: Iterable[CustomField]) -> str:
    """A key from the letters and digits of ``label`` that no other field has or had; Invalid if a field in
    use has it in another spelling."""
    bare = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:MAX_SLUG].strip("_")
    slug = bare if bare[:1].isalpha() else f"field_{bare}".rstrip("_")
    taken = {each.slug: each for each in others}
    is_spelling = slug == bare and slug in taken and taken[slug].retired_at is None
    if is_spelling:
        message = f"“{label}” is another spelling of “{taken[slug].label}”, which there is already."
        raise Invalid(message, problems=(Problem(message, "label"),))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}_{number}"
    return free


def _line(raw: str, limit: int, where: str, problems: list[Problem]) -> str:
    try:
        return cleaning.text(raw, limit)
    except cleaning.UnusableError:
        problems.append(Problem(f"Takes at most {limit} characters; this has {len(raw):,}.", where))
        return ""


def _choices(content: FieldContent, problems: list[Problem]) -> list[str]:
    if content.type != CustomField.Type.CHOICE:
        return []
    given = [cleaning.plain(each) for each in content.choices]
    choices = [each for each in given if each]
    if not choices:
        problems.append(Problem("List at least one choice, each on a line.", "choices"))
    if len(choices) > MAX_CHOICES:
        problems.append(
            Problem(f"Takes at most {MAX_CHOICES} choices; these are {len(choices):,}.", "choices")
        )
    if long := next((each for each in choices if len(each) > MAX_CHOICE), None):
        problems.append(Problem(f"“{long[:40]}…” has more than {MAX_CHOICE} characters.", "choices"))
    seen: dict[str, str] = {}
    for each in choices:
        if (same := seen.setdefault(fold(each), each)) is not each:
            problems.append(Problem(f"“{each}” is there twice (as “{same}”).", "choices"))
            break
    return choices


def _headers(content: FieldContent, in_use: Iterable[CustomField], problems: list[Problem]) -> list[str]:
    """Headers, of which none names another field."""
    given = [cleaning.plain(each) for each in content.headers]
    headers = list({squeezed(each): each for each in given if squeezed(each)}.values())
    if len(headers) > MAX_HEADERS:
        problems.append(
            Problem(f"Takes at most {MAX_HEADERS} columns; these are {len(headers):,}.", "headers")
        )
    known = {header: target.label for target in LEAD_TARGETS for header in target.headers}
    for other in in_use:
        known |= dict.fromkeys(headers_of(other.label, other.headers), other.label)
    for each in headers:
        if len(each) > MAX_HEADER:
            problems.append(Problem(f"“{each[:40]}…” has more than {MAX_HEADER} characters.", "headers"))
        elif label := known.get(squeezed(each)):
            problems.append(Problem(f"Columns called “{each}” are read as “{label}” already.", "headers"))
    return headers


def headers_of(label: str, headers: Iterable[str]) -> tuple[str, ...]:
    """The headers by which an import knows a field, squeezed; its label is one of them."""
    return tuple(dict.fromkeys(filter(None, map(squeezed, (label, *headers)))))
