"""Conditions as URL parameters, for list filters and the API: ``grade=A&grade=B&company.employees.gte=200``.

A parameter is a field's key, or its last part where only one field ends so, and then perhaps an
operator. Given twice, a list operator takes all values and any other must hold for each. All
parameters must hold; what says more than that is sent as a tree.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.errors import Problem
from rules import values
from rules.errors import RuleError
from rules.fields import Field, FieldType, Registry, Use, registry
from rules.nodes import All, Comparison, Node, Scalar
from rules.operators import OPERATORS, Arity, Operator
from rules.tree import parse

DEFAULT_OPERATOR = {
    FieldType.TEXT: "contains",
    FieldType.NUMBER: "eq",
    FieldType.MONEY: "eq",
    FieldType.DATE: "on",
    FieldType.MOMENT: "on",
    FieldType.BOOLEAN: "is",
    FieldType.CHOICE: "in",
    FieldType.LEVEL: "in",
}
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
IN_PROBLEM = re.compile(r"all\[([0-9]+)\]")
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def parse_query(
    params: Mapping[str, Sequence[str]],
    *,
    use: Use,
    registry: Registry = registry,
    ignore: frozenset[str] = frozenset(),
) -> All:
    """The condition that ``params`` ask for (``dict(request.GET.lists())``), blank ones left out.

    ``ignore`` names the parameters that are no filters: search, page, order. RuleError says what is
    wrong with which parameter.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    problems: list[Problem] = []
    for name, given in params.items():
        texts = [text for text in given if text.strip()]
        if name in ignore or not texts:
            continue
        try:
            field, operator = _asked(name, use, registry)
            found += [(name, data) for data in _comparisons(field, operator, texts)]
        except RuleError as error:
            problems.append(Problem(error.message, name))
    if problems:
        raise RuleError(*problems)
    return _parsed(found, use, registry)


def to_query(node: Node, *, registry: Registry = registry) -> list[tuple[str, str]] | None:
    """The parameters that ``parse_query`` reads as ``node``, or None if only a tree can say it."""
    children = node.children if isinstance(node, All) else (node,)
    pairs: list[tuple[str, str]] = []
    lists: set[str] = set()
    for child in children:
        if not isinstance(child, Comparison):
            return None
        field = registry.get(child.field)
        operator = OPERATORS[field.type][child.op]
        name = field.key if child.op == DEFAULT_OPERATOR[field.type] else f"{field.key}.{child.op}"
        if name in lists:
            return None
        if operator.arity is Arity.MANY:
            lists.add(name)
        pairs += [(name, text) for text in _texts(child, operator)]
    return pairs


def _parsed(found: list[tuple[str, dict[str, Any]]], use: Use, registry: Registry) -> All:
    try:
        node = parse({"all": [data for _name, data in found]}, use=use, registry=registry)
    except RuleError as error:
        raise RuleError(*(_located(problem, found) for problem in error.problems)) from None
    return node if isinstance(node, All) else All((node,))


def _located(problem: Problem, found: list[tuple[str, dict[str, Any]]]) -> Problem:
    place = IN_PROBLEM.match(problem.where)
    return Problem(problem.message, found[int(place[1])][0]) if place else problem


def _asked(name: str, use: Use, registry: Registry) -> tuple[Field, Operator]:
    """The field and operator of one parameter."""
    if field := _named(name, use, registry):
        return field, OPERATORS[field.type][DEFAULT_OPERATOR[field.type]]
    key, _, op = name.rpartition(".")
    field = _named(key, use, registry) or registry.get(values.printable(name), use)
    known = OPERATORS[field.type]
    if op not in known:
        problem = f"“{field.label}” has no operator {values.shown(op)}. It has: {', '.join(known)}."
        raise RuleError(Problem(problem))
    return field, known[op]


def _named(name: str, use: Use, registry: Registry) -> Field | None:
    """The field whose key is ``name``, or whose key alone ends so."""
    fields = registry.for_use(use)
    if exact := next((field for field in fields if field.key == name), None):
        return exact
    ending = [field for field in fields if field.key.rpartition(".")[2] == name]
    if len(ending) > 1:
        keys = " or ".join(f"“{field.key}”" for field in ending)
        raise RuleError(Problem(f"“{name}” may be {keys}: say which."))
    return ending[0] if ending else None


def _comparisons(field: Field, operator: Operator, texts: list[str]) -> Iterator[dict[str, Any]]:
    data = {"field": field.key, "op": operator.key}
    match operator.arity:
        case Arity.NONE:
            _check_flag(texts)
            yield data
        case Arity.MANY:
            yield {**data, "value": [_raw(operator, text) for text in texts]}
        case Arity.PAIR:
            for text in texts:
                yield {**data, "value": [_raw(operator, part.strip()) for part in text.split(",")]}
        case Arity.ONE:
            for text in texts:
                yield {**data, "value": _raw(operator, text)}


def _check_flag(texts: list[str]) -> None:
    if any(text not in YES for text in texts):
        raise RuleError(Problem(f"Takes “1” or nothing, not {values.shown(texts[-1])}."))


def _raw(operator: Operator, text: str) -> Scalar:
    """``text`` as the JSON value it stands for; what doesn't fit stays text, for the operator to refuse."""
    if operator.check is values.boolean and text in YES + NO:
        return text in YES
    if operator.check in (values.number, values.days) and NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return text


def _texts(comparison: Comparison, operator: Operator) -> list[str]:
    value = comparison.value
    if isinstance(value, tuple):
        texts = [_text(each) for each in value]
        return [",".join(texts)] if operator.arity is Arity.PAIR else texts
    return ["1"] if value is None else [_text(value)]


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
