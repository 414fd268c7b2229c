"""Using a piece of the content library on a lead: copied or sent, counted by one press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.asking import asking
from core.toasts import say
from feedback.content.access import USERS, get_piece
from feedback.content.forms import UseForm
from feedback.content.panel import Offer, offer
from feedback.forms.queue import checked
from feedback.models import ContentUse
from feedback.services.content import use_piece
from leads.access import get_lead
from users.access import person, signed_in_as

COUNTED = {
    ContentUse.How.TEXT: "Copied the text",
    ContentUse.How.LINK: "Copied the link",
    ContentUse.How.MAIL: "Opening a mail",
}


@require_POST
@signed_in_as(*USERS)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the use. htmx gets the piece anew, and the script copies or opens the mail; without a script
    the page that follows has the link, the text and the mail to press."""
    viewer, now = person(request), timezone.now()
    piece = get_piece(viewer, pk)
    form = UseForm(request.POST)
    lead = get_lead(viewer, checked(form)["lead"])
    how = form.cleaned_data["how"]
    back = reverse("leads:lead", args=[lead.pk])
    with asking(form, title=f"Use “{piece}”", verb="Use it", back=back):
        use_piece(piece=piece, lead=lead, how=how, by=viewer, now=now)
    offered = offer(piece, lead, why=request.POST.get("why", "")[:300], used_at=now)
    context = {"offer": offered, "how": how, "may_use_content": True}
    if request.htmx:  # type: ignore[attr-defined] # set by the middleware of django-htmx
        say(request, f"{COUNTED[ContentUse.How(how)]}. {_next_step(offered, how)}")
        return render(request, "feedback/_content_offer.html", context | {"opens": _opens(offered, how)})
    return render(request, "feedback/content_used.html", context)


def _opens(offered: Offer, how: str) -> str:
    """What the script opens once the use is counted; "" for what it copied already."""
    return offered.mail if how == ContentUse.How.MAIL else ""


def _next_step(offered: Offer, how: str) -> str:
    if how == ContentUse.How.MAIL:
        return f"Once it is sent to {offered.lead}, log the attempt: this alone is none."
    return f"It counts as used for {offered.lead}, not as an attempt to reach them."
