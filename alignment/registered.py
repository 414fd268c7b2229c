"""What this app offers the frame: its entry in the navigation and its line of the first-run checklist."""

from alignment.access import READERS
from alignment.asked import field_uses
from alignment.querysets import active_versions
from core.hooks import NavItem, SetupStep, hooks


def register() -> None:
    """Fill the hooks; called once, when the app is ready."""
    hooks.navigation.append(
        NavItem("Definition", "alignment:definition", READERS, 30, key="d", icon="definition")
    )
    hooks.field_uses.append(field_uses)
    hooks.setup.append(
        SetupStep(
            "Agree on version 1 of the definition",
            "alignment:definition",
            70,
            is_signed,
            "Choose a template (BANT, CHAMP, MEDDIC-lite, engagement) or import a file; both sides sign.",
        )
    )


def is_signed() -> bool:
    """Whether a definition is in force that both sides have signed."""
    return active_versions().filter(signed_at__isnull=False).exists()
