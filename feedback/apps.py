"""Django's entry to the app; what it offers the other apps is registered in ``ready``."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from feedback import fields, registered

        fields.register()
        registered.register_queue()
        registered.register_routing()
        registered.register_notices()
        registered.register_reports()
        registered.register_content()
        registered.register_hindsight()
