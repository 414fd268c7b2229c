"""How people and teams are told: each person's wishes for mail, and the channels of Slack and Teams."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from users.models import Team


class NoticeSettings(models.Model):
    """A person's wishes; without a row mails go out at once. Times are of the person's zone.

    Between ``quiet_from`` and ``quiet_until``, which may pass midnight, mails wait for the end.
    """

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day, all together"
        NEVER = "never", "Never: I look here"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings"
    )
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.AT_ONCE)
    daily_at = models.TimeField(default="08:00")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "notice settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mail_display()}"


class Channel(models.Model):
    """A channel of Slack or Teams that hears what the sales managers of a team (none: of all) are told."""

    class Shape(models.TextChoices):
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"

    name = models.CharField(max_length=80, unique=True)
    shape = models.CharField(max_length=10, choices=Shape)
    address = models.CharField(max_length=500, help_text="Of its webhook; whoever knows it can write there.")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="channels")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """Where it is, without the secret part of the address."""
        return self.address.split("/")[2] if self.address.count("/") > 1 else ""
