"""Where the API stands: each app brings its own addresses."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from core.api.views import SchemaView, UnknownView, docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("v1/", include("users.api.urls")),
    path("v1/", include("leads.api.urls")),
    path("v1/", include("alignment.api.urls")),
    path("v1/", include("scoring.api.urls")),
    path("v1/", include("feedback.api.urls")),
    re_path("", UnknownView.as_view()),
]
