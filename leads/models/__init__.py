"""Leads and all that is known of them."""

from leads.models.activity import Activity, ActivityKind
from leads.models.bant import BantAnswer, BantDimension, BantLevel
from leads.models.campaign import Campaign, Touch
from leads.models.company import Company
from leads.models.custom import CustomField, FieldRun
from leads.models.imports import ImportJob, ImportProblem
from leads.models.lead import ExternalId, Lead, Stage, StageChange
from leads.models.marks import ChangeCause, ChangedLead

__all__ = [
    "Activity",
    "ActivityKind",
    "BantAnswer",
    "BantDimension",
    "BantLevel",
    "Campaign",
    "ChangeCause",
    "ChangedLead",
    "Company",
    "CustomField",
    "ExternalId",
    "FieldRun",
    "ImportJob",
    "ImportProblem",
    "Lead",
    "Stage",
    "StageChange",
    "Touch",
]
