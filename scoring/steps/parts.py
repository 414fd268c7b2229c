"""What could become known of a lead, or be done by it: the parts of a step, and how they are written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from leads.custom.definitions import PREFIX
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import ActivityKind, BantDimension, BantLevel, Lead
from rules.nodes import ActivityMatch

LEAD_FACTS = {
    "lead.title": "title",
    "lead.country": "country",
    "lead.city": "city",
    "lead.language": "language",
    "lead.phone": "phone",
    "lead.email": "email",
}
COMPANY_FACTS = {
    "company.industry": "industry",
    "company.employees": "employees",
    "company.country": "country",
}
"""The fields that the form of a lead takes, by their keys: what can be looked up and written down."""
CUSTOM = f"{PREFIX}."
"""How the keys of a company's own fields begin; the form takes them all."""
INVITABLE = (
    ActivityKind.WEBINAR,
    ActivityKind.EVENT,
    ActivityKind.FORM,
    ActivityKind.DOWNLOAD,
    ActivityKind.TRIAL,
    ActivityKind.PAGE_VIEW,
)
"""What people do because they were invited to it."""
NEW_COMPANY = "A company not yet named"


@dataclass(frozen=True, slots=True)
class Answer:
    """A BANT answer of ``dimension``; amount and date are those that were known or that a criterion asks for.

    ``days`` is the window in which the date falls, if that is what is asked for; ``is_again`` says that
    somebody answered before.
    """

    dimension: BantDimension
    level: BantLevel
    amount: Decimal | None = None
    currency: str = ""
    purchase_on: dt.date | None = None
    text: str = ""
    days: int | None = None
    is_again: bool = False

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: two parts about the same can't be taken together."""
        return "ask", self.dimension.value

    @property
    def demand(self) -> tuple[int, int]:
        """How much it asks of the lead, to be compared with other answers to the same question."""
        return int(self.level), int(self.days is not None)

    def facts(self) -> AnswerFacts:
        """The answer as the service takes it."""
        return AnswerFacts(
            dimension=self.dimension,
            level=self.level,
            amount=self.amount,
            currency=self.currency,
            purchase_on=self.purchase_on,
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is unknown, by the key of its field: one of the above or a custom one."""

    key: str
    value: str | int | bool

    @property
    def subject(self) -> tuple[str, str]:
        """The field."""
        return "fact", self.key

    @property
    def demand(self) -> tuple[int, int]:
        """Any value is as good to find as another."""
        return 0, 0


@dataclass(frozen=True, slots=True)
class Invitation:
    """``times`` activities of a kind, with the text of ``detail`` in them."""

    kind: ActivityKind
    detail: str = ""
    times: int = 1

    @property
    def subject(self) -> tuple[str, str]:
        """What the lead is invited to."""
        return "invite", f"{self.kind.value} {self.detail}"

    @property
    def demand(self) -> tuple[int, int]:
        """How often."""
        return self.times, 0

    def facts(self, lead_id: int, now: dt.datetime) -> list[ActivityFacts]:
        """The activities as the service takes them."""
        return [
            ActivityFacts(kind=self.kind.value, at=now, detail=self.detail, lead_id=lead_id)
            for _ in range(self.times)
        ]


Part = Answer | Fact | Invitation
Parts = tuple[Part, ...]


def invitation_to(match: ActivityMatch, times: int = 1) -> Invitation | None:
    """The first of the kinds that people can be invited to; None if there is none."""
    kinds = [kind for kind in INVITABLE if kind.value in match.kinds]
    return Invitation(kinds[0], (match.detail or "").replace("*", ""), times) if kinds else None


def lead_facts(parts: Iterable[Part], lead: Lead) -> LeadFacts:
    """The facts among ``parts`` as the services take them for ``lead``.

    A lead without a company gets one, whose name still has to be found out.
    """
    known = [part for part in parts if isinstance(part, Fact)]
    own = {LEAD_FACTS[part.key]: part.value for part in known if part.key in LEAD_FACTS}
    its = {COMPANY_FACTS[part.key]: part.value for part in known if part.key in COMPANY_FACTS}
    custom = {part.key.removeprefix(CUSTOM): part.value for part in known if part.key.startswith(CUSTOM)}
    company = None
    if its:
        name = lead.company.name if lead.company else NEW_COMPANY
        company = CompanyFacts(name=name, domain=lead.company.domain if lead.company else "", **its)  # type: ignore[arg-type]  # by name
    return LeadFacts(company=company, attributes=custom, **own)  # type: ignore[arg-type]  # facts by name
