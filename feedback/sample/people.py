"""Who works at the sample company, by which hours, and the agreement that both teams signed."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from alignment.models import Version
from alignment.services import propose, sign, start_definition
from alignment.shipped import BANT
from feedback.business_time import Interval
from feedback.models import WorkingCalendar
from feedback.sample.plan import Plan
from feedback.services.calendars import CalendarContent, save_calendar, set_team_hours
from feedback.services.company_days import add_company_holiday
from feedback.services.reps import RepTerms, set_rep
from scoring.services import activate_due, build_range, finish_build, log_activation_range
from scoring.services.logging import finish_logging
from users.models import Role, Team, User
from users.services import add_person, change_organisation, create_team, finish_set_up

DEMO_PASSWORD = "bantam-demo"  # noqa: S105 - public: it opens nothing but made-up data
NAME, ZONE, CURRENCY, DOMAIN = "Feldmark Planning", "Europe/Berlin", "EUR", "feldmark.example"
BERLIN, LONDON = "Team Berlin", "Team London"
STAFF = (
    ("Ines Brandt", Role.ADMIN),
    ("Marta Lorenz", Role.MARKETING_MANAGER),
    ("Samuel Greene", Role.SALES_MANAGER),
    ("Miriam Adler", Role.MEDIATOR),
    ("Erik Sandberg", Role.EXECUTIVE),
    ("Jonas Hartwig", Role.MARKETER),
    ("Leila Haddad", Role.MARKETER),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a rep works: ``pace`` is the usual time to answer (1 is the house's), ``strictness`` in
    log-odds against accepting, ``forgets`` the share of leads that slip away."""

    name: str
    team: str
    pace: float
    strictness: float
    forgets: float


HABITS = (
    Habit("Robert Keller", BERLIN, 0.75, 0.0, 0.02),
    Habit("Sabine Vogt", BERLIN, 0.9, 0.3, 0.03),
    Habit("Timo Arslan", BERLIN, 1.25, -0.2, 0.06),
    Habit("Nadja Wolters", BERLIN, 1.0, 0.1, 0.03),
    Habit("Grace Whitfield", LONDON, 0.7, -0.1, 0.01),
    Habit("Owen Prichard", LONDON, 1.7, 0.5, 0.1),
    Habit("Amira Nasser", LONDON, 1.05, 0.0, 0.04),
    Habit("Lewis Marlow", LONDON, 1.4, -0.3, 0.07),
)
MORNING, AFTERNOON, SHORT = (dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)), (dt.time(13), dt.time(16))
ENGLISH: tuple[Interval, ...] = ((dt.time(9), dt.time(12, 30)), (dt.time(13, 30), dt.time(17, 30)))


@dataclass(frozen=True, slots=True)
class House:
    """The people by their part; ``habits`` by the rep's id."""

    admin: User
    marketing: User
    sales: User
    marketer: User
    reps: dict[int, User]
    habits: dict[int, Habit]


def address(name: str) -> str:
    """The e-mail address with which somebody signs in."""
    return f"{name.split()[0].lower()}@{DOMAIN}"


def found(plan: Plan) -> House:
    """Make the organisation, its people, teams and calendars, some weeks before anything is agreed."""
    now = plan.live_at - dt.timedelta(days=12)
    staff = {name: _join(name, role, None, now) for name, role in STAFF}
    first = {role: person for person in reversed(staff.values()) for role in [person.role]}
    admin = first[Role.ADMIN]
    change_organisation(name=NAME, zone=ZONE, currency=CURRENCY, by=admin, now=now, is_sure=True)
    teams = {name: create_team(name=name, by=admin, now=now) for name in (BERLIN, LONDON)}
    reps = {}
    for habit in HABITS:
        person = add_person(
            email=address(habit.name),
            name=habit.name,
            role=Role.REP,
            team=teams[habit.team],
            password=None,
            by=admin,
            now=now,
            zone="Europe/London" if habit.team == LONDON else "",
        )
        reps[person.pk] = person
    # One hash for all: hashing is slow by design, and sixteen times the same public password.
    User.objects.update(password=make_password(DEMO_PASSWORD))
    _set_hours(plan, reps, by=first[Role.SALES_MANAGER], now=now)
    return House(
        admin=admin,
        marketing=first[Role.MARKETING_MANAGER],
        sales=first[Role.SALES_MANAGER],
        marketer=first[Role.MARKETER],
        reps=reps,
        habits=dict(zip(reps, HABITS, strict=True)),
    )


def _join(name: str, role: str, by: User | None, now: dt.datetime) -> User:
    return add_person(email=address(name), name=name, role=role, team=None, password=None, by=by, now=now)


def _set_hours(plan: Plan, reps: dict[int, User], *, by: User, now: dt.datetime) -> None:
    week = {**dict.fromkeys(range(4), (MORNING, AFTERNOON)), 4: (MORNING, SHORT)}
    berlin = _calendar("Berlin office", ZONE, ("DE", "BE"), week)
    save_calendar(calendar=None, content=berlin, by=by, now=now)
    london = _calendar("London office", "Europe/London", ("GB", "ENG"), dict.fromkeys(range(5), ENGLISH))
    english: WorkingCalendar = save_calendar(calendar=None, content=london, by=by, now=now)
    set_team_hours(team=Team.objects.get(name=LONDON), calendar=english, by=by, now=now)
    for year in (plan.now.year - 1, plan.now.year):
        for day, label in CLOSED:
            add_company_holiday(day=dt.date(year, 12, day), label=label, by=by, now=now)
    for rep in reps.values():
        set_rep(rep=rep, terms=RepTerms(), by=by, now=now)


CLOSED = ((24, "Christmas Eve"), (31, "New Year's Eve"))


def _calendar(
    name: str,
    zone: str,
    holidays_of: tuple[str, str],
    week: Mapping[int, Sequence[Interval]],
) -> CalendarContent:
    country, region = holidays_of
    return CalendarContent(name=name, zone=zone, country=country, region=region, week=week, days_off={})


def agree(house: House, plan: Plan) -> Version:
    """Put the shipped definition to both sides and have both managers sign it, days before it goes live."""
    days, document = dt.timedelta(days=1), BANT.document
    draft = start_definition(
        name=document.name, document=document, by=house.marketer, now=plan.live_at - 10 * days
    )
    version = propose(
        version_id=draft.pk,
        revision=draft.revision,
        reason=document.reason,
        by=house.marketer,
        now=plan.live_at - 6 * days,
        activate_at=plan.live_at,
    )
    sign(version_id=version.pk, by=house.marketing, now=plan.live_at - 3 * days)
    sign(version_id=version.pk, by=house.sales, now=plan.live_at - 2.9 * days)
    return version


def go_live(plan: Plan, now: dt.datetime, say: Callable[[str], None]) -> None:
    """Judge all leads under the agreement, as a worker does."""
    activate_due(now=now)
    ranges = 0
    while build_range(now=now):
        ranges += 1
        if ranges % 10 == 0:
            say(f"  judged {ranges} ranges of leads")
    finish_build(now=now)
    while log_activation_range(now=now):
        pass
    finish_logging()


def finish(house: House, plan: Plan) -> None:
    """The set-up is done: nobody is reminded of it."""
    finish_set_up(by=house.admin, now=plan.live_at)
