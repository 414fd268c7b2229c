"""Addresses of the agreement in the API."""

from django.urls import path

from alignment.api.views import DefinitionView, VersionView

urlpatterns = [
    path("definition/", DefinitionView.as_view(), name="api-definition"),
    path("versions/<int:pk>/", VersionView.as_view(), name="api-version"),
]
