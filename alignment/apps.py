"""Django's entry to the app; what it offers the other apps is registered in ``ready``."""

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"
    verbose_name = "Alignment"

    def ready(self) -> None:
        from alignment.registered import register  # models are ready only now

        register()
