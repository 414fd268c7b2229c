"""Routing: the rules that deal leads, the reps they are dealt to, and one lead tried."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.toasts import say
from feedback.access import REP_EDITORS, ROUTING_EDITORS, ROUTING_READERS, get_rule
from feedback.forms.routing import RuleForm
from feedback.models import RoutingRule
from feedback.querysets import to_be_dealt
from feedback.routing import load_rules
from feedback.routing.page import leftovers, rep_lines, rule_lines
from feedback.services import routing
from rules.builder import ACTION, BuilderError, BuilderState
from rules.errors import RuleError
from rules.fields import Use
from users.access import person, signed_in_as

PREFIX = "condition"
LABEL = "Leads for which"


@require_safe
@signed_in_as(*ROUTING_READERS)
def page(request: HttpRequest) -> HttpResponse:
    """The rules with how many leads each decides on, and all reps."""
    now, viewer = timezone.now(), person(request)
    rules = load_rules()
    counts = rules.counts(now=now)
    context = {
        "rules": rule_lines(rules, counts),
        "at_work": len(rules.at_work),
        "unmatched": None if counts is None else counts[None],
        "waiting": to_be_dealt(now).count(),
        "reps": rep_lines(now=now),
        "leftovers": leftovers(),
        "may_edit": viewer.role in ROUTING_EDITORS,
        "may_set_reps": viewer.role in REP_EDITORS,
    }
    return render(request, "feedback/routing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*ROUTING_EDITORS)
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a rule, or change one."""
    row = get_rule(person(request), pk) if pk is not None else None
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(row))
    if request.method != "POST":
        return _rule_page(request, row, form, _builder(row))
    builder = BuilderState.from_post(request.POST, PREFIX, Use.ROUTING, label=LABEL)
    if builder.apply(request.POST.get(ACTION, "")):
        form = RuleForm(initial=_typed(request.POST))
        return _rule_page(request, row, form, builder)
    try:
        condition = builder.tree_or_none()
        if form.is_valid():
            saved = _save(request, row, form, condition)
            say(request, f"The rule “{saved.name}” is saved and at work.")
            return redirect("feedback:routing")
    except BuilderError:  # each problem stands at its input
        form.is_valid()
    except ApplicationError as error:
        add_problems(form, error)
        return _rule_page(request, row, form, builder, status=error.status if error.status == 409 else 422)
    return _rule_page(request, row, form, builder, status=422)


def _save(
    request: HttpRequest, row: RoutingRule | None, form: RuleForm, condition: dict[str, Any] | None
) -> RoutingRule:
    content, by = form.content(condition), person(request)
    if row is None:
        return routing.add_rule(content=content, by=by)
    revision = form.cleaned_data["revision"] or 0
    return routing.change_rule(rule=row, content=content, revision=revision, by=by)


def _builder(row: RoutingRule | None) -> BuilderState:
    tree = None if row is None or row.condition == {"all": []} else row.condition
    try:
        return BuilderState.from_tree(tree, Use.ROUTING, PREFIX, label=LABEL)
    except RuleError:  # nothing of it can be shown: it is written anew
        return BuilderState.from_tree(None, Use.ROUTING, PREFIX, label=LABEL)


def _typed(post: QueryDict) -> dict[str, Any]:
    """What was typed besides the condition, while its buttons are pressed without JavaScript."""
    return {name: post.get(name, "") for name in RuleForm.base_fields}


def _rule_page(
    request: HttpRequest, row: RoutingRule | None, form: RuleForm, builder: BuilderState, *, status: int = 200
) -> HttpResponse:
    context = {"rule": row, "form": form, "builder": builder}
    return render(request, "feedback/routing_rule.html", context, status=status)


@require_POST
@signed_in_as(*ROUTING_EDITORS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up (``to=up``) or down."""
    row = get_rule(person(request), pk)
    routing.move_rule(rule=row, is_up=request.POST.get("to") == "up", by=person(request))
    return redirect("feedback:routing")


@require_POST
@signed_in_as(*ROUTING_EDITORS)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a rule decide (``on=1``), or not for now."""
    row = routing.switch_rule(
        rule=get_rule(person(request), pk), is_on=request.POST.get("on") == "1", by=person(request)
    )
    say(request, f"“{row.name}” decides again." if row.is_on else f"“{row.name}” is switched off.")
    return redirect("feedback:routing")


@require_POST
@signed_in_as(*ROUTING_EDITORS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule; leads keep their owners."""
    row = get_rule(person(request), pk)
    routing.delete_rule(rule=row, by=person(request))
    say(request, f"The rule “{row.name}” is deleted. Leads keep their owners.")
    return redirect("feedback:routing")
