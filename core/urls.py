"""Addresses of no app."""

from django.conf import settings
from django.urls import path

from core import views
from core.styleguide import styleguide

urlpatterns = [path("healthz", views.healthz, name="healthz")]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
