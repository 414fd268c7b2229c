"""Changes of leads through the product's own services, as people, imports and websites make them."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead
from leads.services import add_activities, record_answer, update_lead

TITLES = ("Founder", "Sales Director", "Project Manager", "Assistant", "Student", "")
DID = (
    ("page_view", "/pricing"),
    ("page_view", "/product/a"),
    ("email_click", ""),
    ("form", "/demo"),
    ("webinar", ""),
    ("download", ""),
)
SHARES = {"activity": 12, "edit": 4, "answer": 3, "company": 1}


class Changes:
    """One kind of change after the other, each a transaction of its own; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a repeatable measurement
        self._count = 0
        self._makers: dict[str, Callable[[int, datetime], object]] = {
            "activity": self._activity,
            "edit": self._edit,
            "answer": self._answer,
            "company": self._company,
        }

    def change(self, pk: int) -> None:
        """Change the lead ``pk``, most often by something it did; each change marks at least one lead."""
        self._count += 1
        kind = self.dice.choices(list(SHARES), list(SHARES.values()))[0]
        self._makers[kind](pk, timezone.now())

    def _activity(self, pk: int, now: datetime) -> None:
        kind, detail = self.dice.choice(DID)
        at = now - timedelta(hours=self.dice.choice((0, 0, self.dice.randint(1, 900))))
        add_activities(
            items=[ActivityFacts(kind=kind, detail=detail, at=at, lead_id=pk)], by=None, now=timezone.now()
        )

    def _edit(self, pk: int, now: datetime) -> None:
        # The count makes every edit a change: an edit that says nothing new marks nobody.
        facts = LeadFacts(title=self.dice.choice(TITLES), city=f"Town {self.dice.random()} {self._count}")
        update_lead(lead=Lead(pk=pk), facts=facts, by=None, now=now)

    def _answer(self, pk: int, now: datetime) -> None:
        dimension, level = self.dice.choice(list(BantDimension)), self.dice.choice(list(BantLevel))
        answer = AnswerFacts(dimension=dimension, level=level)
        record_answer(lead=Lead(pk=pk), answer=answer, by=None, now=now)

    def _company(self, pk: int, now: datetime) -> None:
        names = Lead.objects.filter(pk=pk).values_list("company__name", "company__domain")
        name, domain = names.get()
        if name is None:
            self._edit(pk, now)
            return
        employees = self.dice.randint(1, 9_999)
        company = CompanyFacts(name=name, domain=domain, employees=employees)
        update_lead(lead=Lead(pk=pk), facts=LeadFacts(company=company), by=None, now=now)
