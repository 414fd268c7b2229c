"""The facts of leads as a decision stores them, so that it can be judged again under other rules."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils import timezone

from leads.models import Lead
from leads.querysets import answers_that_count
from rules.compile import Context, field_expression, prepare
from rules.fields import Use, registry
from scoring.engine.answers import wanted_by
from scoring.engine.branch import value_name
from users.models import Organisation


def facts_of(lead_ids: Collection[int], *, now: dt.datetime | None = None) -> dict[int, dict[str, Any]]:
    """What is known of each lead at ``now``, by the key of every field that a criterion may ask for.

    JSON-able: days and moments as ISO text, amounts as text; null is unknown. Leads that aren't there
    are left out.
    """
    context = Context(now or timezone.now(), Organisation.current().tz)
    fields = registry.for_use(Use.CRITERION)
    # Ten of them are of answers: read at once, they cost less than as many subqueries.
    answered = {field.key: column for field in fields if (column := wanted_by(field.key))}
    others = [field for field in fields if field.key not in answered]
    rows = prepare(Lead.objects.filter(pk__in=lead_ids), others, context)
    values = {f"f_{value_name(field.key)}": field_expression(field, context) for field in others}
    found: list[Any] = list(rows.values("pk", **values))
    answers = answers_that_count(lead_ids, now=context.now)

    def facts(row: dict[str, Any]) -> dict[str, Any]:
        said = answers[row["pk"]]
        known = {key: getattr(said.get(of), column, None) for key, (of, column) in answered.items()}
        known |= {field.key: row[f"f_{value_name(field.key)}"] for field in others}
        return {field.key: _plain(known[field.key]) for field in fields}

    return {row["pk"]: facts(row) for row in found}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):  # a moment is one too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
