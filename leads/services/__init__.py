"""Everything that changes leads, for pages, the API, imports and the other apps alike."""

from leads.services.activities import ActivityResult, add_activities
from leads.services.answers import record_answer
from leads.services.bulk import Outcome, UpsertResult, upsert_leads
from leads.services.buying import update_buying
from leads.services.custom_fields import (
    Kept,
    create_field,
    move_field,
    restore_field,
    retire_field,
    update_field,
)
from leads.services.moves import move_stage, move_stages, resume_decay, set_owner, stop_decay
from leads.services.single import create_lead, update_lead, upsert_lead

__all__ = [
    "ActivityResult",
    "Kept",
    "Outcome",
    "UpsertResult",
    "add_activities",
    "create_field",
    "create_lead",
    "move_field",
    "move_stage",
    "move_stages",
    "record_answer",
    "restore_field",
    "resume_decay",
    "retire_field",
    "set_owner",
    "stop_decay",
    "update_buying",
    "update_field",
    "update_lead",
    "upsert_lead",
    "upsert_leads",
]
