"""Doing what a step says, as people do it: by the services that write answers, facts and activities."""

import datetime as dt

from leads.models import Lead
from leads.services import add_activities, record_answer, update_lead
from scoring.steps import Step
from scoring.steps.parts import Answer, Fact, Invitation, lead_facts


def fresh(pk: int) -> Lead:
    """The lead with its company, as a page reads it."""
    return Lead.objects.select_related("company").get(pk=pk)


def do(step: Step, pk: int, now: dt.datetime) -> None:
    """Ask, look up or invite, and write what came of it."""
    lead = fresh(pk)
    for part in step.parts:
        if isinstance(part, Answer):
            record_answer(lead=lead, answer=part.facts(), by=None, now=now)
        elif isinstance(part, Invitation):
            added = add_activities(items=part.facts(pk, now), by=None, now=now)
            assert added.created == part.times
    if any(isinstance(part, Fact) for part in step.parts):
        update_lead(lead=lead, facts=lead_facts(step.parts, lead), by=None, now=now)
