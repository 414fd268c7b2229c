"""What would lift a lead: a page, the panel beside its explanation, and a line in the queue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.access import READERS, get_lead, may_edit
from scoring.steps import State, next_steps
from scoring.steps.parts import Answer
from users.access import person, signed_in_as

NOTHING_TO_SWAP = 204
TEMPLATES = {"queue": "scoring/_steps_line.html", "panel": "scoring/_steps_found.html"}


@require_safe
@signed_in_as(*READERS)
def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps, judged now; ``?in=panel`` is the list alone.

    ``?in=queue`` is the first one: a question takes the place of the one that stands there, anything else
    comes after it, and where nothing lifts the lead it stays (204).
    """
    lead = get_lead(person(request), pk)
    found = next_steps(lead, now=timezone.now())
    place = request.GET.get("in", "")
    if place == "queue" and found.state is not State.STEPS:
        return HttpResponse(status=NOTHING_TO_SWAP)
    context = {"lead": lead, "found": found, "may_edit": may_edit(person(request))}
    response = render(request, TEMPLATES.get(place, "scoring/steps.html"), context)
    if place == "queue" and not isinstance(found.steps[0].parts[0], Answer):
        response["HX-Reswap"] = "beforeend"
    return response
