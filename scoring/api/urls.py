"""Addresses of scores in the API."""

from django.urls import path

from scoring.api.overriding import OverrideView
from scoring.api.views import ScoreView

urlpatterns = [
    path("scores/<int:pk>/", ScoreView.as_view(), name="api-score"),
    path("leads/<int:pk>/override/", OverrideView.as_view(), name="api-override"),
]
