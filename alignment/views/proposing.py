"""A draft is put to both sides: what changes, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment import services
from alignment.access import DRAFTERS, get_draft
from alignment.checking import proposal_problems
from alignment.forms import ReasonForm
from alignment.models import Version
from alignment.pages import changes_by_section, with_parts
from alignment.querysets import active_versions
from alignment.remarks import proposal_remarks
from core.errors import Invalid
from core.toasts import say
from users.access import person, signed_in_as

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes, why, and the button that puts it to both sides."""
    draft = get_draft(person(request), pk)
    if not draft.is_editable:
        return redirect("alignment:sign", draft.pk)
    form = ReasonForm(request.POST or None, initial={"revision": draft.revision, "reason": draft.reason})
    if request.method == "POST" and form.is_valid():
        try:
            proposed = services.propose(
                version_id=pk, **form.cleaned_data, by=person(request), now=timezone.now()
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.where if problem.where in form.fields else None, problem.message)
        else:
            say(request, f"Version {proposed.number} is proposed. Both sides can sign it now.")
            return redirect("alignment:sign", pk)
    return _proposal(request, draft, form)


def _proposal(request: HttpRequest, draft: Version, form: ReasonForm) -> HttpResponse:
    whole = with_parts(Version.objects.all()).get(pk=draft.pk)
    active = with_parts(active_versions().filter(definition=draft.definition_id)).first()
    context = {
        "version": draft,
        "active": active,
        "sections": changes_by_section(active, whole) if active else [],
        "problems": proposal_problems(whole),
        "remarks": proposal_remarks(whole, now=timezone.now()),
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "alignment/propose.html", context, status=status)
