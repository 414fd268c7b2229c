"""What this app offers the frame: its entry in the navigation and its line of the first-run checklist."""

from alignment.access import READERS
from alignment.asked import field_uses
from alignment.models import Side
from alignment.querysets import active_versions, waiting_for_names
from core.display import listed
from core.hooks import NavItem, SetupStep, hooks


def register() -> None:
    """Fill the hooks; called once, when the app is ready."""
    hooks.navigation.append(
        NavItem("Definition", "alignment:definition", READERS, 30, key="d", icon="definition")
    )
    hooks.field_uses.append(field_uses)
    hooks.setup.append(
        SetupStep("Agree on version 1 of the definition", "alignment:definition", 70, missing_agreement)
    )


def missing_agreement() -> str:
    """What is to do until a definition is in force that both sides have signed."""
    if active_versions().filter(signed_at__isnull=False).exists():
        return ""
    version = waiting_for_names().first()
    if version is None:
        return "Choose a template (BANT, CHAMP, MEDDIC-lite, engagement) or import a file; both sides sign."
    signed = set(version.signatures.values_list("side", flat=True))
    sides = listed([side.label.lower() for side in Side if side not in signed])
    return f"Version {version.number} is {version.get_status_display().lower()}, but not signed by {sides}."
