"""Whether mail reaches anybody."""

from django.conf import settings

SHOWN_ONLY = ("console", "dummy", "filebased")


def is_mail_delivered() -> bool:
    """False while no mail server is set: then mail is only printed, and links must be passed on by hand."""
    return not any(f".{kind}." in settings.EMAIL_BACKEND for kind in SHOWN_ONLY)
