"""Pausing the clocks of an opened handoff, and letting them go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.asking import asking
from core.display import moment
from core.toasts import say
from feedback.access import WORKERS, get_workable
from feedback.forms.pausing import PauseForm
from feedback.services import pausing
from feedback.views.acting import page_of, row_and_next, to
from users.access import person, signed_in_as


@require_POST
@signed_in_as(*WORKERS)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the clocks until a moment; the next lead opens."""
    row, following = row_and_next(request, pk)
    now, lead = timezone.now(), row.handoff.lead
    form = PauseForm(request.POST)
    with asking(form, title=f"Pause the clock of {lead}", verb="Pause", back=page_of(row)) as given:
        made = pausing.pause(
            assignment=row, until=given["until"], reason=given["reason"], by=person(request), now=now
        )
    say(request, f"The clock of {lead} stands still until {moment(made.until, now=now)}.")
    return to(following or row.pk)


@require_POST
@signed_in_as(*WORKERS)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clocks go on; the lead stays open."""
    row = get_workable(person(request), pk)
    pausing.resume(assignment=row, by=person(request), now=timezone.now())
    say(request, f"The clock of {row.handoff.lead} goes on.", level=messages.INFO)
    return to(row.pk)
