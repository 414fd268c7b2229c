"""Who may see and change which leads: fetched and authorised in one call."""

from django.db.models import Q, QuerySet
from django.http import Http404

from core.errors import NotAllowed
from leads.models import CustomField, ImportJob, Lead
from users.models import MARKETING, Role, User

SEES_ALL = MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR, Role.ADMIN}
EDITORS = MARKETING | {Role.REP, Role.SALES_MANAGER, Role.ADMIN}
IMPORTERS = MARKETING | {Role.ADMIN}
READERS = SEES_ALL | {Role.REP}
UPSERTERS = EDITORS & SEES_ALL
"""Who may write leads without naming which: it must be no secret to them that a lead is there."""


def visible_leads(user: object) -> QuerySet[Lead]:
    """The leads that a person may see: none for strangers and executives, a rep's own and their team's."""
    leads = Lead.objects.all()
    if not isinstance(user, User) or not user.is_active:
        return leads.none()
    if user.role in SEES_ALL:
        return leads
    if user.role == Role.REP:
        return leads.filter(Q(owner=user) | Q(team_id=user.team_id))
    return leads.none()


def get_lead(user: object, pk: int) -> Lead:
    """The lead with its company, owner and team; Http404 if there is none that ``user`` may see."""
    leads = visible_leads(user).select_related("company", "owner", "team")
    if not 0 < pk < 2**63 or (lead := leads.filter(pk=pk).first()) is None:
        raise Http404("No such lead.")
    return lead


def get_editable_lead(user: object, pk: int) -> Lead:
    """As ``get_lead``; NotAllowed if ``user`` may only read it."""
    lead = get_lead(user, pk)
    if not may_edit(user):
        raise NotAllowed("Leads are edited by marketing, by the reps who work them and by admins.")
    return lead


def may_edit(user: object) -> bool:
    """Whether the person may add leads and edit those they see."""
    return isinstance(user, User) and user.role in EDITORS


def sees_lead(user: User, lead: Lead) -> bool:
    """Whether ``visible_leads`` has this lead, which is at hand: nothing is asked of the database."""
    if user.role in SEES_ALL:
        return user.is_active
    is_near = lead.owner_id == user.pk or lead.team_id == user.team_id
    return user.is_active and user.role == Role.REP and is_near


def get_job(user: object, pk: int) -> ImportJob:
    """An import, without its file; Http404 unless ``user`` may import."""
    allowed = isinstance(user, User) and user.role in IMPORTERS
    jobs = ImportJob.objects.defer("content").filter(pk=pk) if allowed and 0 < pk < 2**63 else None
    if jobs is None or (job := jobs.first()) is None:
        raise Http404("No such import.")
    return job


def get_field(user: object, pk: int) -> CustomField:
    """A custom field, in use or retired; Http404 unless ``user`` is an admin."""
    allowed = isinstance(user, User) and user.role == Role.ADMIN
    found = CustomField.objects.filter(pk=pk).first() if allowed and 0 < pk < 2**63 else None
    if found is None:
        raise Http404("No such field.")
    return found
