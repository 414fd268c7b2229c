"""What routing tells the apps below: which fields its rules ask for, and what somebody leaves behind."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from core.hooks import FieldUse, LeftBehind
from feedback.access import REP_EDITORS
from feedback.routing.rules import load_rules
from feedback.services.handing_over import open_work
from rules.nodes import fields_in
from users.models import User


def field_uses() -> Mapping[str, Sequence[FieldUse]]:
    """The rules that ask for each field, by its key. No lead is judged by them, so none is judged anew."""
    found: dict[str, list[FieldUse]] = {}
    for rule in load_rules().all:
        for key in fields_in(rule.node) if rule.node is not None else ():
            use = FieldUse(f"Routing: {rule.row.name}", reverse("feedback:routing"), is_agreed=False)
            found.setdefault(key, []).append(use)
    return found


def left_behind(who: User, viewer: User) -> LeftBehind | None:
    """The open leads that somebody has."""
    count = open_work(who).count()
    if not count:
        return None
    has = f"{who.name} has {count:,} open lead{'' if count == 1 else 's'}."
    url = reverse("feedback:hand_over", args=[who.pk]) if viewer.role in REP_EDITORS else ""
    return LeftBehind(has, "Hand them over", url)
