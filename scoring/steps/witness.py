"""What would meet a condition: proposals only, the engine decides.

A proposal never touches what is known, and it need not suffice: parts of a condition that can't be changed
are left out, as they may hold already.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, product
from typing import Any

from leads.models import BantDimension, BantLevel
from rules.nodes import ActivityCount, All, Any_, Comparison, Node, Not
from scoring.steps.known import Known
from scoring.steps.parts import COMPANY_FACTS, CUSTOM, LEAD_FACTS, Answer, Fact, Parts, invitation_to

CHOICES = 3
"""How many alternatives of one part of a condition are looked at."""
MOST_TIMES = 3
"""More activities than that are no step."""
PHONE, EMAIL = "+49 30 5550100", "somebody@company.example"
FLAGS = {
    "lead.has_phone": (True, Fact("lead.phone", PHONE)),
    "lead.has_email": (True, Fact("lead.email", EMAIL)),
    "lead.has_free_mail": (False, Fact("lead.email", EMAIL)),
}
"""What is known of a lead once a fact is, by the field that says so: its value then, and the fact."""
EXAMPLES: dict[str, str | int | bool] = {
    "lead.title": "Employee",
    "lead.country": "DE",
    "lead.city": "Berlin",
    "lead.language": "en",
    "lead.phone": PHONE,
    "lead.email": EMAIL,
    "company.industry": "Trade",
    "company.employees": 10,
    "company.country": "DE",
}
LEVELS = {level.name.lower(): level for level in BantLevel}


def witnesses(node: Node, known: Known, *, is_wanted: bool = True) -> Iterator[Parts]:
    """What could make ``node`` hold (or not, unless ``is_wanted``); nothing where nothing can be done."""
    match node:
        case Not(child):
            yield from witnesses(child, known, is_wanted=not is_wanted)
        case All(children) | Any_(children):
            if isinstance(node, All) is is_wanted:
                yield from _together(children, known, is_wanted)
            else:
                for child in children:
                    yield from witnesses(child, known, is_wanted=is_wanted)
        case ActivityCount() if is_wanted:
            lacking = node.at_least - known.count(node)
            invitation = invitation_to(node.match, lacking) if 0 < lacking <= MOST_TIMES else None
            if invitation:
                yield (invitation,)
        case Comparison(key) if is_wanted or node.op == "unknown":
            yield from _of_comparison(node, key, known)


def _together(children: tuple[Node, ...], known: Known, is_wanted: bool) -> Iterator[Parts]:
    every = [list(islice(witnesses(child, known, is_wanted=is_wanted), CHOICES)) for child in children]
    for chosen in islice(product(*filter(None, every)), CHOICES**2):
        parts = tuple(dict.fromkeys(part for parts in chosen for part in parts))
        if parts and len({part.subject for part in parts}) == len(parts):
            yield parts


def _of_comparison(node: Comparison, key: str, known: Known) -> Iterator[Parts]:
    if key.startswith("bant."):
        yield from (() if node.op == "unknown" else _answers(node, key, known))
    elif key in FLAGS:
        wanted, fact = FLAGS[key]
        if node.op == "is" and node.value is wanted and not known.has(fact.key):
            yield (fact,)
    elif can_be_found(key) and known.is_unknown(key):
        if node.op in ("known", "unknown"):
            values = iter([EXAMPLES[key]] if key in EXAMPLES else [])
        else:
            values = _values(node, known.now.astimezone(known.zone).date())
        for value in islice(values, CHOICES):
            yield (Fact(key, value),)


def can_be_found(key: str) -> bool:
    """Whether a person can look the fact up and write it down."""
    return key in LEAD_FACTS or key in COMPANY_FACTS or key.startswith(CUSTOM)


def _answers(node: Comparison, key: str, known: Known) -> Iterator[Parts]:
    _bant, name, what = key.split(".")
    dimension = BantDimension(name)
    match what:
        case "level" if node.op == "in":
            levels = [LEVELS[str(each)] for each in _listed(node.value)]
        case "level" if node.op in ("is", "at_least"):
            levels = [LEVELS[str(node.value)]]
        case _:
            levels = []
    for level in levels:
        if (answer := answer_of(known, dimension, level)) is not None:
            yield (answer,)


def answer_of(known: Known, dimension: BantDimension, level: BantLevel) -> Answer | None:
    """The answer at ``level``, with the amount and date that are known; None if it is reached already."""
    said = known.answers.get(dimension.value)
    if level == BantLevel.UNMET or level < known.level(dimension) or (said and level <= said.level):
        return None
    if said is None:
        return Answer(dimension, level)
    return Answer(dimension, level, said.amount, said.currency, said.purchase_on, said.text, is_again=True)


def _values(node: Comparison, today: dt.date) -> Iterator[str | int]:
    """Values for which the comparison holds, of a field that is unknown."""
    match node.op, node.value:
        case "is" | "contains" | "starts_with", str() | bool() as value:
            yield value
        case "on" | "before" | "after" | "within_next_days" | "more_than_days_ahead", _:
            yield from (day.isoformat() for day, _days in days_of(node, today))
        case "in", values:
            yield from (str(each) for each in _listed(values))
        case "matches_any", values:
            yield from (str(each).replace("*", "").strip() for each in _listed(values))
        case "eq" | "gte" | "lte" | "gt" | "lt" | "between" | "ne", _:
            yield from (int(number) for number in numbers(node) if number == int(number))


def numbers(node: Comparison) -> Iterator[Decimal]:
    """Numbers from 0 for which a comparison of a number holds."""
    value: Any = node.value
    match node.op:
        case "eq" | "gte" | "lte":
            found = Decimal(str(value))
        case "gt" | "ne":
            found = Decimal(str(value)) + 1
        case "lt":
            found = Decimal(str(value)) - 1
        case "between":
            found = Decimal(str(value[0]))
        case _:
            return
    if found >= 0:
        yield found


def days_of(node: Comparison, today: dt.date) -> Iterator[tuple[dt.date, int | None]]:
    """Dates from ``today`` on for which a comparison of a date holds; with the window, if it is one."""
    value: Any = node.value
    match node.op:
        case "within_next_days":
            yield today + dt.timedelta(value), value
        case "more_than_days_ahead":
            yield today + dt.timedelta(value + 1), None
        case "on" | "between":
            day = value if node.op == "on" else max(value[0], today)
            if day >= today and (node.op == "on" or day <= value[1]):
                yield day, None
        case "before" if value > today:
            yield value - dt.timedelta(1), None
        case "after":
            yield max(value + dt.timedelta(1), today), None
        case "known":
            yield today + dt.timedelta(90), None


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
