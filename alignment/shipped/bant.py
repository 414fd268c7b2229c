"""The BANT template: what most companies that sell to companies can agree on at first.

It asks only for facts that a plain import brings, so that leads nobody has talked to yet are graded
too; an answer always weighs more than what facts let one guess.
"""

from typing import Any

from alignment.models import Dimension, Grade, SlaTerm
from alignment.shipped.shape import (
    Template,
    TemplateCriterion,
    TemplateDimension,
    TemplateDisqualifier,
    TemplateReason,
    TemplateTerm,
)
from leads.models import BantLevel

Tree = dict[str, Any]


def field(key: str, op: str, value: object) -> Tree:
    return {"field": key, "op": op, "value": value}


def any_of(*trees: Tree) -> Tree:
    return {"any": list(trees)}


def did(kind: str | list[str], within: int, *, detail: str = "", times: int = 1) -> Tree:
    what: Tree = {"kind": kind, "detail": detail} if detail else {"kind": kind}
    return {"activity": what, "at_least": times, "within_days": within}


def answered(dimension: Dimension, level: str) -> Tree:
    return field(f"bant.{dimension}.level", "is", level)


DECIDES = field(
    "lead.title",
    "matches_any",
    [
        "*chief*",
        "*director*",
        "*president*",
        "*head of*",
        "*founder*",
        "*managing partner*",
        "*geschäftsführer*",
        "vp*",
        "svp*",
        "ceo*",
        "cfo*",
        "cio*",
        "cmo*",
        "cto*",
        "owner*",
        "coo",
    ],
)
INFLUENCES = field(
    "lead.title",
    "matches_any",
    ["*manager*", "*architect*", "*product owner*", "*principal*", "*leiter*", "*lead"],
)
JUNIOR = field(
    "lead.title", "matches_any", ["*assistant*", "*trainee*", "*junior*", "*apprentice*", "*intern"]
)
STUDENT = field("lead.title", "matches_any", ["*student*", "*pupil*", "*job seeker*", "*unemployed*"])
REFERRED = field(
    "lead.source", "matches_any", ["*referral*", "*referred*", "*partner*", "*reference*", "*recommend*"]
)
PRODUCT_PAGES = did("page_view", 60, detail="*product*", times=2)
ASKED_TO_SEE_IT = any_of(
    did("form", 30, detail="*demo*"), did("form", 30, detail="*quote*"), did("trial", 30)
)
PRICES = did("page_view", 14, detail="*pric*")
INDUSTRIES = [
    "*software*",
    "*information technology*",
    "*telecom*",
    "*manufactur*",
    "*machinery*",
    "*automotive*",
    "*financ*",
    "*bank*",
    "*insurance*",
    "*health*",
    "*pharma*",
    "*logistics*",
    "*energy*",
]
MARKETS = [
    "AT",
    "AU",
    "BE",
    "CA",
    "CH",
    "DE",
    "DK",
    "ES",
    "FI",
    "FR",
    "GB",
    "IE",
    "IT",
    "LU",
    "NL",
    "NO",
    "NZ",
    "PL",
    "PT",
    "SE",
    "US",
]

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

