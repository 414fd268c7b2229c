"""Addresses of scoring below those of a lead."""

from django.urls import path

from scoring.views import steps

app_name = "steps"

urlpatterns = [path("<int:pk>/next-step/", steps.next_step, name="next")]
