"""Who may see and work handoffs: fetched and authorised in one call.

A rep sees their own handoffs and their team's, and works their own; a sales manager sees and works
all. Marketing, the mediator and admins read what sales decided. Others see nothing.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from core.errors import Conflict, NotAllowed
from feedback.models import (
    Assignment,
    Attempt,
    Channel,
    CompanyHoliday,
    Decision,
    Handoff,
    Leave,
    RoutingRule,
)
from users.access import require_role
from users.models import MARKETING, SALES, Role, Team, User

SEES_ALL = MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR, Role.ADMIN}
READERS = SEES_ALL | {Role.REP}
WORKERS = SALES
CHANNEL_EDITORS = frozenset({Role.SALES_MANAGER, Role.ADMIN})
LARGEST_ID = 2**63 - 1


def visible_handoffs(user: User) -> QuerySet[Handoff]:
    """The handoffs a person may see: none for executives, a rep's own and their team's."""
    handoffs = Handoff.objects.all()
    if not user.is_active or user.role not in READERS:
        return handoffs.none()
    if user.role in SEES_ALL:
        return handoffs
    own = Assignment.objects.filter(owner=user).values("handoff")
    return handoffs.filter(Q(team=user.team_id) | Q(pk__in=own))


def visible_assignments(user: User) -> QuerySet[Assignment]:
    """The assignments a person may see, ended ones too: none for executives, a rep's own and their team's."""
    assignments = Assignment.objects.all()
    if not user.is_active or user.role not in READERS:
        return assignments.none()
    if user.role in SEES_ALL:
        return assignments
    return assignments.filter(Q(owner=user) | Q(handoff__team=user.team_id))


def visible_decisions(user: User) -> QuerySet[Decision]:
    """The decisions a person may read: those on handoffs they may see."""
    decisions = Decision.objects.all()
    if user.is_active and user.role in SEES_ALL:
        return decisions
    return decisions.filter(handoff__in=visible_handoffs(user))


def get_assignment(user: User, pk: int) -> Assignment:
    """The assignment with handoff, lead, company and owner; Http404 if the person may see no such one."""
    rows = visible_assignments(user).select_related(
        "owner", "handoff__lead__company", "handoff__version__definition", "handoff__team", "handoff__term"
    )
    if not 0 < pk <= LARGEST_ID or (row := rows.filter(pk=pk).first()) is None:
        raise Http404("No such handoff.")
    return row


def get_workable(user: User, pk: int) -> Assignment:
    """As ``get_assignment``; NotAllowed unless the person owns it or manages sales."""
    assignment = get_assignment(user, pk)
    if not may_work(user, assignment):
        raise NotAllowed(f"Only {assignment.owner} or a sales manager can do this: it is not your lead.")
    return assignment


def get_handoff(user: User, pk: int, rows: QuerySet[Handoff]) -> Handoff:
    """The handoff ``pk`` with what ``rows`` brings along; Http404 if the person may see no such one."""
    visible = rows.filter(pk__in=visible_handoffs(user).values("pk"))
    if not 0 < pk <= LARGEST_ID or (handoff := visible.filter(pk=pk).first()) is None:
        raise Http404("No such handoff.")
    return handoff


def get_workable_by_handoff(user: User, pk: int) -> Assignment:
    """The assignment of a handoff to be worked: its last. Http404 and NotAllowed as for ``get_workable``.

    Conflict while the handoff waits in the pool; that it was closed or given away the services tell.
    """
    handoff = get_handoff(user, pk, Handoff.objects.select_related("lead"))
    last = handoff.assignments.order_by("-pk").values_list("pk", flat=True).first()
    if last is None or handoff.state == Handoff.State.WAITING:
        raise Conflict(f"{handoff.lead} waits in the pool. Claim it there before you work it.")
    return get_workable(user, last)


def get_decision_to_undo(user: User, pk: int) -> Decision:
    """A decision of the person's own, with its lead; Http404 if there is none such."""
    own = visible_decisions(user).exclude(kind=Decision.Kind.UNDO).filter(by=user)
    if not 0 < pk <= LARGEST_ID or (row := own.select_related("handoff__lead").filter(pk=pk).first()) is None:
        raise Http404("No such decision.")
    return row


