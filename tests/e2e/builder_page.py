"""A page with nothing but a condition builder, for the tests in the browser: it says what was saved."""

import json

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import urlpatterns as product
from rules.builder import ACTION, BuilderError, BuilderState
from rules.fields import Use
from users.access import signed_in_as

PAGE = """{% extends "layout/base.html" %}
{% block title %}Builder{% endblock %}
{% block head %}{% include "rules/head.html" %}{% endblock %}
{% block content %}
  <div class="panel"><form class="panel-body form" method="post">
    {% csrf_token %}
    {% include "rules/builder.html" with builder=state %}
    <div class="form-foot"><button class="btn btn-primary">Save</button></div>
  </form></div>
  <pre id="saved">{{ saved }}</pre>
{% endblock %}"""


@signed_in_as()
def page(request: HttpRequest) -> HttpResponse:
    """The builder; ``?tree=`` is the condition it begins with."""
    saved = ""
    if request.method == "POST":
        state = BuilderState.from_post(request.POST, "condition", Use.CRITERION)
        if not state.apply(request.POST.get(ACTION, "")):
            try:
                saved = json.dumps(state.tree())
            except BuilderError as error:
                saved = error.message
    else:
        tree = json.loads(request.GET.get("tree", "null"))
        state = BuilderState.from_tree(tree, Use.CRITERION)
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"state": state, "saved": saved}, request))


urlpatterns = [path("builder-page/", page), *product]