BUDGET = (
    TemplateCriterion(
        key="budget_confirmed",
        label="Budget is confirmed",
        dimension=Dimension.BUDGET,
        points=15,
        condition=answered(Dimension.BUDGET, "met"),
    ),
    TemplateCriterion(
        key="budget_planned",
        label="Budget is planned",
        dimension=Dimension.BUDGET,
        points=9,
        condition=answered(Dimension.BUDGET, "partial"),
    ),
    TemplateCriterion(
        key="revenue_5m",
        label="Revenue of 5 million or more",
        dimension=Dimension.BUDGET,
        points=6,
        condition=field("company.revenue", "gte", 5_000_000),
    ),
    TemplateCriterion(
        key="employees_200",
        label="200 employees or more",
        dimension=Dimension.BUDGET,
        points=5,
        condition=field("company.employees", "gte", 200),
    ),
)
AUTHORITY = (
    TemplateCriterion(
        key="authority_confirmed",
        label="Decides, and said so",
        dimension=Dimension.AUTHORITY,
        points=15,
        condition=answered(Dimension.AUTHORITY, "met"),
    ),
    TemplateCriterion(
        key="authority_partial",
        label="Has a say in the decision",
        dimension=Dimension.AUTHORITY,
        points=8,
        condition=answered(Dimension.AUTHORITY, "partial"),
    ),
    TemplateCriterion(
        key="title_decides",
        label="Job title of somebody who decides",
        dimension=Dimension.AUTHORITY,
        points=12,
        condition=DECIDES,
    ),
    TemplateCriterion(
        key="title_influences",
        label="Job title of somebody who has a say",
        dimension=Dimension.AUTHORITY,
        points=7,
        condition=INFLUENCES,
    ),
    TemplateCriterion(
        key="title_junior",
        label="Job title of a beginner",
        dimension=Dimension.AUTHORITY,
        points=-8,
        condition=JUNIOR,
    ),
)
NEED = (
    TemplateCriterion(
        key="need_confirmed",
        label="The need is confirmed",
        dimension=Dimension.NEED,
        points=18,
        condition=answered(Dimension.NEED, "met"),
    ),
    TemplateCriterion(
        key="need_partial",
        label="A need is seen",
        dimension=Dimension.NEED,
        points=10,
        condition=answered(Dimension.NEED, "partial"),
    ),
    TemplateCriterion(
        key="product_pages",
        label="Read about the product",
        dimension=Dimension.NEED,
        points=7,
        condition=PRODUCT_PAGES,
    ),
    TemplateCriterion(
        key="download",
        label="Took a guide or case study",
        dimension=Dimension.NEED,
        points=6,
        condition=did("download", 90),
    ),
    TemplateCriterion(
        key="referred", label="Was recommended", dimension=Dimension.NEED, points=6, condition=REFERRED
    ),
)
TIMEFRAME = (
    TemplateCriterion(
        key="timeframe_confirmed",
        label="The time of purchase is known",
        dimension=Dimension.TIMEFRAME,
        points=15,
        condition=answered(Dimension.TIMEFRAME, "met"),
    ),
    TemplateCriterion(
        key="timeframe_partial",
        label="Wants to buy some time soon",
        dimension=Dimension.TIMEFRAME,
        points=8,
        condition=answered(Dimension.TIMEFRAME, "partial"),
    ),
    TemplateCriterion(
        key="asked_to_see_it",
        label="Asked for a demo, a quote or a trial",
        dimension=Dimension.TIMEFRAME,
        points=10,
        condition=ASKED_TO_SEE_IT,
    ),
    TemplateCriterion(
        key="prices_lately",
        label="Looked at the prices lately",
        dimension=Dimension.TIMEFRAME,
        points=6,
        condition=PRICES,
    ),
)
FIT = (
    TemplateCriterion(
        key="size_fits",
        label="Size we serve best",
        dimension=Dimension.FIT,
        points=8,
        condition=field("company.employees", "between", [50, 5_000]),
    ),
    TemplateCriterion(
        key="industry_fits",
        label="Industry we know",
        dimension=Dimension.FIT,
        points=6,
        condition=field("company.industry", "matches_any", INDUSTRIES),
    ),
    TemplateCriterion(
        key="market_fits",
        label="Country we serve",
        dimension=Dimension.FIT,
        points=4,
        condition=field("lead.country", "in", MARKETS),
    ),
    TemplateCriterion(
        key="business_mail",
        label="Writes from a company address",
        dimension=Dimension.FIT,
        points=4,
        condition=field("lead.has_free_mail", "is", False),
    ),
    TemplateCriterion(
        key="too_small",
        label="Very small company",
        dimension=Dimension.FIT,
        points=-6,
        condition=field("company.employees", "lt", 10),
    ),
)
ENGAGEMENT = (
    TemplateCriterion(
        key="pricing_views",
        label="Views of the prices",
        dimension=Dimension.ENGAGEMENT,
        points=3,
        activity={"kind": "page_view", "detail": "*pric*"},
        is_per_occurrence=True,
        daily_cap=2,
        cap=9,
        decay={"kind": "half_life", "days": 14},
    ),
    TemplateCriterion(
        key="got_in_touch",
        label="Got in touch by itself",
        dimension=Dimension.ENGAGEMENT,
        points=5,
        activity={"kind": ["form", "chat", "call", "email_reply", "trial"]},
        is_per_occurrence=True,
        daily_cap=1,
        cap=10,
        decay={"kind": "half_life", "days": 21},
    ),
    TemplateCriterion(
        key="webinars",
        label="Webinars",
        dimension=Dimension.ENGAGEMENT,
        points=4,
        activity={"kind": "webinar"},
        is_per_occurrence=True,
        daily_cap=1,
        cap=8,
        decay={"kind": "linear", "days": 90},
    ),
    TemplateCriterion(
        key="mail_clicks",
        label="Clicks in our e-mails",
        dimension=Dimension.ENGAGEMENT,
        points=1,
        activity={"kind": "email_click"},
        is_per_occurrence=True,
        daily_cap=2,
        cap=5,
        decay={"kind": "half_life", "days": 14},
    ),
    TemplateCriterion(
        key="event",
        label="Met us at an event",
        dimension=Dimension.ENGAGEMENT,
        points=5,
        activity={"kind": "event"},
        decay={"kind": "step", "days": 30, "keep": 40},
    ),
    TemplateCriterion(
        key="unsubscribed",
        label="Unsubscribed",
        dimension=Dimension.ENGAGEMENT,
        points=-10,
        activity={"kind": "unsubscribe"},
        decay={"kind": "window", "days": 180},
    ),
)