def get_attempt_to_undo(user: User, pk: int) -> Attempt:
    """An attempt that the person logged; Http404 if there is none such (any more)."""
    own = Attempt.objects.filter(by=user, assignment__in=visible_assignments(user).values("pk"))
    rows = own.select_related("assignment__owner", "handoff__lead")
    if not 0 < pk <= LARGEST_ID or (row := rows.filter(pk=pk).first()) is None:
        raise Http404("No such attempt.")
    return row


def may_work(user: User, assignment: Assignment) -> bool:
    """Whether the person may decide on it: its owner, or a sales manager."""
    return user.role == Role.SALES_MANAGER or (user.role == Role.REP and assignment.owner_id == user.pk)


def get_claimable(user: User, pk: int) -> Handoff:
    """A handoff of the pool that the rep may claim; Http404 if it isn't their team's, NotAllowed for others.

    It may have been taken meanwhile: the service tells.
    """
    handoffs = visible_handoffs(user).select_related("lead")
    if not 0 < pk <= LARGEST_ID or (handoff := handoffs.filter(pk=pk).first()) is None:
        raise Http404("No such handoff.")
    if user.role != Role.REP:
        raise NotAllowed("Reps claim leads for themselves; a sales manager assigns them instead.")
    return handoff


def get_channel(user: User, pk: int) -> Channel:
    """A channel; Http404 unless the person is one of ``CHANNEL_EDITORS``."""
    found = (
        Channel.objects.filter(pk=pk).first()
        if user.role in CHANNEL_EDITORS and 0 < pk <= LARGEST_ID
        else None
    )
    if found is None:
        raise Http404("No such channel.")
    return found


def require_assigner(user: User) -> None:
    """Raise NotAllowed unless the person may give leads to reps."""
    if user.role != Role.SALES_MANAGER:
        raise NotAllowed("Only sales managers give leads to reps. Ask yours.")


ROUTING_READERS = frozenset({Role.SALES_MANAGER, Role.MARKETING_MANAGER, Role.MEDIATOR, Role.ADMIN})
ROUTING_EDITORS = frozenset({Role.SALES_MANAGER})
REP_EDITORS = frozenset({Role.SALES_MANAGER, Role.ADMIN})
"""Who sets how reps work, and hands over what they have: an admin does it as somebody leaves."""


def get_rule(user: User, pk: int) -> RoutingRule:
    """The routing rule, to be changed; Http404 if there is none, NotAllowed unless the person sets rules."""
    require_role(user, ROUTING_EDITORS)
    row = RoutingRule.objects.select_related("team").filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such rule.")
    return row


def get_rep(user: User, pk: int) -> User:
    """An active rep, to be set; Http404 if there is none, NotAllowed unless the person sets reps."""
    require_role(user, REP_EDITORS)
    reps = User.objects.select_related("team", "rep_settings").filter(role=Role.REP, is_active=True)
    row = reps.filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such rep.")
    return row


def get_leave(user: User, pk: int) -> Leave:
    """Planned days off of a rep; Http404 and NotAllowed as for ``get_rep``."""
    require_role(user, REP_EDITORS)
    row = Leave.objects.select_related("rep").filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such leave.")
    return row


def get_company_holiday(user: User, pk: int) -> CompanyHoliday:
    """A company holiday; Http404 and NotAllowed as for ``get_rep``."""
    require_role(user, REP_EDITORS)
    row = CompanyHoliday.objects.filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such holiday.")
    return row


def get_team(user: User, pk: int) -> Team:
    """A team, to set its hours; Http404 and NotAllowed as for ``get_rep``."""
    require_role(user, REP_EDITORS)
    row = Team.objects.filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such team.")
    return row


def get_owner(user: User, pk: int) -> User:
    """Somebody whose work may be handed over: a rep, or whoever once was one and has open leads."""
    require_role(user, REP_EDITORS)
    has_work = Exists(Assignment.objects.filter(owner=OuterRef("pk"), ended_at=None))
    people = User.objects.select_related("team").filter(Q(has_work) | Q(role=Role.REP))
    row = people.filter(pk=pk).first() if 0 < pk <= LARGEST_ID else None
    if row is None:
        raise Http404("No such owner of leads.")
    return row
