"""The glossary: our words, and what the company calls them."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import DRAFTERS, READERS, may_name
from alignment.models import GlossaryEntry
from alignment.services.glossary import LONGEST_MEANING, LONGEST_NAME, add_term, forget_term, name_term
from alignment.services.locking import StaleEdit
from alignment.terms import GROUPS, TERMS, Term
from core.errors import Invalid
from core.toasts import say
from users.access import person, signed_in_as

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Line:
    """One of our terms (None: the company's own) with the company's words for it, if there are any."""

    term: Term | None
    entry: GlossaryEntry | None

    @property
    def key(self) -> str:
        return self.term.key if self.term else str(self.entry and self.entry.term)

    @property
    def label(self) -> str:
        return self.term.word if self.term else str(self.entry)


class WordsForm(forms.Form):
    """What the company calls a term; ``revision`` is that of the words as they were shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0, max_value=10**9)
    name = forms.CharField(label="You call it", max_length=LONGEST_NAME)
    meaning = forms.CharField(
        label="What you mean by it",
        max_length=LONGEST_MEANING,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@signed_in_as(*READERS)
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms, ours by the part of the product and the company's own after them."""
    entries = {entry.term: entry for entry in GlossaryEntry.objects.select_related("by")}
    groups = [(group.title, [Line(term, entries.get(term.key)) for term in group.terms]) for group in GROUPS]
    own = [Line(None, entry) for key, entry in entries.items() if key not in TERMS]
    context = {"groups": groups, "own": own, "may_name": may_name(person(request)), "named": len(entries)}
    return render(request, "alignment/glossary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def term(request: HttpRequest, term: str) -> HttpResponse:
    """The company's words for one term, to be changed."""
    entry = GlossaryEntry.objects.select_related("by").filter(term=term).first()
    if entry is None and term not in TERMS:
        raise Http404
    form = WordsForm(request.POST or None, initial=_initial(entry))
    if request.method != "POST" or not form.is_valid():
        return _page(request, term, entry, form)
    try:
        name_term(term=term, **form.cleaned_data, by=person(request), now=timezone.now())
    except Invalid as error:
        _show_problems(form, error)
        return _page(request, term, entry, form)
    except StaleEdit as error:
        again = WordsForm(_as_new(request, error.part.revision))
        again.add_error(None, error.message)
        return _page(request, term, error.part, again, saved=error.part, status=error.status)
    say(request, "Saved.")
    return redirect("alignment:glossary")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def new_term(request: HttpRequest) -> HttpResponse:
    """A term of the company's own."""
    form = WordsForm(request.POST or None, initial={"revision": 0})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            add_term(name=given["name"], meaning=given["meaning"], by=person(request), now=timezone.now())
        except Invalid as error:
            _show_problems(form, error)
        else:
            say(request, "Added.")
            return redirect("alignment:glossary")
    return _page(request, "", None, form)


@require_POST
@signed_in_as(*DRAFTERS)
def forget(request: HttpRequest, term: str) -> HttpResponse:
    """Remove the company's words for a term."""
    revision = request.POST.get("revision", "")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise Invalid("Open the term again: this form is not whole.")
    forget_term(term=term, revision=int(revision), by=person(request), now=timezone.now())
    say(request, "Removed.")
    return redirect("alignment:glossary")


def _page(
    request: HttpRequest,
    key: str,
    entry: GlossaryEntry | None,
    form: WordsForm,
    *,
    saved: GlossaryEntry | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {"key": key, "term": TERMS.get(key), "entry": entry, "form": form, "saved": saved}
    known = UNPROCESSABLE if form.is_bound else 200
    return render(request, "alignment/glossary_term.html", context, status=status or known)


def _initial(entry: GlossaryEntry | None) -> dict[str, object]:
    if entry is None:
        return {"revision": 0}
    return {"revision": entry.revision, "name": entry.name, "meaning": entry.meaning}


def _as_new(request: HttpRequest, revision: int) -> dict[str, str]:
    """What was typed, over the words that were saved meanwhile."""
    return {**{name: request.POST.get(name, "") for name in ("name", "meaning")}, "revision": str(revision)}


def _show_problems(form: forms.Form, error: Invalid) -> None:
    for problem in error.problems:
        form.add_error(problem.where if problem.where in form.fields else None, problem.message)
