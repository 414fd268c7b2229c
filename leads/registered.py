"""What leads offer the other apps and the frame: fields, screens, the step of the first run."""

from core.hooks import LandingPage, NavItem, SetupStep, hooks
from leads import fields, recounting
from leads.access import IMPORTERS, READERS
from leads.custom import definitions
from leads.models import Lead
from users.models import MARKETING, Role


def register() -> None:
    """Register everything; called once, while the app starts."""
    fields.register()
    definitions.register()
    hooks.navigation += [
        NavItem("Leads", "leads:list", frozenset(READERS), order=20, key="l", icon="leads"),
        NavItem("Fields", "leads:fields", frozenset({Role.ADMIN}), order=85, icon="form"),
        NavItem("Import", "leads:imports", frozenset(IMPORTERS), order=60, key="i", icon="import"),
    ]
    first = (*MARKETING, Role.MEDIATOR, Role.ADMIN)
    hooks.landing += [LandingPage(role, "leads:list", order=10) for role in first]
    hooks.setup.append(
        SetupStep("Import your leads", "leads:imports", 60, _missing_leads, frozenset(IMPORTERS))
    )
    hooks.zone_changed.append(recounting.ZONE)
    hooks.currency_changed.append(recounting.CURRENCY)


def _missing_leads() -> str:
    return "" if Lead.objects.exists() else "There is no lead yet."
