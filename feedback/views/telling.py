"""How one is told: one's own wishes for mail, and the channels of Slack and Teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.toasts import say
from feedback.access import CHANNEL_EDITORS, get_channel
from feedback.forms.telling import ChannelForm, WishesForm
from feedback.models import Channel, NoticeSettings
from feedback.services import telling
from leads.forms import posted
from users.access import person, signed_in_as

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as()
def settings(request: HttpRequest) -> HttpResponse:
    """One's own wishes."""
    me = person(request)
    row = NoticeSettings.objects.filter(user=me).first() or NoticeSettings(user=me)
    names = ("mail", "daily_at", "quiet_from", "quiet_until")
    form = WishesForm(posted(request), initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            telling.set_wishes(user=me, **form.cleaned_data, now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, "Saved. It holds for what you are told from now on.")
            return redirect("feedback:notices")
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "may_see_channels": me.role in CHANNEL_EDITORS}
    return render(request, "feedback/notice_settings.html", context, status=status)


@require_safe
@signed_in_as(*CHANNEL_EDITORS)
def channels(request: HttpRequest) -> HttpResponse:
    """All channels."""
    return render(request, "feedback/channels.html", {"channels": Channel.objects.select_related("team")})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*CHANNEL_EDITORS)
def channel(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a channel, or change one."""
    row = get_channel(person(request), pk) if pk is not None else None
    names = ("name", "shape", "team", "is_active")
    initial = {name: getattr(row, name) for name in names} if row else {"is_active": True}
    form = ChannelForm(posted(request), initial=initial, is_new=row is None)
    if request.method == "POST" and form.is_valid():
        try:
            content = telling.ChannelContent(**form.cleaned_data)
            saved = telling.save_channel(channel=row, content=content, by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            say(request, f"{saved} is saved. Try it to see whether it arrives.")
            return redirect("feedback:channels")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "feedback/channel.html", {"form": form, "channel": row}, status=status)


@require_POST
@signed_in_as(*CHANNEL_EDITORS)
def try_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Post a line to the channel now."""
    row = get_channel(person(request), pk)
    telling.try_channel(channel=row, by=person(request), now=timezone.now())
    say(request, f"A line was posted to {row}.")
    return redirect("feedback:channels")


@require_POST
@signed_in_as(*CHANNEL_EDITORS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a channel."""
    row = get_channel(person(request), pk)
    telling.remove_channel(channel=row, by=person(request), now=timezone.now())
    say(request, f"{row} is removed. Nothing is posted there any more.")
    return redirect("feedback:channels")
