"""Django's entry to the app; what it offers the other apps is registered in ``ready``."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from core import pulse  # noqa: F401 - the watch begins with the process, not with its first page
