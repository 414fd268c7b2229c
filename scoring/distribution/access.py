"""Who sees how the grades of the whole base stand, and who comes from there to the leads."""

from leads.access import SEES_ALL
from users.models import MANAGERS, MARKETING, Role, User

READERS = MARKETING | MANAGERS | {Role.MEDIATOR, Role.EXECUTIVE, Role.ADMIN}
"""The figures are of all teams together, so reps, who see their own team's leads, aren't among them."""
COUNTERS = READERS & SEES_ALL


def sees_leads(viewer: User) -> bool:
    """Whether the leads behind the figures are those that ``viewer`` may see: all of them."""
    return viewer.role in SEES_ALL
