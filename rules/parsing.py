"""Reading the nodes of a condition: every shape, key, field, operator and value is checked here."""

import difflib
from typing import Any

from core.errors import Problem
from rules import values
from rules.activities import ActivityRegistry
from rules.errors import BadValueError, RuleError
from rules.fields import Field, Registry, Use
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not, Scalar, Value
from rules.operators import OPERATORS, Arity, Operator

MAX_VALUES = 1_000
MAX_KINDS = 20
MAX_COUNT = 10_000
MAX_WINDOW = 3_650

KEYS = {
    "all": {"all"},
    "any": {"any"},
    "not": {"not"},
    "field": {"field", "op", "value"},
    "activity": {"activity", "at_least", "within_days"},
}


def at(path: str, key: str) -> str:
    """The path of ``key`` inside ``path``."""
    return f"{path}.{key}" if path else key


def _name(key: object) -> str:
    return values.printable(key[:40]) if isinstance(key, str) else "?"


class Parser:
    """Reads nodes and gathers problems, so that a person sees them all at once."""

    def __init__(self, use: Use, registry: Registry, kinds: ActivityRegistry) -> None:
        self.use, self.registry, self.kinds = use, registry, kinds
        self.problems: list[Problem] = []
        self.settled: dict[str, Field] = {}

    def problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(message, path))

    def node(self, data: object, path: str) -> Node | None:
        if not isinstance(data, dict):
            self.problem(path, f"A condition is an object such as {{“all”: […]}}, not {values.shown(data)}.")
            return None
        shapes = [shape for shape in KEYS if shape in data]
        if len(shapes) != 1 or data.keys() - KEYS[shapes[0]]:
            self._wrong_keys(data, path, shapes)
            return None
        match shapes[0]:
            case "not":
                child = self.node(data["not"], at(path, "not"))
                return child and Not(child)
            case "field":
                return self._comparison(data, path)
            case "activity":
                return self._activity_count(data, path)
            case shape:
                return self._group(shape, data[shape], at(path, shape))

    def _wrong_keys(self, data: dict[Any, Any], path: str, shapes: list[str]) -> None:
        if len(shapes) > 1:
            self.problem(path, f"Has {' and '.join(f'“{shape}”' for shape in shapes)}: keep one of them.")
            return
        allowed = KEYS[shapes[0]] if shapes else set(KEYS)
        extra = [key for key in data if key not in allowed]
        if not extra:
            self.problem(path, "Is empty. Say “all”, “any”, “not”, “field” or “activity”.")
        for key in extra:
            near = difflib.get_close_matches(_name(key), sorted(allowed), n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(sorted(allowed))}."
            self.problem(at(path, _name(key)), f"“{_name(key)}” is unknown here. {hint}")

    def _group(self, shape: str, data: object, path: str) -> Node | None:
        if not isinstance(data, list):
            self.problem(path, f"“{shape}” takes a list of conditions, not {values.shown(data)}.")
            return None
        children = [self.node(child, f"{path}[{index}]") for index, child in enumerate(data)]
        whole = tuple(child for child in children if child is not None)
        return All(whole) if shape == "all" else Any_(whole)

    def _comparison(self, data: dict[str, object], path: str) -> Node | None:
        field = self._field(data["field"], at(path, "field"))
        operator = field and self._operator(field, data, path)
        if not field or not operator:
            return None
        given = "value" in data
        if given != (operator.arity is not Arity.NONE):
            wants = "takes no value" if given else "needs a value"
            self.problem(at(path, "value"), f"“{field.label} {operator.label}” {wants}.")
            return None
        value = self._value(field, operator, data.get("value"), at(path, "value"))
        return Comparison(field.key, operator.key, value)

    def _field(self, key: object, path: str) -> Field | None:
        if not isinstance(key, str):
            self.problem(path, f"“field” takes the name of a field, not {values.shown(key)}.")
            return None
        try:
            if key not in self.settled:
                self.settled[key] = self.registry.get(values.printable(key), self.use).settled()
            return self.settled[key]
        except RuleError as error:
            self.problem(path, error.message)
            return None

    def _operator(self, field: Field, data: dict[str, object], path: str) -> Operator | None:
        known = OPERATORS[field.type]
        key = data.get("op")
        if isinstance(key, str) and key in known:
            return known[key]
        near = difflib.get_close_matches(key, known, n=1) if isinstance(key, str) else []
        hint = f"Did you mean “{near[0]}”?" if near else f"It has: {', '.join(known)}."
        self.problem(at(path, "op"), f"“{field.label}” has no operator {values.shown(key)}. {hint}")
        return None

    def _value(self, field: Field, operator: Operator, raw: object, path: str) -> Value:
        if operator.arity is Arity.NONE:
            return None
        if operator.arity is Arity.ONE:
            return self._scalar(field, operator, raw, path)
        least, most = (2, 2) if operator.arity is Arity.PAIR else (1, MAX_VALUES)
        if not isinstance(raw, list) or not least <= len(raw) <= most:
            wants = "two values, from and to" if most == 2 else f"a list of 1 to {most:,} values"
            self.problem(path, f"“{field.label} {operator.label}” needs {wants}.")
            return None
        read = [self._scalar(field, operator, each, f"{path}[{i}]") for i, each in enumerate(raw)]
        found = tuple(each for each in read if each is not None)
        if operator.arity is Arity.PAIR and len(found) == 2 and found[0] > found[1]:  # type: ignore[operator] # one check made both
            self.problem(path, f"“{field.label} {operator.label}” needs the lower value first.")
        return found

    def _scalar(self, field: Field, operator: Operator, raw: object, path: str) -> Scalar | None:
        try:
            return operator.check(raw, field) if operator.check else None
        except BadValueError as error:
            self.problem(path, _sentence(f"“{field.label}” {error}"))
            return None

    def _activity_count(self, data: dict[str, object], path: str) -> Node | None:
        match = self._activity_match(data["activity"], at(path, "activity"))
        at_least = self._whole(data, "at_least", path, (1, MAX_COUNT, "times"))
        within = self._whole(data, "within_days", path, (0, MAX_WINDOW, "days"))
        return ActivityCount(match, at_least or 1, within) if match else None

    def _activity_match(self, data: object, path: str) -> ActivityMatch | None:
        if not isinstance(data, dict) or "kind" not in data:
            self.problem(path, "An activity is an object such as {“kind”: “page_view”, “detail”: “*price*”}.")
            return None
        for key in data.keys() - {"kind", "detail"}:
            self.problem(at(path, _name(key)), f"“{_name(key)}” is unknown here. Known here: detail, kind.")
        kinds = self._kinds(data["kind"], at(path, "kind"))
        detail = self._detail(data["detail"], at(path, "detail")) if "detail" in data else None
        return ActivityMatch(kinds, detail) if kinds else None

    def _kinds(self, raw: object, path: str) -> tuple[str, ...]:
        given = raw if isinstance(raw, list) else [raw]
        keys = [key for key in given if isinstance(key, str)]
        if not 1 <= len(given) <= MAX_KINDS or len(keys) < len(given):
            self.problem(path, f"“kind” takes one activity or a list of 1 to {MAX_KINDS}.")
            return ()
        for key in keys:
            try:
                self.kinds.get(values.printable(key))
            except RuleError as error:
                self.problem(path, error.message)
        return tuple(dict.fromkeys(keys))

    def _detail(self, raw: object, path: str) -> str | None:
        try:
            return values.pattern_text(raw)
        except BadValueError as error:
            self.problem(path, _sentence(f"“detail” {error}"))
            return None

    def _whole(
        self, data: dict[str, object], key: str, path: str, limits: tuple[int, int, str]
    ) -> int | None:
        if key not in data:
            return None
        try:
            return values.whole(data[key], *limits)
        except BadValueError as error:
            self.problem(at(path, key), _sentence(f"“{key}” {error}"))
            return None


def _sentence(message: str) -> str:
    return message if message.endswith(("?", ".")) else f"{message}."
