"""The criteria of a draft: the form of one, and the small actions of the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.access import DRAFTERS, get_draft
from alignment.criteria import CriterionValues, values_of
from alignment.effects import Effect, differences, effect_of
from alignment.forms.criterion import (
    ACTIVITY,
    CriterionForm,
    builder_of,
    builder_posted,
    choice_of,
    initial_of,
)
from alignment.models import Criterion, Dimension, Version
from alignment.services.editing import PartGone, criteria, digest
from alignment.services.locking import StaleEdit
from core.errors import Conflict, Invalid
from core.toasts import say
from rules.builder import ACTION, ActivityChoice, BuilderState
from users.access import person, signed_in_as

UNPROCESSABLE = 422
NEW_POINTS = 5
NOT_SAVED = "Some values can’t be saved."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a new criterion, in the dimension that ``?dimension=`` names."""
    draft = _draft(request, pk)
    if request.method == "POST":
        return _save(request, draft, None)
    asked = request.GET.get("dimension", "")
    dimension = asked if asked in Dimension.values else Dimension.BUDGET
    return _form(request, draft, None, Typed.of(_new(dimension)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def criterion(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The form of one criterion."""
    draft = _draft(request, pk)
    if request.method == "POST":
        return _save(request, draft, key)
    row = draft.criteria.filter(key=key).first()
    if row is None:
        raise Http404("This criterion is gone.")
    return _form(request, draft, key, Typed.of(values_of(row), seen=digest(row)))


@require_POST
@signed_in_as(*DRAFTERS)
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What the form says so far: the sentence, the leads it matches, and what is left with age."""
    _draft(request, pk)
    said = Typed.posted(request.POST).effect(now=timezone.now())
    return render(request, "alignment/_effect.html", {"effect": said})


@require_POST
@signed_in_as(*DRAFTERS)
def points(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Change the points of a criterion in the list."""
    draft = _draft(request, pk)
    given = request.POST.get("points", "").strip().replace("−", "-")
    try:
        value = int(given[:10])
    except ValueError:
        value = 1_000  # refused by the service in the same words
    seen = request.POST.get("seen_points")
    criteria.set_points(
        version_id=draft.pk, key=key, points=value, seen=seen, by=person(request), now=timezone.now()
    )
    return to_editor(draft, key, "points")


@require_POST
@signed_in_as(*DRAFTERS)
def switch(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Let a criterion count, or not."""
    draft = _draft(request, pk)
    is_on = request.POST.get("is_on") == "1"
    criteria.switch_criterion(
        version_id=draft.pk, key=key, is_on=is_on, by=person(request), now=timezone.now()
    )
    return to_editor(draft, key, "switch")


@require_POST
@signed_in_as(*DRAFTERS)
def copy(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Put a copy behind a criterion."""
    draft = _draft(request, pk)
    made = criteria.copy_criterion(version_id=draft.pk, key=key, by=person(request), now=timezone.now())
    return to_editor(draft, made.key)


@require_POST
@signed_in_as(*DRAFTERS)
def move(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Put a criterion elsewhere: ``to`` is ``dimension:key of the one behind it``, else ``dimension``."""
    draft = _draft(request, pk)
    dimension, _, before = request.POST.get("to", request.POST.get("dimension", "")).partition(":")
    criteria.move_criterion(
        version_id=draft.pk,
        key=key,
        dimension=dimension,
        before=before or None,
        by=person(request),
        now=timezone.now(),
    )
    return to_editor(draft, key)


@require_POST
@signed_in_as(*DRAFTERS)
def delete(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Delete a criterion; undo brings it back."""
    draft = _draft(request, pk)
    seen = request.POST.get("seen")
    criteria.remove_criterion(version_id=draft.pk, key=key, seen=seen, by=person(request), now=timezone.now())
    return to_editor(draft, on="undo")


def to_editor(draft: Version, key: str = "", on: str = "") -> HttpResponse:
    """Back to the editor, at the criterion ``key``; ``on`` names its part that takes the focus."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("at", key), ("on", on)) if value})
    address = reverse("alignment:edit", args=[draft.pk])
    anchor = f"#criterion-{key}" if key else ""
    return HttpResponseRedirect(f"{address}{'?' if query else ''}{query.urlencode()}{anchor}")


@dataclass(slots=True)
class Typed:
    """A criterion as it is typed: the form, and both ways in which it may count."""

    form: CriterionForm
    builder: BuilderState
    activity: ActivityChoice
    shown: CriterionValues

    @classmethod
    def of(cls, values: CriterionValues, *, seen: str = "") -> Self:
        """The form that shows ``values``."""
        form = CriterionForm(initial=initial_of(values) | {"seen": seen})
        return cls(form, builder_of(values), choice_of(values), values)

    @classmethod
    def posted(cls, post: QueryDict) -> Self:
        """The form as it was sent."""
        form = CriterionForm(post)
        return cls(form, builder_posted(post), ActivityChoice.from_post(post, ACTIVITY), form.readable())

    def effect(self, *, now: datetime) -> Effect:
        """What it means so far."""
        return effect_of(self.shown, self.activity if self.form.counts_activities else self.builder, now=now)

    def values(self) -> CriterionValues:
        """What was typed; Invalid without problems, as all of them stand at their inputs then."""
        is_valid = self.form.is_valid()
        try:
            self.activity.match() if self.form.counts_activities else self.builder.tree()
        except Invalid:
            is_valid = False
        if not is_valid:
            raise Invalid(NOT_SAVED)
        return self.form.values(self.builder, self.activity)


def _new(dimension: str) -> CriterionValues:
    return CriterionValues(label="", dimension=dimension, points=NEW_POINTS)


def _draft(request: HttpRequest, pk: int) -> Version:
    draft = get_draft(person(request), pk)
    if not draft.is_editable:
        raise Conflict(f"Version {draft.number} is no draft any more: nothing of it can be changed.")
    return draft


def _save(request: HttpRequest, draft: Version, key: str | None) -> HttpResponse:
    typed = Typed.posted(request.POST)
    if typed.builder.apply(request.POST.get(ACTION, "")):
        fields = {name: request.POST.get(name, "") for name in CriterionForm.base_fields}
        typed.form = CriterionForm(initial=fields)  # shown, and not judged yet
        return _form(request, draft, key, typed)
    try:
        values = typed.values()
        seen = typed.form.cleaned_data["seen"] or None
        saved = criteria.put_criterion(
            version_id=draft.pk, key=key, values=values, seen=seen, by=person(request), now=timezone.now()
        )
    except StaleEdit as error:
        return _stale(request, draft, typed, error)
    except PartGone as error:
        typed.form.add_error(None, f"{error.message} Save it again to add it as a new one.")
        return _form(request, draft, None, typed, status=error.status)
    except Invalid as error:
        typed.form.add_problems(error.problems)
        return _form(request, draft, key, typed, status=UNPROCESSABLE)
    say(request, f"“{saved.label}” is saved." if key else f"“{saved.label}” is added.")
    return to_editor(draft, saved.key)


def _stale(request: HttpRequest, draft: Version, typed: Typed, error: StaleEdit) -> HttpResponse:
    """Nobody's work is lost: what was typed stays, with what was saved meanwhile beside it."""
    row: Criterion = error.part
    mine = typed.form.values(typed.builder, typed.activity)
    post = request.POST.copy()
    post["seen"] = digest(row)
    again = Typed.posted(post)
    again.form.add_error(None, error.message)
    return _form(
        request, draft, row.key, again, status=error.status, differing=differences(mine, values_of(row))
    )


def _form(
    request: HttpRequest, draft: Version, key: str | None, typed: Typed, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """The form as a page, or as a fragment for the drawer: htmx swaps in what comes with 200 or 422 only."""
    is_fragment = "HX-Request" in request.headers
    if is_fragment and not key and status < 400:
        typed.form.fields["label"].widget.attrs["data-focus-after-swap"] = True
    name = "alignment:criterion" if key else "alignment:criteria"
    context = {
        "version": draft,
        "key": key or "",
        "title": typed.form["label"].value() if key else "New criterion",
        "form": typed.form,
        "builder": typed.builder,
        "activity": typed.activity.drawn,
        "action": reverse(name, args=[draft.pk, key] if key else [draft.pk]),
        "is_refused": status >= 400,
        "effect": None if is_fragment else typed.effect(now=timezone.now()),
        **extra,
    }
    template = "alignment/_criterion_form.html" if is_fragment else "alignment/criterion.html"
    shown = UNPROCESSABLE if is_fragment and status >= 400 else status
    return render(request, template, context, status=shown)
