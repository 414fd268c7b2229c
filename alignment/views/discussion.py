"""What both teams say of a version: read it, say something, settle it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment import services
from alignment.access import READERS, VOICES, get_comment, get_version
from alignment.discussion import discussion_of
from alignment.forms import CommentForm, SettleForm
from alignment.mentions import named_in, offered, readers_of
from alignment.models import Comment, Version
from core.errors import Invalid
from core.redirects import back
from core.toasts import say
from users.access import person, signed_in_as

UNPROCESSABLE = 422
LONGEST = 1000


@require_safe
@signed_in_as(*READERS)
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said of a version; ``?criterion=`` begins a comment on that one."""
    version = get_version(person(request), pk)
    return _show(request, version, CommentForm(version, about=request.GET.get("criterion", "")))


@require_POST
@signed_in_as(*VOICES)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of a version or of a criterion of it."""
    viewer = person(request)
    version = get_version(viewer, pk)
    form = CommentForm(version, request.POST)
    if not form.is_valid():
        return _show(request, version, form, status=UNPROCESSABLE)
    given = form.cleaned_data
    try:
        said = services.comment(
            version_id=version.pk,
            text=given["text"],
            criterion_key=given["about"],
            is_objection=given["is_objection"],
            mentioned=form.mentioned,
            by=viewer,
            now=timezone.now(),
        )
    except Invalid as error:
        form.add_error("text", error.message)
        return _show(request, version, form, status=UNPROCESSABLE)
    say(request, _said_in_words(said, version))
    return _shown_again(request, said, anchor=f"#comment-{said.pk}")


@require_POST
@signed_in_as(*VOICES)
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a comment."""
    said = get_comment(person(request), pk)
    settled = services.resolve(
        comment_id=said.pk, text=_text(request), by=person(request), now=timezone.now()
    )
    say(request, "Settled." if not settled.is_objection else "The objection is settled.")
    return _shown_again(request, settled)


@require_POST
@signed_in_as(*VOICES)
def overrule(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an objection aside, with a reason."""
    said = get_comment(person(request), pk)
    settled = services.overrule(
        comment_id=said.pk, text=_text(request), by=person(request), now=timezone.now()
    )
    say(request, f"{settled.by} is told why.")
    return _shown_again(request, settled)


@require_POST
@signed_in_as(*VOICES)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a settled comment again."""
    said = get_comment(person(request), pk)
    opened = services.reopen(comment_id=said.pk, text=_text(request), by=person(request), now=timezone.now())
    say(
        request,
        "Open again." if not opened.is_objection else "The objection stands again until it is settled.",
    )
    return _shown_again(request, opened)


@require_POST
@signed_in_as(*VOICES)
def mention(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may be meant by the @ that is being typed, to be ticked; for htmx."""
    version = get_version(person(request), pk)
    ticked = readers_of(version).filter(pk__in=CommentForm(version, request.POST).mentioned)
    found = [each for each in offered(request.POST.get("text", "")[:LONGEST], version) if each not in ticked]
    return render(request, "alignment/_people.html", {"ticked": ticked, "offered": found})


def _show(request: HttpRequest, version: Version, form: CommentForm, status: int = 200) -> HttpResponse:
    viewer = person(request)
    context = {
        "version": version,
        "discussion": discussion_of(version, viewer),
        "form": form,
        "ticked": readers_of(version).filter(pk__in=form.mentioned) if form.mentioned else (),
        "here": request.POST.get("next", request.get_full_path()),
    }
    template = "_discussion.html" if "HX-Request" in request.headers else "discussion.html"
    return render(request, f"alignment/{template}", context, status=status)


def _shown_again(request: HttpRequest, said: Comment, anchor: str = "") -> HttpResponse:
    """The discussion as it is now. An objection changes who may sign, so then the page is read anew."""
    if "HX-Request" not in request.headers:
        return back(request, resolve_url("alignment:discussion", said.version_id) + anchor)
    if said.is_objection:
        return HttpResponse(headers={"HX-Refresh": "true"})
    version = get_version(person(request), said.version_id)
    return _show(request, version, CommentForm(version))


def _said_in_words(said: Comment, version: Version) -> str:
    told = [str(each) for each in said.mentions.all() if each.pk != said.by_id]
    parts = ["Your objection stands until you settle it." if said.is_objection else "Said."]
    if told:
        parts.append(f"Told: {', '.join(told)}.")
    unclear = named_in(said.text, version).unclear
    parts += [f"There are several people called {word}: write the whole name." for word in unclear]
    return " ".join(parts)


def _text(request: HttpRequest) -> str:
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(form.errors["text"][0]))
    return str(form.cleaned_data["text"])
