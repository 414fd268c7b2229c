"""Addresses of people, sign-in and the first run."""

from django.contrib.auth.views import LoginView
from django.urls import path

app_name = "users"
urlpatterns = [
    path("sign-in/", LoginView.as_view(), name="sign_in"),
]
