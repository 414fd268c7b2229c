"""Everything that changes leads, for pages, the API, imports and the other apps alike."""

from leads.services.activities import ActivityResult, add_activities
from leads.services.answers import record_answer
from leads.services.bulk import Outcome, UpsertResult, upsert_leads
from leads.services.moves import move_stage, move_stages, resume_decay, set_owner, stop_decay
from leads.services.single import create_lead, update_lead, upsert_lead

__all__ = [
    "ActivityResult",
    "Outcome",
    "UpsertResult",
    "add_activities",
    "create_lead",
    "move_stage",
    "move_stages",
    "record_answer",
    "resume_decay",
    "set_owner",
    "stop_decay",
    "update_lead",
    "upsert_lead",
    "upsert_leads",
]
