"""Recording what somebody said of a lead's budget, authority, need or timeframe."""

from datetime import datetime

from django.db import transaction

from core import audit
from core.errors import Invalid
from leads import cleaning
from leads.facts import AnswerFacts
from leads.marks import mark
from leads.models import BantAnswer, ChangeCause, Lead
from leads.models.bant import AnswerSource
from leads.services.extras import answer_row
from users.models import Organisation, User


@transaction.atomic
def record_answer(
    *,
    lead: Lead,
    answer: AnswerFacts,
    by: User | None,
    now: datetime,
    source: str = AnswerSource.REP,
    expires_at: datetime | None = None,
) -> BantAnswer:
    """Append an answer; the latest unexpired one of a dimension counts, for 180 days unless set.

    Invalid for a negative amount, an unknown source or an end that is past. Each call adds a row.
    """
    if answer.amount is not None and not 0 <= answer.amount < 10**15:
        raise Invalid("An amount is a number from 0 to a quadrillion.")
    if source not in AnswerSource.values:
        raise Invalid(f"“{source}” is no source of an answer.")
    if expires_at is not None and expires_at <= now:
        raise Invalid("An answer must hold for some time: its end is past.")
    answer.text, answer.evidence = cleaning.plain(answer.text), cleaning.plain(answer.evidence)
    currency = Organisation.current().currency
    row = answer_row(lead, answer, source=source, author=by, at=now, currency=currency, expires_at=expires_at)
    row.save()
    detail = {"dimension": row.dimension, "level": int(row.level), "source": source}
    audit.record(actor=by, action="lead.answer", target=lead, detail=detail)
    mark([lead.pk], cause=ChangeCause.ANSWER, now=now)
    return row
