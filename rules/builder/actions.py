"""What the buttons of a builder do. Each gives the new rows, where the focus goes and what is read out."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.builder import inputs
from rules.builder.inputs import Input
from rules.builder.items import (
    ACTIVITY,
    ALL,
    ANY,
    Group,
    Item,
    Path,
    Row,
    change,
    depth,
    insert,
    item_at,
    put,
    walk,
)
from rules.builder.language import Language
from rules.builder.reading import problems_of
from rules.fields import Field
from rules.operators import Operator
from rules.tree import MAX_DEPTH, MAX_NODES

TOO_DEEP = f"Groups are nested at most {MAX_DEPTH} deep: nothing was changed."
TOO_MANY = f"A condition has at most {MAX_NODES} parts: nothing was changed."


@dataclass(frozen=True, slots=True)
class Done:
    """The rows after an action; ``focus`` is the path and the part of the input that takes the focus."""

    root: Group
    focus: tuple[Path, str]
    note: str


Act = Callable[[Group, Path, Language], Done]


def act(root: Group, name: str, path: Path, language: Language) -> Done:
    """``root`` after one action. LookupError if there is no such action or no such row.

    What would be too deep or too large changes nothing and says so.
    """
    done = ACTIONS[name](root, path, language)
    if sum(1 for _ in walk(done.root)) > MAX_NODES:
        return Done(root, (path, ""), TOO_MANY)
    if depth(done.root) > max(MAX_DEPTH, depth(root)):
        return Done(root, (path, ""), TOO_DEEP)
    return done


def _add(root: Group, path: Path, _language: Language) -> Done:
    return _appended(root, path, Row(), "Condition added.")


def _group(root: Group, path: Path, _language: Language) -> Done:
    group = _group_at(root, path)
    match = ALL if group.match == ANY else ANY
    words = "any" if match == ANY else "all"
    return _appended(root, path, Group(match, (Row(),)), f"Group added: {words} of its conditions must hold.")


def _remove(root: Group, path: Path, _language: Language) -> Done:
    """The focus goes to the row that follows, else to the one before, else to the group."""
    item = item_at(root, path)
    rest = put(root, path)
    left = len(_group_at(rest, path[:-1]).children)
    what = "Group" if isinstance(item, Group) else "Condition"
    note = f"{what} removed. {left} left here."
    if not left:
        return Done(rest, (path[:-1], "add"), note)
    neighbour = (*path[:-1], min(path[-1], left - 1))
    return Done(rest, (neighbour, _first_input(item_at(rest, neighbour))), note)


def _copy(root: Group, path: Path, _language: Language) -> Done:
    item = item_at(root, path)
    beside = (*path[:-1], path[-1] + 1)
    return Done(insert(root, beside, item), (beside, _first_input(item)), "Copied.")


def _up(root: Group, path: Path, _language: Language) -> Done:
    """Before the row above: into a group from below, out of a group at its top."""
    item, place = item_at(root, path), path[-1]
    rest = put(root, path)
    if place:
        above = (*path[:-1], place - 1)
        neighbour = item_at(rest, above)
        target = (*above, len(neighbour.children)) if isinstance(neighbour, Group) else above
    elif len(path) > 1:
        target = path[:-1]
    else:
        return Done(root, (path, "up"), "This is the first already.")
    return _moved(root, rest, target, item, "up")


def _down(root: Group, path: Path, _language: Language) -> Done:
    """After the row below: into a group from above, out of a group at its end."""
    item, place = item_at(root, path), path[-1]
    rest = put(root, path)
    if place < len(_group_at(rest, path[:-1]).children):
        is_group = isinstance(item_at(rest, path), Group)
        target = (*path, 0) if is_group else (*path[:-1], place + 1)
    elif len(path) > 1:
        target = (*path[:-2], path[-2] + 1)
    else:
        return Done(root, (path, "down"), "This is the last already.")
    return _moved(root, rest, target, item, "down")


def _field(root: Group, path: Path, language: Language) -> Done:
    """After another field was chosen: what still fits of operator and value stays, and so does the focus."""
    return _fit(root, path, language, "field")


def _op(root: Group, path: Path, language: Language) -> Done:
    """After another operator was chosen."""
    return _fit(root, path, language, "op")


def _fit(root: Group, path: Path, language: Language, part: str) -> Done:
    item = item_at(root, path)
    if isinstance(item, Group):
        return Done(root, (path, "match"), "")
    return Done(change(root, path, fitted(item, language)), (path, part), "")


def fitted(row: Row, language: Language) -> Row:
    """``row`` with an operator of its field and only such values as that reads."""
    if row.field == ACTIVITY:
        return replace(row, op="", value=(), times=row.times or "1")
    row = replace(row, kinds=(), detail="", times="", window="")
    field = language.field(row.field)
    if field is None:
        return row
    operators = inputs.operators_of(field)
    op = row.op if row.op in operators else inputs.FIRST_OPERATOR[field.type]
    texts = _fitting(replace(row, op=op), operators[op], field)
    kept = tuple(text for text in texts if _reads(replace(row, op=op), text, operators[op], language))
    return replace(row, op=op, value=_arranged(kept, field, operators[op]))


def _fitting(row: Row, operator: Operator, field: Field) -> tuple[str, ...]:
    """The values one by one: the lines of a list, the texts of other inputs, choices by name or key."""
    texts = tuple(line for text in row.value for line in inputs.LINE_ENDS.split(text) if line.strip())
    if inputs.input_of(field, operator) not in (Input.CHOICE, Input.CHECKS):
        return texts
    by_label = {label.lower(): key for key, label in field.options()}
    keys = {key for key, _label in field.options()}
    return tuple(text if text in keys else by_label.get(text.strip().lower(), text) for text in texts)


def _reads(row: Row, text: str, operator: Operator, language: Language) -> bool:
    field = language.field(row.field)
    if field is None:
        return False
    one = _arranged((text,), field, operator)
    one = (one[0], one[0]) if operator.arity == "pair" else one
    return not problems_of(replace(row, value=one), language)


def _arranged(texts: tuple[str, ...], field: Field, operator: Operator) -> tuple[str, ...]:
    match inputs.input_of(field, operator):
        case Input.NONE:
            return ()
        case Input.CHECKS:
            return tuple(dict.fromkeys(texts))
        case Input.LINES:
            return ("\n".join(texts),) if texts else ()
    size = 2 if operator.arity == "pair" else 1
    return (*texts, *[""] * size)[:size]


def _appended(root: Group, path: Path, item: Item, note: str) -> Done:
    place = (*path, len(_group_at(root, path).children))
    first = (*place, 0) if isinstance(item, Group) else place
    return Done(insert(root, place, item), (first, "field"), note)


def _moved(root: Group, rest: Group, target: Path, item: Item, button: str) -> Done:
    moved = insert(rest, target, item)
    if depth(moved) > max(MAX_DEPTH, depth(root)):
        return Done(root, (target, ""), TOO_DEEP)
    count = len(_group_at(moved, target[:-1]).children)
    return Done(moved, (target, button), f"Moved {button}: now {target[-1] + 1} of {count}.")


def _group_at(root: Group, path: Path) -> Group:
    group = item_at(root, path)
    if not isinstance(group, Group):
        raise LookupError(path)
    return group


def _first_input(item: Item) -> str:
    return "match" if isinstance(item, Group) else "field"


ACTIONS: dict[str, Act] = {
    "add": _add,
    "group": _group,
    "remove": _remove,
    "copy": _copy,
    "up": _up,
    "down": _down,
    "field": _field,
    "op": _op,
}
