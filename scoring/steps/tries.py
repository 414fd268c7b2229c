"""The rows of a lead as they would be after each of many steps, made as the services make them."""

import json
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Field, JSONField, Model

from leads.checking import checked
from leads.days import day_number
from leads.facts import ActivityFacts, LeadFacts
from leads.models import Activity, BantAnswer, Company, Lead
from leads.models.bant import AnswerSource
from leads.services.applying import apply
from leads.services.extras import answer_row
from scoring.engine.dialect import is_postgres
from scoring.steps.parts import COMPANY_FACTS, Answer, Invitation, Parts, lead_facts

Row = dict[str, Any]
LAST = 2**62
"""The id of a row that comes after all others of the same moment."""


def columns_of(model: type[Model]) -> "Sequence[Field[Any, Any]]":
    """The columns of its table."""
    return model._meta.concrete_fields


@dataclass(slots=True)
class Tries:
    """Rows for JSON by what they are; the number of a try takes the place of the lead's id and the company's.

    ``lead`` comes with its company and is left as it is.
    """

    lead: Lead
    now: datetime
    zone: ZoneInfo
    currency: str
    leads: list[Row] = field(default_factory=list)
    companies: list[Row] = field(default_factory=list)
    added: dict[type[Model], list[Row]] = field(default_factory=dict)

    def add(self, number: int, parts: Parts) -> bool:
        """Add a try; False if its facts can't be written."""
        facts, problems = checked(lead_facts(parts, self.lead))
        if problems:
            return False
        lead, company = copy(self.lead), self._company(facts)
        apply(lead, facts, None, now=self.now, may_clear=True)
        self.leads.append(_row(lead) | {"id": number, "company_id": number if company else None})
        if company:
            self.companies.append(_row(company) | {"id": number})
        for part in parts:
            if isinstance(part, Answer):
                self._hang(number, self._said(part))
            elif isinstance(part, Invitation):
                for did in part.facts(self.lead.pk, self.now):
                    self._hang(number, self._done(did))
        return True

    def _company(self, facts: LeadFacts) -> Company | None:
        company = copy(self.lead.company) if self.lead.company else None
        if facts.company:
            company = company or Company(name=facts.company.name or "", created_at=self.now)
            said = {name: getattr(facts.company, name) for name in COMPANY_FACTS.values()}
            for name, value in said.items():
                if value not in (None, ""):
                    setattr(company, name, value)
        return company

    def _said(self, answer: Answer) -> BantAnswer:
        facts, currency = answer.facts(), self.currency
        return answer_row(
            self.lead, facts, source=AnswerSource.REP, author=None, at=self.now, currency=currency
        )

    def _done(self, did: ActivityFacts) -> Activity:
        day, at = day_number(self.now, self.zone), int(self.now.timestamp())
        return Activity(kind=did.kind, detail=did.detail[:300], at_epoch=at, day=day)

    def _hang(self, number: int, instance: Model) -> None:
        self.added.setdefault(type(instance), []).append(_row(instance) | {"id": LAST, "lead_id": number})


def _row(instance: Model) -> Row:
    """The columns as saving would write them, folded copies included."""
    columns = columns_of(type(instance))
    return {str(each.column): _plain(each, each.pre_save(instance, add=False)) for each in columns}


def _plain(column: "Field[Any, Any]", value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(column, JSONField):
        return value if is_postgres() else json.dumps(value)
    stored = column.get_db_prep_save(value, connection)
    return stored if isinstance(stored, int) else str(stored)
