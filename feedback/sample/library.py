"""The pieces of content that the sample company's marketing made. All of it is our own."""

from typing import Final

from feedback.models import ContentPiece
from feedback.services.content import PieceContent

Kind = ContentPiece.Kind
SITE: Final = "https://feldmark.example/library"

PIECES: Final = (
    PieceContent(
        title="What planning with Feldmark costs, and what it saves",
        kind=Kind.PRICE_SHEET,
        url=f"{SITE}/prices.pdf",
        text="Hello {name}, here are our prices with three worked examples, from one plant to five. "
        "Most companies like {company} have it back within a year.",
        dimension="budget",
    ),
    PieceContent(
        title="Calculate your return in ten minutes",
        kind=Kind.CALCULATION,
        url=f"{SITE}/return",
        dimension="budget",
        reason_key="no_budget",
    ),
    PieceContent(
        title="How a pump maker halved its late orders",
        kind=Kind.CASE_STUDY,
        url=f"{SITE}/pumps",
        dimension="need",
        industry="Manufacturing",
    ),
    PieceContent(
        title="From spreadsheets to one plan in eight weeks",
        kind=Kind.CASE_STUDY,
        url=f"{SITE}/machines",
        dimension="need",
        industry="Machinery",
    ),
    PieceContent(
        title="One plan for four depots",
        kind=Kind.CASE_STUDY,
        url=f"{SITE}/depots",
        dimension="need",
        industry="Logistics",
    ),
    PieceContent(
        title="Seven signs that a plan no longer fits the plant",
        kind=Kind.CHECKLIST,
        url=f"{SITE}/signs",
        dimension="need",
        reason_key="no_need",
    ),
    PieceContent(
        title="Who decides on planning software, and what each of them asks",
        kind=Kind.ARTICLE,
        url=f"{SITE}/who-decides",
        text="Dear {name}, I promised you the page for your colleagues: what the plant manager, finance and "
        "IT at {company} will each want to know.",
        dimension="authority",
        reason_key="no_authority",
    ),
    PieceContent(
        title="Ask for the right person",
        kind=Kind.MAIL,
        text="Hello {name},\n\nbefore we go on: who else at {company} should be in the room when you compare "
        "planning tools? I would gladly send each of them what they need.\n\nKind regards",
        dimension="authority",
    ),
    PieceContent(
        title="Nach dem Entscheider fragen",
        kind=Kind.MAIL,
        text="Guten Tag {name},\n\nwer sollte bei {company} noch dabei sein, wenn Sie Planungswerkzeuge "
        "vergleichen? Gern schicke ich allen, was sie brauchen.\n\nFreundliche Grüße",
        dimension="authority",
        language="de",
    ),
    PieceContent(
        title="Going live in one quarter: the calendar",
        kind=Kind.CHECKLIST,
        url=f"{SITE}/calendar",
        dimension="timeframe",
    ),
    PieceContent(
        title="What it costs to wait a year",
        kind=Kind.ARTICLE,
        url=f"{SITE}/waiting",
        dimension="timeframe",
        reason_key="not_now",
    ),
    PieceContent(
        title="Beside the ERP, not instead of it",
        kind=Kind.VIDEO,
        url=f"{SITE}/beside-the-erp",
        dimension="need",
        reason_key="has_solution",
    ),
    PieceContent(
        title="Security and hosting, answered on two pages",
        kind=Kind.ARTICLE,
        url=f"{SITE}/security.pdf",
        dimension="fit",
    ),
    PieceContent(
        title="Three references you may call",
        kind=Kind.OTHER,
        url=f"{SITE}/references",
        stage="accepted",
    ),
    PieceContent(
        title="Planning in breweries and bakeries",
        kind=Kind.CASE_STUDY,
        url=f"{SITE}/breweries",
        dimension="need",
        industry="Food and drink",
    ),
    PieceContent(
        title="A tour of the shift view",
        kind=Kind.VIDEO,
        url=f"{SITE}/tour",
        dimension="engagement",
    ),
)
"""In the order of how readily reps take them, roughly; the last ones nobody takes."""
NEVER_TAKEN: Final = 2
RETIRED: Final = PieceContent(
    title="Prices of last year", kind=Kind.PRICE_SHEET, url=f"{SITE}/old-prices.pdf", dimension="budget"
)

INCUMBENTS: Final = (
    "The planner of their ERP",
    "A home-grown tool, two developers",
    "Another planning vendor, three years",
    "Spreadsheets by two planners",
)
COMPANY_DRIVERS: Final = (
    "Deliver on time without more stock",
    "Grow by a second plant next year",
    "Cost per order must fall by ten percent",
    "One way of working after the merger",
)
DEPARTMENT_DRIVERS: Final = (
    "Late orders a week",
    "Overtime in the plant",
    "Days from order to plan",
    "Utilisation of the bottleneck",
)
PERSON_DRIVERS: Final = (
    "Wants to be home before six again",
    "New in the job, needs a first success",
    "Was burnt by a failed project, wants proof",
    "Wants to lead the roll-out for the group",
)
POLITICS: Final = (
    "IT is against anything that isn't the ERP; the plant manager backs us.",
    "Finance must not hear of it from others: bring them in early.",
    "Two sites compete; whoever pilots first sets the standard.",
    "The works council wants to see the shift view before anybody signs.",
)
