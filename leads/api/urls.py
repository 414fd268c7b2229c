"""Addresses of leads and activities in the API."""

from django.urls import path

from leads.api import views

urlpatterns = [
    path("leads/", views.LeadsView.as_view(), name="api-leads"),
    path("leads/batch/", views.LeadBatchView.as_view(), name="api-leads-batch"),
    path("leads/<int:pk>/", views.LeadView.as_view(), name="api-lead"),
    path("activities/batch/", views.ActivityBatchView.as_view(), name="api-activities-batch"),
]
