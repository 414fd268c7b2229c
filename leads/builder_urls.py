"""Addresses of the condition builder."""

from django.urls import path

from leads.views import counting

app_name = "rules"
urlpatterns = [
    path("builder/", counting.builder, name="builder"),
    path("said/", counting.said, name="said"),
    path("values/", counting.common, name="values"),
]
