"""Back to an earlier version: say why, and whether it is an emergency."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment import services
from alignment.access import DRAFTERS, side_of, visible_versions
from alignment.comparison import compare
from alignment.models import Version
from alignment.pages import with_parts
from alignment.querysets import active_versions
from alignment.services.proposing import LONGEST_REASON
from alignment.services.rolling_back import can_come_back
from core.errors import Conflict, Invalid
from core.toasts import say
from users.access import person, signed_in_as

UNPROCESSABLE = 422


class RollbackForm(forms.Form):
    """Why the earlier version should count again."""

    reason = forms.CharField(
        label="Why should it count again?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Both teams read it now, and new colleagues a year from now.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What would come back, and the two ways to it; a POST proposes it, ``emergency`` in one step."""
    viewer = person(request)
    earlier = get_object_or_404(with_parts(visible_versions(viewer)), pk=pk)
    form = RollbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.roll_back(
                version_id=pk,
                reason=form.cleaned_data["reason"],
                is_emergency="emergency" in request.POST,
                by=viewer,
                now=timezone.now(),
            )
        except Invalid as error:
            for problem in error.problems or ():
                form.add_error("reason" if problem.where == "reason" else None, problem.message)
        else:
            say(request, _said(version))
            return redirect("alignment:sign", version.pk)
    if not can_come_back(earlier):
        status = earlier.get_status_display().lower()
        raise Conflict(f"Version {earlier.number} is {status}: only one that was in force can come back.")
    return _page(request, earlier, form)


def _page(request: HttpRequest, earlier: Version, form: RollbackForm) -> HttpResponse:
    active = with_parts(active_versions().filter(definition=earlier.definition_id)).first()
    side = side_of(person(request))
    context = {
        "version": earlier,
        "active": active,
        "comparison": compare(active, earlier) if active else None,
        "form": form,
        "side": side.label.lower() if side else "",
        "other": {"marketing": "sales", "sales": "marketing"}.get(side.value if side else "", ""),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "alignment/roll_back.html", context, status=status)


def _said(version: Version) -> str:
    if version.kind == Version.Kind.EMERGENCY:
        return "You have signed the rollback. A manager of the other side is asked to confirm it."
    return f"Version {version.number} is proposed: it says what version {version.based_on.number} said."  # type: ignore[union-attr] # just copied from it
