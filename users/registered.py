"""What people and the organisation offer the frame: navigation, first pages, steps of the set-up."""

from django.http import HttpRequest

from core.display import listed
from core.hooks import LandingPage, NavItem, SetupStep, hooks
from users.models import MANAGERS, Organisation, Role, User
from users.organisation import organisation_of

NEEDED = (Role.MARKETING_MANAGER, Role.REP, Role.SALES_MANAGER)
ADMINS = frozenset({Role.ADMIN})


def register() -> None:
    hooks.navigation += [
        NavItem("Set up Bantam", "users:set_up", ADMINS | MANAGERS, 1, icon="flag", is_shown=is_set_up_open),
        NavItem("People", "users:people", ADMINS, 80, key="p", icon="people"),
        NavItem("Settings", "users:organisation", ADMINS, 90, key="e", icon="settings"),
    ]
    hooks.landing.append(LandingPage(Role.ADMIN, "users:people"))
    hooks.setup += [
        SetupStep("Company, time zone and currency", "users:organisation", 10, missing_company),
        SetupStep("People", "users:people", 20, missing_people),
    ]


def is_set_up_open(request: HttpRequest) -> bool:
    """Whether the set-up was not finished yet."""
    return organisation_of(request).set_up_at is None


def missing_company() -> str:
    """What to say of the company, until its name, zone and currency were confirmed."""
    if Organisation.objects.filter(pk=1, is_confirmed=True).exists():
        return ""
    return "Say what the company is called, and in which zone and currency it counts."


def missing_people() -> str:
    """Whom to invite, so that both sides can sign and somebody can work leads."""
    there = set(User.objects.filter(is_active=True, role__in=NEEDED).values_list("role", flat=True))
    wanted = [f"a {role.label.lower()}" for role in NEEDED if role not in there]
    return f"Invite {listed(wanted)}." if wanted else ""
