"""What the template asks of a lead, by name: short ways to write condition trees, and its lists."""

from typing import Any

from alignment.models import Dimension

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
