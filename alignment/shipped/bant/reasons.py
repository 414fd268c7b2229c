"""The reasons to reject of the template: what each contradicts and what it suggests to change."""

from alignment.models import Dimension
from alignment.shipped.shape import TemplateReason

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
