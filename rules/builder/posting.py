"""The names of a builder's inputs, and reading the rows back from what a form sends.

``condition-match`` is the outermost group, ``condition-0-field`` the field of its first row,
``condition-1-2-op`` the operator of the third row in the group that is its second child.
"""

import re

from django.http import QueryDict

from core.errors import Invalid
from rules.builder.items import ALL, ANY, Group, Item, Path, Row
from rules.tree import MAX_DEPTH, MAX_NODES

PREFIX = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTS = ("match", "not", "bare", "field", "op", "value", "kinds", "detail", "times", "window")


def name_of(prefix: str, path: Path, part: str) -> str:
    """The name, and the id, of one input."""
    return "-".join((prefix, *map(str, path), part))


def check_prefix(prefix: str) -> str:
    """``prefix``, or Invalid: it becomes part of names and ids."""
    if not PREFIX.fullmatch(prefix):
        raise Invalid("The condition's form can't be read: its name isn't known. Load the page again.")
    return prefix


def items_posted(post: QueryDict, prefix: str) -> Group:
    """The rows that a form sent under ``prefix``, as typed; none at all is an empty group.

    Invalid if there are more rows, or deeper ones, than any builder shows.
    """
    pattern = re.compile(rf"{check_prefix(prefix)}((?:-[0-9]{{1,3}})*)-({'|'.join(PARTS)})")
    found: dict[Path, set[str]] = {}
    for name in post:
        if match := pattern.fullmatch(name):
            path = tuple(int(place) for place in match[1].split("-")[1:])
            found.setdefault(path, set()).add(match[2])
    if len(found) > 2 * MAX_NODES or any(len(path) > MAX_DEPTH + 1 for path in found):
        raise Invalid(
            f"A condition has at most {MAX_NODES} parts, nested {MAX_DEPTH} deep. Split this one up."
        )
    return _group(_Form(post, prefix, found), ())


class _Form:
    """What was sent, by path."""

    def __init__(self, post: QueryDict, prefix: str, found: dict[Path, set[str]]) -> None:
        self.post, self.prefix, self.found = post, prefix, found

    def all(self, path: Path, part: str) -> tuple[str, ...]:
        """Every value of one part of a row."""
        given = self.post.getlist(name_of(self.prefix, path, part))
        return tuple(str(text).replace("\r\n", "\n") for text in given)

    def last(self, path: Path, part: str) -> str:
        """The one value of a part, as typed."""
        return (self.all(path, part) or ("",))[-1]

    def children(self, path: Path) -> list[Path]:
        """The paths below one group, in order; groups in between that weren't sent are there as well."""
        size = len(path)
        places = {each[size] for each in self.found if len(each) > size and each[:size] == path}
        return [(*path, place) for place in sorted(places)]


def _group(form: _Form, path: Path) -> Group:
    return Group(
        match=ANY if form.last(path, "match") == ANY else ALL,
        children=tuple(_item(form, child) for child in form.children(path)),
        nots=_nots(form, path),
        is_bare=not path and form.last(path, "bare") == "1",
    )


def _item(form: _Form, path: Path) -> Item:
    if "match" in form.found.get(path, ()) or form.children(path):
        return _group(form, path)
    return Row(
        field=form.last(path, "field"),
        op=form.last(path, "op"),
        value=form.all(path, "value"),
        kinds=form.all(path, "kinds"),
        detail=form.last(path, "detail"),
        times=form.last(path, "times"),
        window=form.last(path, "window"),
        nots=_nots(form, path),
    )


def _nots(form: _Form, path: Path) -> int:
    text = form.last(path, "not")
    return int(text) if len(text) == 1 and text in "0123456789" else 0
