"""Conditions as data: ``parse`` reads JSON-like data into a checked tree, ``to_data`` writes it back.

Grammar, each object with exactly these keys:
  node     = {"all": [node, ...]} | {"any": [node, ...]} | {"not": node} | compare | activity
  compare  = {"field": key, "op": operator} plus "value" unless the operator takes none
  activity = {"activity": {"kind": key or [key, ...], "detail": pattern?}, "at_least": n?, "within_days": n?}
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from core.errors import Problem
from rules.activities import ActivityRegistry, activities
from rules.errors import RuleError
from rules.fields import Registry, Use, registry
from rules.nodes import (
    ActivityCount,
    ActivityMatch,
    All,
    Any_,
    Comparison,
    Node,
    Not,
    fields_in,
    to_data,
)
from rules.parsing import Parser, at

__all__ = [
    "ActivityCount",
    "ActivityMatch",
    "All",
    "Any_",
    "Comparison",
    "Node",
    "Not",
    "RuleError",
    "fields_in",
    "parse",
    "parse_json",
    "to_data",
]

MAX_DEPTH = 10
MAX_NODES = 200
MAX_ALL_VALUES = 5_000
MAX_JSON = 1_000_000


def parse(
    data: object, *, use: Use, registry: Registry = registry, kinds: ActivityRegistry = activities
) -> Node:
    """The checked tree of ``data``, whose fields are all allowed in ``use``.

    RuleError names every problem with its path, such as ``all[2].not.value``. A repeat on
    ``to_data`` of the result gives an equal tree.
    """
    _measure(data)
    parser = Parser(use, registry, kinds)
    node = parser.node(data, "")
    if node is None or parser.problems:
        raise RuleError(*parser.problems)
    return node


def parse_json(
    text: str, *, use: Use, registry: Registry = registry, kinds: ActivityRegistry = activities
) -> Node:
    """``parse`` of JSON text; also text that is no JSON, nested without end or huge is a RuleError."""
    if len(text) > MAX_JSON:
        raise RuleError(Problem(f"The condition is longer than {MAX_JSON:,} characters."))
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except RecursionError:
        raise RuleError(_too_deep("")) from None
    except ValueError as error:
        raise RuleError(Problem(f"The condition can't be read as JSON: {error}")) from None
    return parse(data, use=use, registry=registry, kinds=kinds)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """One JSON object; a key given twice would hide a part of the condition."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return result


def _too_deep(path: str) -> Problem:
    return Problem(f"Conditions are nested at most {MAX_DEPTH} deep. Split this one up.", path)


def _measure(data: object) -> None:
    """Refuse what is too deep or too large, without recursion and before anything else looks at it."""
    todo: list[tuple[object, str, int]] = [(data, "", 1)]
    nodes = listed = 0
    while todo:
        current, path, depth = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise RuleError(_too_deep(path))
        if nodes > MAX_NODES:
            raise RuleError(Problem(f"A condition has at most {MAX_NODES} parts. Split this one up."))
        if isinstance(current, dict):
            value = current.get("value")
            listed += len(value) if isinstance(value, list) else 0
            todo += [(child, where, depth + 1) for child, where in _children(current, path)]
        if listed > MAX_ALL_VALUES:
            raise RuleError(Problem(f"The lists of a condition hold at most {MAX_ALL_VALUES:,} values."))


def _children(data: dict[Any, Any], path: str) -> Iterator[tuple[object, str]]:
    for key in ("all", "any"):
        if isinstance(children := data.get(key), list):
            for index, child in enumerate(children[: MAX_NODES + 1]):
                yield child, f"{at(path, key)}[{index}]"
    if "not" in data:
        yield data["not"], at(path, "not")
