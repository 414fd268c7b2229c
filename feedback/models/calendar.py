"""Working time: when a rep is expected to answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leads.countries import country_name
from users.models import Team, check_zone


class WorkingCalendar(models.Model):
    """Weekly working intervals in a zone, less public holidays and the calendar's own days off."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField("time zone", max_length=60, validators=[check_zone])
    country = models.CharField(max_length=2, blank=True, help_text="Public holidays of this country.")
    region = models.CharField(max_length=10, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_calendar_is_the_default"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holidays_of(self) -> str:
        """Whose public holidays are days off: ``Germany, BE``; "" if nobody's."""
        return ", ".join(filter(None, (country_name(self.country), self.region)))


class CalendarInterval(models.Model):
    """Working hours on a weekday (0 = Monday); several a day leave a lunch break."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_0_to_6"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="interval_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class CalendarDay(models.Model):
    """A day off that is not a public holiday."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days_off")
    day = models.DateField()
    label = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="day_off_once_a_calendar")]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"


class CompanyHoliday(models.Model):
    """A day on which nobody in the company works, whatever their calendar says."""

    day = models.DateField(unique=True)
    label = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"


class TeamHours(models.Model):
    """By which calendar the reps of a team work who have none of their own."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="hours")
    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        verbose_name_plural = "team hours"

    def __str__(self) -> str:
        return f"{self.team}: {self.calendar}"


class RepSettings(models.Model):
    """A rep's calendar (else their team's, else the default one) and how many new leads may come.

    ``capacity`` is of undecided leads, None the one of the house; ``per_day`` and ``per_week`` None: no
    limit. A new starter's capacity grows evenly over ``ramp_weeks`` from ``ramp_from`` on.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rep_settings"
    )
    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, null=True, blank=True)
    is_away = models.BooleanField(default=False)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    ramp_from = models.DateField(null=True, blank=True)
    ramp_weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "rep settings"
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="weight_is_at_least_1"),
            models.CheckConstraint(
                condition=Q(ramp_from=None, ramp_weeks=None)
                | Q(ramp_from__isnull=False, ramp_weeks__isnull=False, ramp_weeks__gte=1),
                name="ramp_has_a_start_and_weeks",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