DISQUALIFIERS = (
    TemplateDisqualifier(key="student", label="Studies or looks for work", condition=STUDENT),
    TemplateDisqualifier(
        key="unreachable",
        label="Wants neither calls nor e-mails",
        condition={"all": [field("lead.do_not_call", "is", True), field("lead.is_unsubscribed", "is", True)]},
    ),
)

REASONS = (
    TemplateReason(
        key="no_budget",
        label="No budget",
        dimension=Dimension.BUDGET,
        criterion_key="employees_200",
        suggestion="Ask about the budget earlier, or give company size fewer points.",
    ),
    TemplateReason(
        key="no_authority",
        label="Can't decide",
        dimension=Dimension.AUTHORITY,
        criterion_key="title_influences",
        suggestion="Give job titles that only have a say fewer points.",
    ),
    TemplateReason(
        key="no_need",
        label="No need",
        dimension=Dimension.NEED,
        criterion_key="product_pages",
        suggestion="Ask for more than page views before need counts.",
    ),
    TemplateReason(
        key="has_solution",
        label="Has a solution already",
        dimension=Dimension.NEED,
        suggestion="Ask which product they use and when its contract ends.",
    ),
    TemplateReason(
        key="not_now",
        label="Not now",
        dimension=Dimension.TIMEFRAME,
        criterion_key="prices_lately",
        suggestion="Shorten the time in which a look at the prices counts.",
    ),
    TemplateReason(
        key="too_small",
        label="Too small or too large",
        dimension=Dimension.FIT,
        criterion_key="size_fits",
        suggestion="Narrow the size that we serve best.",
    ),
    TemplateReason(
        key="wrong_market",
        label="Wrong industry or country",
        dimension=Dimension.FIT,
        criterion_key="industry_fits",
        suggestion="Take the industry or country off the list.",
    ),
    TemplateReason(
        key="cant_be_reached",
        label="Can't be reached, or no real person",
        dimension=Dimension.ENGAGEMENT,
        criterion_key="got_in_touch",
        suggestion="Check forms for made-up entries.",
    ),
    TemplateReason(key="other", label="Other", needs_text=True),
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
