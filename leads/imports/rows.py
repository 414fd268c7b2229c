"""Rows of a file to facts, with every value that can't be used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from core.text import fold
from leads import cleaning
from leads.buying import COMPANY_NAMES
from leads.custom.definitions import Definition
from leads.custom.values import read
from leads.facts import ActivityFacts, CompanyFacts, FactProblem, LeadFacts, OutcomeFacts
from leads.imports import values
from leads.imports.targets import CUSTOM, LEFT_OUT
from leads.models import ActivityKind, BantDimension

TEST_LEAD: Final = "<test lead:"
ID_PREFIX: Final = re.compile(r"^(l|ag|as|c|f|ad):(?=\d)")
PLAIN: Final = frozenset(
    {"name", "email", "phone", "title", "country", "city", "language", "source", "driver", "campaign"}
)
COMPANY_TEXTS: Final = frozenset({"name", "domain", "industry", "country", "city"}) | (
    COMPANY_NAMES - {"by_rfp"}
)
MARKETO_KINDS: Final = {
    "1": "page_view",
    "2": "form",
    "9": "unsubscribe",
    "10": "email_open",
    "11": "email_click",
}
KIND_WORDS: Final = {fold(label): value for value, label in ActivityKind.choices} | {
    "visit web page": "page_view",
    "visited page": "page_view",
    "pageview": "page_view",
    "open email": "email_open",
    "email opened": "email_open",
    "click email": "email_click",
    "email clicked": "email_click",
    "fill out form": "form",
    "form submission": "form",
    "unsubscribe email": "unsubscribe",
}


class RowLeftOutError(Exception):
    """The whole row is no lead; ``reason`` says why."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


