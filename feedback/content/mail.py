"""A piece as a text to copy and as a mail to open; the product itself sends nothing. Pure."""

from urllib.parse import quote

from feedback.models import ContentPiece
from leads.models import Lead

LONGEST_MAILTO = 1_900
"""Mail programs cut addresses that are longer than about 2,000 characters."""
CUT = " …"


def filled(text: str, lead: Lead) -> str:
    """``text`` with ``{name}`` and ``{company}`` replaced; who isn't known is "you", of "your company"."""
    company = lead.company.name if lead.company else ""
    return text.replace("{name}", lead.name or "you").replace("{company}", company or "your company")


def text_of(piece: ContentPiece, lead: Lead) -> str:
    """What *copy text* gives."""
    return filled(piece.text, lead)


def mailto(piece: ContentPiece, lead: Lead) -> str:
    """The address that opens a mail to the lead: the title as subject, the text and the link as body.

    A text that makes it too long is cut at a word; the link stays whole.
    """
    subject = quote(filled(piece.title, lead))
    start = f"mailto:{quote(lead.email, safe='@')}?subject={subject}&body="
    room = LONGEST_MAILTO - len(start) - len(quote(f"\n\n{piece.url}"))
    body = _cut(text_of(piece, lead), room)
    return start + quote("\n\n".join(part for part in (body, piece.url) if part).replace("\n", "\r\n"))


def _cut(text: str, room: int) -> str:
    """As many whole words of ``text`` as fit into ``room`` characters of an address."""
    if _length(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _length(text[:middle] + CUT) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rpartition(" ")[0].rstrip() + CUT if low else ""


def _length(text: str) -> int:
    return len(quote(text.replace("\n", "\r\n")))
