"""Who may set a lead's grade by hand.

Marketing, the sales managers and the mediator, who answer for what both teams agreed. Not the reps: they
could lift their own lead into a longer term, or drop it out of the queue.
"""

from core.errors import NotAllowed
from leads.access import get_lead
from leads.models import Lead
from users.access import who
from users.models import MARKETING, Role, User

OVERRIDERS = MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR}


def may_override(user: object) -> bool:
    """Whether the person may set the grade of leads that they see."""
    return isinstance(user, User) and user.is_active and user.role in OVERRIDERS


def get_overridable(user: object, pk: int) -> Lead:
    """The lead as ``leads.access.get_lead`` gives it; NotAllowed if ``user`` may only read it."""
    lead = get_lead(user, pk)
    if not may_override(user):
        raise NotAllowed(
            f"A grade is set by hand by {who(OVERRIDERS)}. Tell one of them why it should change."
        )
    return lead
