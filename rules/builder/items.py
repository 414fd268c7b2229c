"""What a builder holds: rows and groups of rows, as typed. Plain values; every change makes a new tree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

ACTIVITY = "activity"
"""What a row's ``field`` says when it asks for activities; the keys of fields always have a dot."""
ALL, ANY = "all", "any"
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as typed: raw texts, readable or not. ``nots`` counts the “not” around it.

    ``value`` has a text for each input of the operator, or each chosen option. ``kinds``, ``detail``,
    ``times`` and ``window`` are used if ``field`` is ACTIVITY.
    """

    field: str = ""
    op: str = ""
    value: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    detail: str = ""
    times: str = ""
    window: str = ""
    nots: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen or typed yet."""
        return self == replace(Row(), nots=self.nots)


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of its children. ``is_bare``: as long as it has one child it stands for that child alone,
    which only the outermost group may."""

    match: str = ALL
    children: tuple["Item", ...] = ()
    nots: int = 0
    is_bare: bool = False


Item = Row | Group


def item_at(root: Group, path: Path) -> Item:
    """The item at ``path``; LookupError if there is none."""
    item: Item = root
    for place in path:
        if not isinstance(item, Group):
            raise LookupError(path)
        item = item.children[place]
    return item


def put(root: Group, path: Path, *items: Item) -> Group:
    """``root`` with ``items`` instead of the one at ``path``: none removes it."""
    *above, place = path
    group = item_at(root, tuple(above))
    if not isinstance(group, Group) or place >= len(group.children):
        raise LookupError(path)
    children = (*group.children[:place], *items, *group.children[place + 1 :])
    return _with(root, tuple(above), replace(group, children=children))


def insert(root: Group, path: Path, item: Item) -> Group:
    """``root`` with ``item`` at ``path``, before what stands there now."""
    *above, place = path
    group = item_at(root, tuple(above))
    if not isinstance(group, Group):
        raise LookupError(path)
    children = (*group.children[:place], item, *group.children[place:])
    return _with(root, tuple(above), replace(group, children=children))


def change(root: Group, path: Path, item: Item) -> Group:
    """``root`` with ``item`` in the place of the one at ``path``."""
    return put(root, path, item) if path else _as_root(item)


def walk(item: Item, path: Path = ()) -> Iterator[tuple[Path, Item]]:
    """Every item below and including ``item`` with its path, in the order of reading."""
    yield path, item
    if isinstance(item, Group):
        for place, child in enumerate(item.children):
            yield from walk(child, (*path, place))


def height(item: Item) -> int:
    """How deep the condition of ``item`` is nested; a row alone is 1."""
    below = max(map(height, item.children), default=0) if isinstance(item, Group) else 0
    return item.nots + 1 + below


def is_lone(root: Group) -> bool:
    """Whether the outermost group only holds the one condition that it stands for."""
    return root.is_bare and len(root.children) == 1


def depth(root: Group) -> int:
    """How deep the condition of a whole builder is nested."""
    return root.nots + height(root.children[0]) if is_lone(root) else height(root)


def _with(root: Group, path: Path, group: Group) -> Group:
    return put(root, path, group) if path else group


def _as_root(item: Item) -> Group:
    if not isinstance(item, Group):
        raise LookupError("The outermost is a group.")
    return item
