"""Django's entry to the app; what it offers the other apps is registered in ``ready``."""

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"
    verbose_name = "Alignment"
