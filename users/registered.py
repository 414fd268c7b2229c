"""What people and the organisation offer the frame: navigation, first pages, steps of the set-up."""

from django.http import HttpRequest

from core.hooks import LandingPage, NavItem, SetupStep, hooks
from users.models import MANAGERS, Organisation, Role, User
from users.organisation import organisation_of

NEEDED = (Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.REP)
ADMINS = frozenset({Role.ADMIN})


def register() -> None:
    hooks.navigation += [
        NavItem("Set up Bantam", "users:set_up", ADMINS | MANAGERS, 1, icon="flag", is_shown=is_set_up_open),
        NavItem("People", "users:people", ADMINS, 80, key="p", icon="people"),
        NavItem("Settings", "users:organisation", ADMINS, 90, key="e", icon="settings"),
    ]
    hooks.landing.append(LandingPage(Role.ADMIN, "users:people"))
    hooks.setup += [
        SetupStep(
            "Company, time zone and currency",
            "users:organisation",
            10,
            is_organisation_confirmed,
            "Say what the company is called, and in which zone and currency it counts.",
        ),
        SetupStep(
            "People",
            "users:people",
            20,
            are_people_there,
            "Invite at least a marketing manager, a sales manager and a sales rep.",
        ),
    ]


def is_set_up_open(request: HttpRequest) -> bool:
    """Whether the set-up was not finished yet."""
    return organisation_of(request).set_up_at is None


def is_organisation_confirmed() -> bool:
    return Organisation.objects.filter(pk=1, is_confirmed=True).exists()


def are_people_there() -> bool:
    """Whether both sides can sign and somebody can work leads."""
    there = User.objects.filter(is_active=True, role__in=NEEDED).values_list("role", flat=True).distinct()
    return set(there) == set(NEEDED)
