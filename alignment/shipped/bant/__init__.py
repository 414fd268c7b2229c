"""The BANT template: what most companies that sell to companies can agree on at first.

It asks only for facts that a plain import brings, so that leads nobody has talked to yet are graded
too; an answer always weighs more than what facts let one guess.
"""

from alignment.models import Dimension, Grade, SlaTerm
from alignment.shipped.bant.conditions import (
    ASKED_TO_SEE_IT,
    DECIDES,
    INFLUENCES,
    PRICES,
    PRODUCT_PAGES,
    REFERRED,
    STUDENT,
    any_of,
    did,
    field,
)
from alignment.shipped.bant.criteria import AUTHORITY, BUDGET, ENGAGEMENT, FIT, NEED, TIMEFRAME
from alignment.shipped.bant.reasons import REASONS
from alignment.shipped.shape import Template, TemplateDimension, TemplateDisqualifier, TemplateTerm
from leads.models import BantLevel

DIMENSIONS = (
    TemplateDimension(
        dimension=Dimension.BUDGET,
        cap=15,
        partial_when=any_of(
            field("company.employees", "gte", 50), field("company.revenue", "gte", 5_000_000)
        ),
        met_when=field("company.revenue", "gte", 50_000_000),
    ),
    TemplateDimension(dimension=Dimension.AUTHORITY, cap=15, partial_when=INFLUENCES, met_when=DECIDES),
    TemplateDimension(
        dimension=Dimension.NEED,
        cap=20,
        partial_when=any_of(PRODUCT_PAGES, did(["download", "webinar", "form"], 90), REFERRED),
        met_when=ASKED_TO_SEE_IT,
    ),
    TemplateDimension(dimension=Dimension.TIMEFRAME, cap=15, partial_when=any_of(ASKED_TO_SEE_IT, PRICES)),
    TemplateDimension(dimension=Dimension.FIT, cap=20),
    TemplateDimension(dimension=Dimension.ENGAGEMENT, cap=15),
)

DISQUALIFIERS = (
    TemplateDisqualifier(key="student", label="Studies or looks for work", condition=STUDENT),
    TemplateDisqualifier(
        key="unreachable",
        label="Wants neither calls nor e-mails",
        condition={"all": [field("lead.do_not_call", "is", True), field("lead.is_unsubscribed", "is", True)]},
    ),
)

TERMS = (
    TemplateTerm(grade=Grade.A, response=(1, SlaTerm.Unit.HOURS), decision=(2, SlaTerm.Unit.DAYS)),
    TemplateTerm(grade=Grade.B, response=(1, SlaTerm.Unit.DAYS), decision=(5, SlaTerm.Unit.DAYS)),
    TemplateTerm(grade=Grade.C),
    TemplateTerm(grade=Grade.D),
)

BANT = Template(
    key="bant",
    name="Sales-ready lead",
    reason="A first definition to work with, on Budget, Authority, Need and Timeframe.",
    floors=(60, 45, 25),
    gate_grade=Grade.B,
    gate_bant_count=3,
    gate_bant_level=BantLevel.PARTIAL,
    dimensions=DIMENSIONS,
    criteria=(*BUDGET, *AUTHORITY, *NEED, *TIMEFRAME, *FIT, *ENGAGEMENT),
    disqualifiers=DISQUALIFIERS,
    reasons=REASONS,
    terms=TERMS,
)
