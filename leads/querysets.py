"""Reads of leads that several screens share."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from core.text import fold
from leads.models import BantAnswer, Company, Lead

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


def answers_that_count(lead_ids: Collection[int], *, now: datetime) -> dict[int, dict[str, BantAnswer]]:
    """The answers that count at ``now``, by lead and dimension: of each the latest that has not expired.

    One query; the authors are read with them.
    """
    found: dict[int, dict[str, BantAnswer]] = {pk: {} for pk in lead_ids}
    answers = BantAnswer.objects.filter(lead__in=lead_ids, expires_at__gt=now).select_related("author")
    for answer in answers.order_by("-at", "-id"):
        found[answer.lead_id].setdefault(answer.dimension, answer)
    return found
