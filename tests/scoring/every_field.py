"""Random conditions on every field that criteria may ask for, and people of whom all of that may be known.

Custom fields are those of ``tests.leads.custom.make_all``, which must be there before anything is drawn.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from leads.models import Buying, Incumbency, Stage
from leads.models.bant import AnswerSource
from rules.context import Context
from rules.fields import Field, FieldType, Use, registry
from rules.nodes import Node
from rules.tree import parse
from tests.rules.strategies import attributes, dates, moments, operators_of, texts
from tests.scoring.strategies import comparisons, counts, grown, people
from tests.scoring.world import Did, Person, Said

KNOWN_TEXTS = {
    "lead.email": ("Rita@Example.com", "rita@gmail.com"),
    "company.domain": ("example.com", "xn--bro-hoa.example"),
    "lead.city": ("Köln", "köln", "Paris"),
    "lead.language": ("de", "fr"),
    "company.country": ("DE", "FR"),
    "lead.country": ("DE", "FR"),
}
"""Of fields whose own values random texts would never meet."""
AMOUNTS = (None, Decimal(0), Decimal("0.01"), Decimal("199.99"), Decimal(200), Decimal(10**15))
FREE_TEXTS = ("company", "industry", "source", "incumbent", "company_driver", "politics", "driver")


@st.composite
def any_comparison(draw: st.DrawFn) -> Node:
    """One comparison of any field by any of its operators."""
    field = draw(st.sampled_from(registry.for_use(Use.CRITERION)))
    values = _values(field)
    op = draw(st.sampled_from((*values, "known", "unknown")))
    data: dict[str, Any] = {"field": field.key, "op": op}
    return parse(data | {"value": draw(values[op])} if op in values else data, use=Use.CRITERION)


def _values(field: Field) -> dict[str, st.SearchStrategy[Any]]:
    choices = KNOWN_TEXTS.get(field.key) or tuple(key for key, _label in field.options())
    return _made(field.type, choices, field.key in KNOWN_TEXTS and field.type is FieldType.TEXT)


@cache
def _made(kind: FieldType, choices: tuple[str, ...], are_texts: bool) -> dict[str, st.SearchStrategy[Any]]:
    """Made once, as making them takes longer than drawing from them."""
    values = operators_of(kind, choices)
    if not are_texts:
        return values
    one = st.sampled_from((*choices, choices[0].upper()))
    many = st.lists(one, min_size=1, max_size=3)
    return {op: many if op in ("in", "matches_any") else one for op in values}


every_tree = grown(any_comparison(), any_comparison(), comparisons, counts)


@st.composite
def whole_people(draw: st.DrawFn, ctx: Context) -> Person:
    """Somebody of whom anything may be known, also what is far away or at the edge of a day."""
    person = draw(people(ctx.now))
    some = st.sampled_from
    plain = {key: draw(st.just("") | some(KNOWN_TEXTS[key])) for key in ("lead.email", "company.domain")}
    free: dict[str, Any] = {name: draw(st.just("") | texts) for name in FREE_TEXTS}
    return replace(
        person,
        **free,
        name=draw(st.just("") | texts),
        email=plain["lead.email"],
        domain=plain["company.domain"],
        phone=draw(some(("", "030 1"))),
        city=draw(some(("", "Köln", "Paris"))),
        language=draw(some(("", "de", "fr"))),
        stage=draw(some(Stage.values)),
        is_unsubscribed=draw(st.booleans()),
        company_country=draw(some(("", "DE", "XX"))),
        buying=draw(some(("", *Buying.values))),
        by_rfp=draw(some((None, True, False))),
        incumbent_relationship=draw(some(("", *Incumbency.values))),
        department_driver=draw(st.just("") | texts),
        employees=draw(st.just(person.employees) | some((1, 2_147_483_647))),
        revenue=draw(some((person.revenue, *AMOUNTS))),
        created=draw(st.just(person.created) | moments(ctx)),
        said=tuple(draw(_answered(each, ctx)) for each in person.said),
        did=(*person.did, *draw(_at_edges(ctx))),
        attributes=draw(_attributes(ctx)),
        touches=tuple(draw(_touches(ctx))),
    )


def _touches(ctx: Context) -> st.SearchStrategy[list[tuple[str, datetime]]]:
    """No two at one moment: the first of them would be a matter of chance."""
    one = st.tuples(texts.filter(_has_letters), _near(ctx))
    return st.lists(one, max_size=2, unique_by=lambda touch: touch[1])


def _has_letters(text: str) -> bool:
    return any(each.isalnum() for each in text)


def _near(ctx: Context) -> st.SearchStrategy[datetime]:
    return moments(ctx).filter(lambda at: 1900 < at.year < 2100).map(lambda at: at.replace(microsecond=0))


def _answered(said: Said, ctx: Context) -> st.SearchStrategy[Said]:
    return st.builds(
        replace,
        st.just(said),
        source=st.sampled_from(AnswerSource.values),
        amount=st.sampled_from(AMOUNTS),
        purchase_on=st.none() | dates(ctx),
    )


def _at_edges(ctx: Context) -> st.SearchStrategy[list[Did]]:
    kinds = st.sampled_from(("page_view", "webinar"))
    return st.lists(st.builds(Did, kinds, texts, _near(ctx)), max_size=3)


def _attributes(ctx: Context) -> st.SearchStrategy[dict[str, Any]]:
    """The values of rules' own tests under the slugs of the custom fields, and a text."""
    slugs = {"opted": "opted_in"}
    words = st.none() | texts
    return st.builds(
        lambda values, text: (
            {slugs.get(key, key): value for key, value in values.items()}
            | ({} if text is None else {"need_in_words": text})
        ),
        attributes(ctx),
        words,
    )
