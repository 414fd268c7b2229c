"""What marketing does with rejections: it marks them as seen."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from core import audit
from feedback.models import Decision
from users.models import User


@transaction.atomic
def mark_seen(*, decision_ids: Iterable[int], by: User, now: datetime) -> int:
    """Mark rejections as seen by marketing; gives how many were new.

    The first to see one stays on record: a repeat changes nothing.
    """
    unseen = Decision.objects.filter(
        pk__in=set(decision_ids), kind__in=Decision.REJECTIONS, seen_at=None
    ).order_by("pk")
    ids = list(unseen.select_for_update(no_key=True).values_list("pk", flat=True))
    if ids:
        Decision.objects.filter(pk__in=ids).update(seen_at=now, seen_by=by)
        audit.record(actor=by, action="rejections_seen", target_type="decision", detail={"ids": ids})
    return len(ids)
