"""What another system says came of leads: each row is told by the services that a person uses."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction

from core.errors import ApplicationError
from core.hooks import Sunk
from core.text import fold
from feedback.models import Assignment, Handoff, Outcome
from feedback.services import outcomes
from leads.facts import OutcomeFacts
from leads.models import ExternalId, Lead
from users.models import Organisation, User

Kind = Outcome.Kind
WORDS: Final[dict[Kind, str]] = {
    Kind.QUALIFIED: "qualified sql opportunity salesqualified salesqualifiedlead qualifiedtobuy proposal "
    "negotiation presentationscheduled decisionmakerboughtin contractsent",
    Kind.WON: "won closedwon gewonnen customer sold win gagne ganado",
    Kind.LOST: "lost closedlost verloren lose perdu perdido dead",
    Kind.RETAINED: "retained renewed renewal stayed verlangert",
    Kind.CHURNED: "churned churn cancelled canceled left gekundigt terminated",
}
"""By which words, folded and without anything but letters, other systems mean each kind."""
KINDS = {word: kind for kind, words in WORDS.items() for word in words.split()}


def record_outcomes(items: Sequence[OutcomeFacts], by: User | None, now: datetime) -> Sunk:
    """Tell of each lead's last handoff what came of it; a row that can't be told is left out, with why.

    What was told before, retained too, is known and not told again, so that a file may come twice. A
    lead that is only assigned must be accepted first; one that was won is qualified on the way. Within a
    transaction; each row stands alone.
    """
    sunk = Sunk()
    leads = _Leads(items)
    for place, item in enumerate(items):
        try:
            with transaction.atomic():
                is_new = _record(item, leads, by, now)
        except ApplicationError as error:
            sunk.problems.append((place, error.message.rstrip(".")))
        except LeftOut as error:
            sunk.problems.append((place, str(error)))
        else:
            sunk.created += is_new
            sunk.unchanged += not is_new
    return sunk


class LeftOut(Exception):
    """Why a row can't be told."""


def _record(item: OutcomeFacts, leads: "_Leads", by: User | None, now: datetime) -> bool:
    """Whether it is new."""
    if by is None:
        raise LeftOut("nobody is left who answers for this file; import it again")
    kind = KINDS.get("".join(char for char in fold(item.kind) if char.isalpha()))
    if kind is None:
        raise LeftOut("is no outcome that is known: write qualified, won, lost, retained or churned")
    row = _last(leads.find(item))
    if row.handoff.outcomes.filter(kind=kind).exists():
        return False
    _telling(kind, item, row, by, now)()
    return True


def _telling(
    kind: Kind, item: OutcomeFacts, row: Assignment, by: User, now: datetime
) -> Callable[[], Outcome]:
    if kind == Kind.QUALIFIED:
        return partial(outcomes.qualify, assignment=row, by=by, now=now)
    if kind == Kind.WON:
        if item.amount is None:
            raise LeftOut("was won, but has no amount")
        currency = item.currency or Organisation.current().currency
        return partial(outcomes.win, assignment=row, amount=item.amount, currency=currency, by=by, now=now)
    telling = {Kind.LOST: outcomes.lose, Kind.RETAINED: outcomes.retain, Kind.CHURNED: outcomes.churn}[kind]
    return partial(telling, assignment=row, text=item.text, by=by, now=now)


def _last(lead: Lead) -> Assignment:
    """The assignment of the lead's last handoff that has the say: its last."""
    rows = Assignment.objects.filter(handoff__lead=lead).select_related("handoff", "owner")
    row = rows.order_by("-handoff__cycle", "-pk").first()
    if row is None or row.handoff.state == Handoff.State.WAITING:
        raise LeftOut(f"{lead} is with no rep: nothing can have come of it yet")
    return row


class _Leads:
    """The leads that rows name, found with two queries; nothing is locked before its handoff is."""

    def __init__(self, items: Sequence[OutcomeFacts]) -> None:
        pairs = {item.external_id for item in items if item.external_id}
        ids = ExternalId.objects.filter(
            system__in={system for system, _ in pairs}, value__in={value for _, value in pairs}
        ).select_related("lead")
        self.by_id = {(each.system, each.value): each.lead for each in ids}
        self.by_email: dict[str, list[Lead]] = defaultdict(list)
        for lead in Lead.objects.filter(email_folded__in={fold(item.email) for item in items if item.email}):
            self.by_email[lead.email_folded].append(lead)

    def find(self, item: OutcomeFacts) -> Lead:
        """The lead of a row; LeftOut if there is none such, or several."""
        if item.external_id is not None and item.external_id in self.by_id:
            return self.by_id[item.external_id]
        found = self.by_email.get(fold(item.email), []) if item.email else []
        if len(found) > 1:
            raise LeftOut(f"fits {len(found)} leads with this e-mail; name it by its id")
        if not found:
            raise LeftOut("is of no lead that is known")
        return found[0]
