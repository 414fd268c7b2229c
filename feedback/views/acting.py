"""What a rep does on an opened handoff before the decision: plain forms, each followed by the next page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.asking import asking
from core.display import moment
from core.toasts import say
from feedback.access import WORKERS, get_attempt_to_undo, get_workable
from feedback.forms.queue import AttemptForm, CallbackForm
from feedback.models import Assignment
from feedback.querysets import undecided
from feedback.queue import LONGEST_LIST
from feedback.services import attempts
from users.access import person, signed_in_as


@require_POST
@signed_in_as(*WORKERS)
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an attempt; the lead stays open."""
    row = get_workable(person(request), pk)
    title = f"Log an attempt to reach {row.handoff.lead}"
    with asking(AttemptForm(request.POST), title=title, verb="Log attempt", back=page_of(row)) as given:
        logged = attempts.log_attempt(assignment=row, by=person(request), now=timezone.now(), **given)
    undo_url = reverse("feedback:attempt_undo", args=[logged.pk])
    say(request, f"Logged for {row.handoff.lead}.", undo_url=undo_url)
    return to(row.pk)


@require_POST
@signed_in_as(*WORKERS)
def attempt_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one logged a moment ago; the lead stays open."""
    logged = get_attempt_to_undo(person(request), pk)
    row = attempts.take_back(attempt=logged, by=person(request), now=timezone.now())
    say(request, f"Taken back: nothing was logged for {row.handoff.lead}.", level=messages.INFO)
    return to(row.pk)


@require_POST
@signed_in_as(*WORKERS)
def callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a call back, or take the plan away (``remove``); then the next lead opens."""
    row, following = row_and_next(request, pk)
    now = timezone.now()
    if "remove" in request.POST:
        attempts.set_callback(assignment=row, at=None, by=person(request), now=now)
        say(request, f"{row.handoff.lead} is back in its place.", level=messages.INFO)
        return to(row.pk)
    title = f"Call {row.handoff.lead} back"
    with asking(CallbackForm(request.POST), title=title, verb="Set this moment", back=page_of(row)) as given:
        at = given["at"]
        attempts.set_callback(assignment=row, at=at, by=person(request), now=now)
    say(request, f"{row.handoff.lead} comes back on {moment(at, now=now)}.")
    return to(following or row.pk)


def row_and_next(request: HttpRequest, pk: int) -> tuple[Assignment, int | None]:
    """The handoff, and the one that opens when it is done: the one below it, else the first."""
    row = get_workable(person(request), pk)
    mine = undecided(timezone.now()).filter(owner=row.owner_id)
    ids = list(mine.values_list("pk", flat=True)[:LONGEST_LIST])
    rest = [each for each in ids if each != pk]
    below = ids[ids.index(pk) + 1 :] if pk in ids else []
    return row, next(iter(below or rest), None)


def page_of(row: Assignment) -> str:
    """The address of an opened handoff."""
    return reverse("feedback:handoff", args=[row.pk])


def to(pk: int | None) -> HttpResponse:
    """On to an opened handoff; to the queue where none is left."""
    return redirect("feedback:queue") if pk is None else redirect("feedback:handoff", pk)
