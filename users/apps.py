"""Django's entry to the app; what it offers the other apps is registered in ``ready``."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = "People"

    def ready(self) -> None:
        from users import authentication, registered  # noqa: F401 - they need the models

        registered.register()
