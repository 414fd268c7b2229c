"""Who may see and change the content library: marketing writes it, sales reads and uses it."""

from django.http import Http404

from core.errors import NotAllowed
from feedback.models import ContentPiece
from users.access import who
from users.models import MARKETING, SALES, Role, User

WRITERS = MARKETING
USERS = SALES
READERS = MARKETING | SALES | {Role.MEDIATOR, Role.ADMIN}
COUNTERS = READERS - {Role.REP}
"""Who sees how much each piece is used, on all leads: whoever may see all leads."""
LARGEST_ID = 2**63 - 1


def may_write(user: User) -> bool:
    """Whether the person adds, edits and retires pieces."""
    return user.role in WRITERS


def may_use(user: User) -> bool:
    """Whether the person copies and sends pieces, which is counted."""
    return user.role in USERS


def sees_figures(user: User) -> bool:
    """Whether the person sees by whom and on which leads a piece was used."""
    return user.role in COUNTERS


def get_piece(user: User, pk: int) -> ContentPiece:
    """The piece, retired or not; Http404 for whoever may not read the library."""
    allowed = user.is_active and user.role in READERS and 0 < pk <= LARGEST_ID
    pieces = ContentPiece.objects.select_related("created_by").filter(pk=pk) if allowed else None
    if pieces is None or (piece := pieces.first()) is None:
        raise Http404("No such piece.")
    return piece


def get_writable(user: User, pk: int) -> ContentPiece:
    """As ``get_piece``; NotAllowed unless the person writes the library."""
    piece = get_piece(user, pk)
    if not may_write(user):
        raise NotAllowed(f"The library is kept by {who(WRITERS)}. Tell them what is missing.")
    return piece
