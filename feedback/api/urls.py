"""Addresses of handoffs in the API."""

from django.urls import path

from feedback.api import views

urlpatterns = [
    path("handoffs/", views.HandoffsView.as_view(), name="api-handoffs"),
    path("handoffs/<int:pk>/", views.HandoffView.as_view(), name="api-handoff"),
    path("handoffs/<int:pk>/attempts/", views.AttemptsView.as_view(), name="api-attempts"),
    path("handoffs/<int:pk>/pause/", views.PauseView.as_view(), name="api-pause"),
    path("handoffs/<int:pk>/resume/", views.ResumeView.as_view(), name="api-resume"),
    path("handoffs/<int:pk>/decision/", views.DecisionView.as_view(), name="api-decision"),
    path("handoffs/<int:pk>/outcome/", views.OutcomeView.as_view(), name="api-outcome"),
]
