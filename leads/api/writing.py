"""Writing batches of leads and activities: each row is written as a whole or not at all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from rest_framework import serializers

from core.api.errors import problems_in
from core.errors import Invalid, Problem
from leads.api.inputs import ActivityIn, LeadIn, activity_facts, lead_facts
from leads.checking import checked
from leads.facts import FactProblem, LeadFacts
from leads.models import ChangeCause
from leads.services import Outcome, add_activities, upsert_leads
from leads.services.bulk import RowResult
from users.models import User

Given = dict[str, Any]
Problems = dict[int, list[Problem]]
Result = TypeVar("Result")


def rows_of(data: Any, name: str, most: int) -> list[Any]:
    """The list under ``name``, the only key; Invalid unless it has 1 to ``most`` rows."""
    rows = data.get(name)
    if set(data) != {name} or not isinstance(rows, list) or not 1 <= len(rows) <= most:
        raise Invalid(f'Send {{"{name}": [...]}} with 1 to {most:,} rows and nothing else.')
    return rows


def write_leads(rows: list[Any], *, by: User, now: datetime) -> list[Given]:
    """Upsert each row that can be used as a whole; one result a row, in order.

    Rows with a problem are left out and the others are written, in one transaction. A repeat leaves
    everything unchanged.
    """
    read, wrong = _read(LeadIn(), rows)
    good: list[tuple[int, LeadFacts]] = []
    for place, given in read:
        facts = lead_facts(given)
        if unusable := checked(facts)[1]:
            wrong[place] = [as_problem(each) for each in unusable]
        else:
            good.append((place, facts))
    written = retried(
        lambda: upsert_leads(rows=[facts for _, facts in good], by=by, now=now, cause=ChangeCause.IMPORT)
    )
    results = {place: _result(place, row) for (place, _), row in zip(good, written.rows, strict=True)}
    left_out = {place: _left_out(place, problems) for place, problems in wrong.items()}
    return [{**results, **left_out}[place] for place in range(len(rows))]


def write_activities(rows: list[Any], *, by: User, now: datetime) -> Given:
    """Add each activity that can be used; the counts, and what is wrong with the others by their places."""
    good, wrong = _read(ActivityIn(), rows)
    result = add_activities(items=[activity_facts(given) for _, given in good], by=by, now=now)
    for place, problem in result.problems:
        wrong.setdefault(good[place][0], []).append(as_problem(problem))
    problems = [
        {"index": place, "where": each.where, "message": each.message}
        for place in sorted(wrong)
        for each in wrong[place]
    ]
    return {"created": result.created, "known": result.known, "problems": problems}


def retried(write: Callable[[], Result]) -> Result:
    """``write`` in a transaction, once more if somebody else wrote the same external id at that moment."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        with transaction.atomic():
            return write()


def as_problem(problem: FactProblem) -> Problem:
    """A value that can't be used, as the API tells it."""
    return Problem(f"“{problem.value[:80]}” {problem.reason}.", problem.field)


def _read(
    serializer: serializers.Serializer[Any], rows: list[Any]
) -> tuple[list[tuple[int, Given]], Problems]:
    """Each row by itself, so that one that can't be read doesn't stop the others."""
    read: list[tuple[int, Given]] = []
    wrong: Problems = {}
    for place, row in enumerate(rows):
        try:
            read.append((place, serializer.run_validation(row)))
        except serializers.ValidationError as error:
            wrong[place] = list(problems_in(error.detail))
    return read, wrong


def _result(place: int, row: RowResult) -> Given:
    if row.outcome is Outcome.LEFT_OUT:
        ids = [lead.pk for lead in row.candidates if lead.pk]
        return _left_out(place, [Problem(f"This {row.reason}.")], ids)
    pk = row.lead.pk if row.lead else None
    return {"index": place, "outcome": row.outcome.value, "id": pk, "problems": [], "candidates": []}


def _left_out(place: int, problems: list[Problem], candidates: list[int] | None = None) -> Given:
    listed = [{"where": each.where, "message": each.message} for each in problems]
    outcome = Outcome.LEFT_OUT.value
    return {
        "index": place,
        "outcome": outcome,
        "id": None,
        "problems": listed,
        "candidates": candidates or [],
    }
