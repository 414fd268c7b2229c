"""A person's notices: what happened that they should know, newest first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.redirects import back
from feedback.models import Notification
from feedback.services.notices import mark_read
from users.access import person, signed_in_as

ROWS = 50


def unread(request: HttpRequest) -> int:
    """How many notices the signed-in person has not read, for the navigation."""
    return Notification.objects.filter(user=person(request), read_at=None).count()


@signed_in_as()
def listing(request: HttpRequest) -> HttpResponse:
    """One's own notices."""
    mine = Notification.objects.filter(user=person(request))
    context = {
        "page": Paginator(mine, ROWS).get_page(request.GET.get("page")),
        "unread": unread(request),
    }
    return render(request, "feedback/notices.html", context)


@require_POST
@signed_in_as()
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one's own notice as read and go where it leads."""
    notice = get_object_or_404(Notification, pk=pk, user=person(request))
    mark_read(user=person(request), notice_id=notice.pk, now=timezone.now())
    return redirect(notice.url)


@require_POST
@signed_in_as()
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own notices as read."""
    mark_read(user=person(request), now=timezone.now())
    return back(request, "feedback:notices")
