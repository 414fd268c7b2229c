"""One lead tried: who would get it now, and why. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.access import ROUTING_READERS
from feedback.forms.queue import checked
from feedback.forms.routing import TryForm
from feedback.models import Assignment, Handoff
from feedback.routing import DEFAULT, Choice, Deal, Rules, load_roster, load_rules
from feedback.routing.reps import company_owners
from feedback.routing.rules import ReadRule
from feedback.routing.trace import Trace, read_trace, trace_of
from leads.access import get_lead, visible_leads
from leads.models import Lead
from leads.querysets import search
from users.access import person, signed_in_as

MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule that was asked: whether it matches, and whether it is the one that decides."""

    rule: ReadRule
    is_met: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What would happen to a lead."""

    choice: Choice
    trace: Trace
    asked: list[Asked]
    owner: Assignment | None
    handoff: Handoff | None


@require_safe
@signed_in_as(*ROUTING_READERS)
def try_lead(request: HttpRequest) -> HttpResponse:
    """Pick a lead and see who would get it."""
    form = TryForm(request.GET)
    asked, viewer = checked(form), person(request)
    lead = get_lead(viewer, asked["lead"]) if asked["lead"] else None
    found = []
    if asked["q"] and lead is None:
        found = list(search(visible_leads(viewer), asked["q"]).select_related("company")[:MOST_FOUND])
    tried = _tried(lead, timezone.now()) if lead is not None else None
    context = {"q": asked["q"], "found": found, "lead": lead, "tried": tried, "most": MOST_FOUND}
    return render(request, "feedback/routing_try.html", context)


def _tried(lead: Lead, now: datetime) -> Tried:
    rules, roster = load_rules(), load_roster(now=now)
    handoff = Handoff.objects.filter(lead=lead, state__in=Handoff.OPEN).select_related("team").first()
    owner = (
        Assignment.objects.filter(handoff=handoff, ended_at=None).select_related("owner").first()
        if handoff is not None
        else None
    )
    is_waiting = handoff is not None and handoff.state == Handoff.State.WAITING
    roster.company_owners = company_owners([lead.company_id], Lead.objects.exclude(pk=lead.pk))
    deal = Deal(
        rules.routes([lead.pk], now=now).get(lead.pk, DEFAULT),
        lead.company_id,
        within=handoff.team_id if handoff is not None and is_waiting else None,
    )
    choice = roster.choose(deal, now=now)
    return Tried(choice, read_trace(trace_of(choice)), _asked(rules, lead, choice, now), owner, handoff)


def _asked(rules: Rules, lead: Lead, choice: Choice, now: datetime) -> list[Asked]:
    met = rules.holds(lead.pk, now=now)
    return [Asked(rule, rule.row.pk in met, rule.row.pk == choice.route.rule_id) for rule in rules.at_work]
