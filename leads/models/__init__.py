"""Leads and all that is known of them."""

from leads.models.activity import KIND_CODES, Activity, ActivityKind
from leads.models.bant import BantAnswer, BantDimension, BantLevel
from leads.models.buying import FactSource
from leads.models.campaign import Campaign, Touch
from leads.models.company import Buying, Company, Incumbency
from leads.models.custom import CustomField, FieldRun
from leads.models.imports import ImportJob, ImportProblem
from leads.models.lead import ExternalId, Lead, Stage, StageChange
from leads.models.marks import ChangeCause, ChangedLead

__all__ = [
    "KIND_CODES",
    "Activity",
    "ActivityKind",
    "BantAnswer",
    "BantDimension",
    "BantLevel",
    "Buying",
    "Campaign",
    "ChangeCause",
    "ChangedLead",
    "Company",
    "CustomField",
    "ExternalId",
    "FactSource",
    "FieldRun",
    "ImportJob",
    "ImportProblem",
    "Incumbency",
    "Lead",
    "Stage",
    "StageChange",
    "Touch",
]
