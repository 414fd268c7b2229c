"""The criteria of the template, dimension by dimension."""

from alignment.models import Dimension
from alignment.shipped.bant.conditions import (
    ASKED_TO_SEE_IT,
    DECIDES,
    INDUSTRIES,
    INFLUENCES,
    JUNIOR,
    MARKETS,
    PRICES,
    PRODUCT_PAGES,
    REFERRED,
    answered,
    did,
    field,
)
from alignment.shipped.shape import TemplateCriterion

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
