"""Rows that every app writes, as the audit log and the outbox, and the pulse of the background work."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One change: who did what to which row, when. Names fields and ids, holds no personal values."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["target_type", "target_id", "-id"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id or ''}".strip()


class AuditValue(models.Model):
    """A personal value before and after a change; erasing a person deletes these rows only."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.CASCADE, related_name="values")
    field = models.CharField(max_length=80)
    before = models.TextField(null=True)
    after = models.TextField(null=True)

    def __str__(self) -> str:
        return self.field


class Erasing(models.Model):
    """An erasure under way: the transaction that sees this row may change history (``core.erasing``).

    It is gone before the commit, so that nobody else ever sees one.
    """

    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Erasing since {self.at}"


class OutboxMessage(models.Model):
    """A message to be sent after the commit that wrote it; sending is a task of its own.

    ``key`` makes a repeat harmless: the same key is written once. An e-mail goes ``to`` a person, a message
    to a channel to the ``address`` of its webhook, and its ``body`` is the link in it. Messages that may be
    folded (``is_folded``) go out as one where several wait for the same receiver.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.EMAIL)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.CharField(max_length=500, blank=True)
    is_folded = models.BooleanField(default=False)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["send_after"], name="outbox_unsent", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["-sent_at"], name="outbox_folded", condition=models.Q(is_folded=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel="email", to__isnull=False, address="")
                | (~models.Q(channel="email") & ~models.Q(address="")),
                name="message_has_a_receiver",
            )
        ]

    def __str__(self) -> str:
        return self.key


class Pulse(models.Model):
    """One row: when a worker last did what beat had told it to, through the broker (``core.pulse``)."""

    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="pulse_is_one_row")]

    def __str__(self) -> str:
        return f"Pulse at {self.at}"


class IdempotentRequest(models.Model):
    """A write that came with an ``Idempotency-Key``, and how it was answered; kept for a day.

    ``status`` is 0 until it is answered, which nobody outside the writing transaction sees.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key", "method", "path"], name="idempotency_key_names_one_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
