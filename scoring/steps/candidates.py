"""The steps worth trying for a lead, at most ``MOST``: one part each, or two that belong together."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from alignment.spec import VersionSpec
from leads.models import BantDimension, BantLevel
from rules.nodes import All, Any_, Comparison, Node, Not
from scoring.engine.branch import trees_of
from scoring.steps.known import Known
from scoring.steps.parts import Answer, Fact, Invitation, Part, Parts, invitation_to
from scoring.steps.witness import CHOICES, answer_of, days_of, numbers, witnesses

MOST_ANSWERS, MOST_FACTS, MOST_INVITATIONS, MOST_PAIRS = 16, 10, 6, 6
MOST = MOST_ANSWERS + MOST_FACTS + MOST_INVITATIONS + MOST_PAIRS
LEVELS = (BantLevel.PARTIAL, BantLevel.MET)


def candidates(known: Known) -> list[Parts]:
    """What to try, the questions first; ``known.lead`` is asked and invited only as it wishes to be."""
    found = dict.fromkeys([*_questions(known), *_of_conditions(known)])
    usable = [parts for parts in found if all(_is_wished(part, known) for part in parts)]
    single = [parts for parts in usable if len(parts) == 1]
    pairs = [parts for parts in usable if len(parts) == 2]
    return [
        *islice((parts for parts in single if isinstance(parts[0], Answer)), MOST_ANSWERS),
        *islice((parts for parts in single if isinstance(parts[0], Fact)), MOST_FACTS),
        *islice((parts for parts in single if isinstance(parts[0], Invitation)), MOST_INVITATIONS),
        *pairs[:MOST_PAIRS],
    ]


def _is_wished(part: Part, known: Known) -> bool:
    """Whether there is a way left to ask or invite."""
    lead = known.lead
    return isinstance(part, Fact) or not (lead.do_not_call and lead.is_unsubscribed)


def _questions(known: Known) -> Iterator[Parts]:
    """Each dimension at the levels it hasn't reached, also with the amounts and dates that are asked for."""
    for dimension in BantDimension:
        plain = [answer for level in LEVELS if (answer := answer_of(known, dimension, level))]
        yield from ((answer,) for answer in plain)
        yield from ((answer,) for answer in _typed(known, dimension, plain))


def _typed(known: Known, dimension: BantDimension, plain: list[Answer]) -> Iterator[Answer]:
    said = known.answers.get(dimension.value)
    if said is not None and said.level != BantLevel.UNMET and not (said.amount or said.purchase_on):
        level = BantLevel(said.level)
        plain = [Answer(dimension, level, text=said.text, is_again=True), *plain]
    asked = list(_comparisons(known.spec, f"bant.{dimension.value}."))
    today = known.now.astimezone(known.zone).date()
    for answer in plain:
        if dimension == BantDimension.BUDGET and answer.amount is None:
            amounts = (each for node in asked if node.field.endswith(".amount") for each in numbers(node))
            yield from (replace(answer, amount=each) for each in islice(amounts, CHOICES))
        if dimension == BantDimension.TIMEFRAME and answer.purchase_on is None:
            yield from _dated(answer, asked, today)


def _dated(answer: Answer, asked: list[Comparison], today: dt.date) -> Iterator[Answer]:
    dates = (each for node in asked if node.field.endswith(".purchase_on") for each in days_of(node, today))
    for day, days in islice(dates, CHOICES):
        yield replace(answer, purchase_on=day, days=days)


def _of_conditions(known: Known) -> Iterator[Parts]:
    """What would meet the criteria that give nothing, the weightiest first, and the rest of the version."""
    spec = known.spec
    for criterion in sorted(spec.criteria, key=lambda each: -each.points):
        points = known.points(criterion)
        if criterion.activity is not None:
            invitation = invitation_to(criterion.activity) if criterion.points > 0 else None
            if invitation:
                yield (invitation,)
        elif criterion.condition is not None and bool(points) is (criterion.points < 0):
            yield from witnesses(criterion.condition, known, is_wanted=criterion.points > 0)
    inferred = [tree for each in spec.dimensions for tree in (each.partial_when, each.met_when)]
    for tree in (spec.gate_must_have, *inferred):
        if tree is not None:
            yield from witnesses(tree, known)


def _comparisons(spec: VersionSpec, prefix: str) -> Iterator[Comparison]:
    """Every comparison in the version of a field whose key begins so."""
    todo: list[Node] = list(trees_of(spec))
    while todo:
        match todo.pop(0):
            case All(children) | Any_(children):
                todo += children
            case Not(child):
                todo.append(child)
            case Comparison(key) as node if key.startswith(prefix):
                yield node
