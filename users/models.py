"""People, their roles and teams, and the organisation they work for."""

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken


class Role(models.TextChoices):
    """What a person does here; each role has its own first page and sees only what it may."""

    MARKETER = "marketer", "Marketer"
    MARKETING_MANAGER = "marketing_manager", "Marketing manager"
    REP = "rep", "Sales rep"
    SALES_MANAGER = "sales_manager", "Sales manager"
    MEDIATOR = "mediator", "Mediator"
    EXECUTIVE = "executive", "Executive"
    ADMIN = "admin", "Admin"


MARKETING = frozenset({Role.MARKETER, Role.MARKETING_MANAGER})
SALES = frozenset({Role.REP, Role.SALES_MANAGER})
MANAGERS = frozenset({Role.MARKETING_MANAGER, Role.SALES_MANAGER})


def check_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is a zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone; pick one such as Europe/Berlin.")


class Organisation(models.Model):
    """The company that runs Bantam: one row. Its zone counts days, weeks and decay."""

    name = models.CharField(max_length=120, blank=True)
    zone = models.CharField("time zone", max_length=60, default="UTC", validators=[check_zone])
    currency = models.CharField(max_length=3, default="EUR")
    is_confirmed = models.BooleanField(default=False, help_text="Name, zone and currency were confirmed.")
    set_up_at = models.DateTimeField(
        null=True, blank=True, help_text="When every step of the set-up was done."
    )
    setup_nonce = models.CharField(
        max_length=64, blank=True, editable=False, help_text="What the link of the first run is signed over."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="organisation_is_one_row")]

    def __str__(self) -> str:
        return self.name or "Your company"

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    @classmethod
    def current(cls) -> "Organisation":
        """The one organisation; made with defaults on first use."""
        return cls.objects.get_or_create(pk=1)[0]


class Team(models.Model):
    """Reps who share a pool of leads and a manager's view."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def fold_email(email: str) -> str:
    """An address as it is stored and compared: lower case, without space around it."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Users are found by their e-mail address, folded to lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create and save a person; a missing password means that they can't sign in yet."""
        user = self.model(email=fold_email(email), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an admin, as ``manage.py createsuperuser`` does."""
        fields.setdefault("name", email.partition("@")[0])
        return self.create_user(email, password, role=Role.ADMIN, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=fold_email(username or ""))


class User(AbstractBaseUser):
    """A person who signs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role, default=Role.REP)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    zone = models.CharField(
        "time zone",
        max_length=60,
        blank=True,
        validators=[check_zone],
        help_text="Empty: the company's zone.",
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    reset_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When a link to reset the password was last sent."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.REP) | models.Q(team__isnull=False), name="rep_has_a_team"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the Django admin lets this person in: admins only."""
        return self.is_active and self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Only the Django admin asks; every other page asks the ``access`` module of its app."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    @property
    def is_marketing(self) -> bool:
        return self.role in MARKETING

    @property
    def is_sales(self) -> bool:
        return self.role in SALES


class Invitation(models.Model):
    """A link that lets one colleague join, once, until it expires. Only the hash of the link is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.REP) | models.Q(team__isnull=False),
                name="invited_rep_has_a_team",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_is_lower"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_is_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Neither accepted nor withdrawn; it may have expired, and can then be sent anew."""
        return self.accepted_at is None and self.withdrawn_at is None

    def is_usable(self, *, now: datetime) -> bool:
        return self.is_open and now < self.expires_at


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # knox publishes no types
    """A key with which a program acts as its owner. Kept as a hash; shown once, when it is made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["ApiToken"]] = models.Manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return self.name