@dataclass(slots=True)
class Reader:
    """How the cells of one file become facts.

    ``numbered`` (a file's name) gives rows without an identity their number as external id. ``custom`` are
    the custom fields by their slugs; a column of one that is gone is kept under its own name.
    """

    header: Sequence[str]
    mapping: Mapping[int, str]
    system: str
    zone: tzinfo
    order: str = ""
    numbered: str = ""
    custom: Mapping[str, Definition] = field(default_factory=dict)
    problems: list[FactProblem] = field(default_factory=list)

    def lead(self, number: int, cells: Sequence[str]) -> tuple[LeadFacts, list[FactProblem]]:
        """The facts of one row and what couldn't be used; RowLeftOutError for notes and test leads."""
        self._check(cells)
        self.problems = []
        facts = LeadFacts()
        names: dict[str, str] = {}
        company = CompanyFacts()
        for place, raw in enumerate(cells[: len(self.header)]):
            key = self.mapping.get(place, "")
            if key != LEFT_OUT and not values.is_empty(raw):
                self._put(facts, company, names, key, self.header[place], raw.strip())
        if names:
            facts.name = facts.name or " ".join(
                filter(None, (names.get("first_name"), names.get("last_name")))
            )
        if company.name or company.domain:
            facts.company = company
        if self.numbered:
            facts.external_ids = (*facts.external_ids, (self.numbered, str(number)))
        return facts, self.problems

    def _check(self, cells: Sequence[str]) -> None:
        if len(cells) == 1 and len(self.header) > 2:
            raise RowLeftOutError("has a single cell: a note or a total, no lead", cells[0])
        if any(cell.startswith((TEST_LEAD, "p:" + TEST_LEAD)) for cell in cells):
            raise RowLeftOutError("is a test lead")
        if any(not values.is_empty(cell) for cell in cells[len(self.header) :]):
            raise RowLeftOutError(f"has {len(cells)} cells, but the header has {len(self.header)}")

    def _put(
        self, facts: LeadFacts, company: CompanyFacts, names: dict[str, str], key: str, header: str, raw: str
    ) -> None:
        try:
            if not key:
                facts.extra[header] = raw
            elif key in ("first_name", "last_name"):
                names[key] = raw
            elif key in PLAIN:
                setattr(facts, key, _first_email(raw) if key == "email" else raw)
            elif key.startswith("company."):
                _put_company(company, key.removeprefix("company."), raw)
            elif key.startswith(CUSTOM):
                self._put_custom(facts, key.removeprefix(CUSTOM), header, raw)
            else:
                self._put_typed(facts, key, raw)
        except cleaning.UnusableError as error:
            self.problems.append(FactProblem(header, raw, error.reason))

    def _put_custom(self, facts: LeadFacts, slug: str, header: str, raw: str) -> None:
        definition = self.custom.get(slug)
        if definition is None:
            facts.extra[header] = raw
        else:
            facts.attributes[slug] = read(definition, raw, self.zone, self.order)

    def _put_typed(self, facts: LeadFacts, key: str, raw: str) -> None:
        if key == "external_id":
            facts.external_ids = ((self.system or "import", ID_PREFIX.sub("", raw)),)
        elif key == "created":
            facts.created_at = values.moment(raw, self.zone, self.order)
        elif key in ("do_not_call", "is_unsubscribed"):
            setattr(facts, key, values.flag(raw))
        elif key.startswith("bant."):
            dimension = BantDimension(key.removeprefix("bant."))
            facts.answers = (*facts.answers, values.answer(raw, dimension, self.zone, self.order))

    def outcome(self, cells: Sequence[str]) -> OutcomeFacts:
        """What came of a lead; RowLeftOutError if it can't be used."""
        named: dict[str, str] = {}
        for place, raw in enumerate(cells[: len(self.header)]):
            if (key := self.mapping.get(place, "")) and not values.is_empty(raw):
                named[key.removeprefix("outcome.")] = raw.strip()
        if "kind" not in named or not {"lead", "email"} & named.keys():
            raise RowLeftOutError("needs what came of it, and the lead's id or e-mail")
        try:
            amount, currency = values.money(named["amount"]) if "amount" in named else (None, "")
        except cleaning.UnusableError as error:
            raise RowLeftOutError(error.reason, named["amount"]) from None
        system = self.system or "import"
        return OutcomeFacts(
            kind=named["kind"],
            amount=amount,
            currency=currency or named.get("currency", "").upper()[:3],
            text=named.get("text", ""),
            external_id=(system, ID_PREFIX.sub("", named["lead"])) if "lead" in named else None,
            email=named.get("email", ""),
        )

    def activity(self, cells: Sequence[str]) -> ActivityFacts:
        """The facts of one activity; RowLeftOutError if it can't be used."""
        named: dict[str, str] = {}
        for place, raw in enumerate(cells[: len(self.header)]):
            if (key := self.mapping.get(place, "")) and not values.is_empty(raw):
                named[key.removeprefix("activity.")] = raw.strip()
        if "at" not in named or not {"lead", "email"} & named.keys():
            raise RowLeftOutError("needs a moment, and the lead's id or e-mail")
        try:
            at = values.moment(named["at"], self.zone, self.order)
        except cleaning.UnusableError as error:
            raise RowLeftOutError(error.reason, named["at"]) from None
        system = self.system or "import"
        return ActivityFacts(
            kind=_kind(named.get("kind", ""), self.system),
            at=at,
            detail=named.get("detail", ""),
            campaign=named.get("campaign", ""),
            dedup_key=f"{system}:{named['key']}" if "key" in named else None,
            external_id=(system, ID_PREFIX.sub("", named["lead"])) if "lead" in named else None,
            email=named.get("email", ""),
        )


def _put_company(company: CompanyFacts, name: str, raw: str) -> None:
    if name in COMPANY_TEXTS:
        setattr(company, name, raw)
    elif name == "employees":
        company.employees = values.employees(raw)
    elif name == "revenue":
        company.revenue, company.revenue_currency = values.money(raw)
    elif name == "by_rfp":
        company.by_rfp = values.flag(raw)


def _first_email(raw: str) -> str:
    """Some systems put several addresses into one cell: the first counts."""
    return re.split(r"[,;]\s*", raw)[0]


def _kind(raw: str, system: str) -> str:
    if system == "marketo":
        return MARKETO_KINDS.get(raw, KIND_WORDS.get(fold(raw), "other"))
    word = fold(raw)
    return word if word in ActivityKind.values else KIND_WORDS.get(word, "other")
