"""Every change of people, teams, invitations, tokens and the organisation, by what is changed."""

from users.services.invitations import (
    accept_invitation,
    invite,
    mail_invitation,
    renew_invitation,
    withdraw_invitation,
)
from users.services.organisation import change_organisation, finish_set_up
from users.services.passwords import ask_for_reset, change_password
from users.services.people import (
    add_person,
    change_profile,
    change_role,
    deactivate,
    reactivate,
)
from users.services.teams import create_team, rename_team
from users.services.tokens import create_token, revoke_token

__all__ = [
    "accept_invitation",
    "add_person",
    "ask_for_reset",
    "change_organisation",
    "change_password",
    "change_profile",
    "change_role",
    "create_team",
    "create_token",
    "deactivate",
    "finish_set_up",
    "invite",
    "mail_invitation",
    "reactivate",
    "rename_team",
    "renew_invitation",
    "revoke_token",
    "withdraw_invitation",
]
