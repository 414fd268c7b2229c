"""Reads of leads that several screens share."""

from django.db.models import Count, Q, QuerySet

from core.text import fold
from leads.models import Company, Lead

MIN_DIGITS = 4
RECENT, MOST = 20_000, 200


def search(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """The leads whose name, e-mail, phone or company holds ``text``, whatever its case and accents.

    Each part is looked up by itself, so that each can use its own index; text that folds to nothing
    finds everything.
    """
    wanted = fold(text.replace("\0", " "))[:100]
    if not wanted:
        return leads
    parts = [
        Lead.objects.filter(name_folded__contains=wanted),
        Lead.objects.filter(email_folded__contains=wanted),
        Lead.objects.filter(company__in=Company.objects.filter(name_folded__contains=wanted)),
    ]
    digits = "".join(char for char in wanted if char.isdigit())
    if len(digits) >= MIN_DIGITS:
        parts.append(Lead.objects.filter(~Q(phone_e164=""), phone_e164__contains=digits))
    first, *others = [part.order_by().values("pk") for part in parts]
    return leads.filter(pk__in=first.union(*others))


def recent_sources() -> list[str]:
    """The sources of the newest ``RECENT`` leads, the most frequent first; ``MOST`` at most."""
    newest = Lead.objects.order_by("-pk").values("pk")[:RECENT]
    found = Lead.objects.filter(pk__in=newest).exclude(source="").order_by().values_list("source")
    return [source for source, _ in found.annotate(count=Count("pk")).order_by("-count", "source")[:MOST]]
