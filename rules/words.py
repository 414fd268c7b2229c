"""A condition as a sentence, so that both teams read the same thing."""

from dataclasses import replace

from rules.activities import ActivityRegistry, activities
from rules.fields import Registry, registry
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from rules.operators import OPERATORS
from rules.phrases import alternatives, phrase_of_patterns, show_days


def in_words(node: Node, registry: Registry = registry, kinds: ActivityRegistry = activities) -> str:
    """``node`` in plain words: “Job title contains “director” and Employees is at least 200”.

    Groups inside groups stand in brackets. RuleError if a field is no longer registered.
    """
    match node:
        case All(()):
            return "always"
        case Any_(()):
            return "never"
        case All(children):
            return " and ".join(_part(child, registry, kinds) for child in children)
        case Any_(children):
            return " or ".join(_part(child, registry, kinds) for child in children)
        case Not(child):
            return f"not ({in_words(child, registry, kinds)})"
        case Comparison():
            return _comparison(node, registry)
        case ActivityCount():
            return _activity_count(node, kinds)


def activity_in_words(match: ActivityMatch, many: bool = True, kinds: ActivityRegistry = activities) -> str:
    """Page views whose page address contains “price”; the singular if not ``many``."""
    found = [kinds.get(key) for key in match.kinds]
    names = alternatives([kind.plural if many else kind.label for kind in found])
    if match.detail is None:
        return names
    details = {kind.detail for kind in found if kind.detail}
    detail = details.pop() if len(details) == 1 else "detail"
    return f"{names} whose {detail} {phrase_of_patterns((match.detail,))}"


def _part(node: Node, registry: Registry, kinds: ActivityRegistry) -> str:
    words = in_words(node, registry, kinds)
    return f"({words})" if isinstance(node, All | Any_) and len(node.children) > 1 else words


def _comparison(node: Comparison, registry: Registry) -> str:
    field = registry.get(node.field).settled()
    field = replace(field, unit=registry.unit(field))
    operator = OPERATORS[field.type].get(node.op)
    verb = operator.words(node.value, field) if operator else node.op
    return f"{field.label} {verb}"


def _activity_count(node: ActivityCount, kinds: ActivityRegistry) -> str:
    what = activity_in_words(node.match, node.at_least > 1, kinds)
    window = "" if node.within_days is None else f" within the last {show_days(node.within_days)}"
    return f"at least {node.at_least:,} {what}{window}"
