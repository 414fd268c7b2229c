"""What a company's buying centre is made of: how it buys, from whom now, what drives it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from core.text import fold
from leads import cleaning
from leads.models import Buying, Company, Incumbency, Lead

Value = str | bool | None
RFP: Final = (("yes", "Yes"), ("no", "No"))
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "buying": {
        Buying.CENTRAL: "central centralised centralized centrally headquarters hq group zentral",
        Buying.DECENTRAL: "decentral decentralised decentralized local locally site sites dezentral",
        Buying.MIXED: "mixed both hybrid partly gemischt teilweise",
    },
    "incumbent_relationship": {
        Incumbency.NONE: "none no nobody greenfield keiner keine",
        Incumbency.WEAK: "weak loose poor schwach lose",
        Incumbency.STRONG: "strong good close loyal stark gut fest",
        Incumbency.AT_RISK: "risk endangered shaky unhappy leaving ending gefährdet",
    },
}
"""The words by which other systems and people name a choice, besides its own."""


@dataclass(frozen=True, slots=True)
class BuyingFact:
    """One fact of the panel. ``name`` is the column of its ``owner``; ``choices`` is empty for a text.

    ``told`` names the fact within a sentence, ``help`` says what belongs there.
    """

    name: str
    owner: type[Company] | type[Lead]
    label: str
    told: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Its key in conditions and files; a fact of the company stands under it."""
        return f"{'company' if self.owner is Company else 'lead'}.{self.name}"

    @property
    def input_name(self) -> str:
        """The name of its input in forms."""
        return self.key.replace(".", "_")

    @property
    def limit(self) -> int:
        """How many characters a text may have."""
        return getattr(self.owner._meta.get_field(self.name), "max_length", 0) or 0

    def read(self, raw: str) -> Value:
        """What is stored for ``raw``, "" or None for nothing; UnusableError for what can't be it."""
        text = cleaning.plain(raw)
        if self.name == "by_rfp":
            return by_rfp(text)
        return choice(self.name, text) if self.choices else cleaning.text(raw, self.limit)

    def raw(self, value: Value) -> str:
        """The opposite of ``read``: what a form sends."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value or ""

    def word(self, value: Value) -> str:
        """What people read; "" for nothing."""
        raw = self.raw(value)
        return dict(self.choices).get(raw, raw)


def choice(name: str, raw: str) -> str:
    """The choice that ``raw`` names, by its key, its label or a word for it; UnusableError for any other."""
    folded = fold(raw).replace("_", " ")
    words = set(folded.replace("-", " ").split())
    options = Buying if name == "buying" else Incumbency
    for value, label in options.choices:
        if folded in (value.replace("_", " "), fold(str(label))):
            return str(value)
    for value, known in WORDS[name].items():
        if words & set(fold(known).split()):
            return str(value)
    if raw:
        raise cleaning.UnusableError(f"is none of {', '.join(label.lower() for label in options.labels)}")
    return ""


def by_rfp(raw: str) -> bool | None:
    """``yes``, ``no`` or nothing; UnusableError for any other word."""
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": None}
    if (word := fold(raw)) not in known:
        raise cleaning.UnusableError("is neither yes nor no")
    return known[word]


FACTS: Final = (
    BuyingFact("buying", Company, "Buying", "buying", choices=tuple(Buying.choices)),
    BuyingFact("by_rfp", Company, "By request for proposal", "buying by request for proposal", choices=RFP),
    BuyingFact("incumbent", Company, "Supplier today", "supplier today", "Whom they buy it from now."),
    BuyingFact(
        "incumbent_relationship",
        Company,
        "Tie to that supplier",
        "tie to the supplier",
        "How firmly they hold to the supplier of today.",
        tuple(Incumbency.choices),
    ),
    BuyingFact(
        "driver", Company, "Drives the company", "driver of the company", "Growth, cost, a law, a merger."
    ),
    BuyingFact(
        "department_driver",
        Company,
        "Drives the department",
        "driver of the department",
        "What the department that buys is measured by.",
    ),
    BuyingFact(
        "driver",
        Lead,
        "Drives the person",
        "driver of the person",
        "What it would be for the person: less trouble, a promotion, being right.",
    ),
    BuyingFact(
        "politics",
        Company,
        "Politics",
        "politics",
        "Who is for it, who against, who must not be passed over.",
    ),
)
"""The facts in the order in which they are shown."""
BY_KEY: Final[Mapping[str, BuyingFact]] = {fact.key: fact for fact in FACTS}
OF_COMPANY: Final = tuple(fact for fact in FACTS if fact.owner is Company)
COMPANY_NAMES: Final = frozenset(fact.name for fact in OF_COMPANY)
TEXTS: Final = tuple(fact.name for fact in OF_COMPANY if not fact.choices)
CHOICE_CHECKS: Final[Mapping[str, Callable[[str], Value]]] = {
    name: fact.read for name, fact in ((fact.name, fact) for fact in OF_COMPANY) if name in WORDS
}


def told(name: str, value: str | None) -> str:
    """A stored value of a company's fact, as an audit row has it, for people."""
    fact = BY_KEY[f"company.{name}"]
    known = {"True": "yes", "False": "no"} if name == "by_rfp" else {}
    text = value or ""
    return dict(fact.choices).get(known.get(text, text), text)
