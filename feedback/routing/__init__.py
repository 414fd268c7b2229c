"""Who gets a lead, and why: the rules that send it to a team, and the roster that deals it there."""

from feedback.routing.pools import pool_of, waiting_by_team
from feedback.routing.reps import available_reps, load_reps, load_roster
from feedback.routing.roster import DEFAULT, Choice, Deal, Rep, Roster, Route, Turn
from feedback.routing.rules import Rules, load_rules

__all__ = [
    "DEFAULT",
    "Choice",
    "Deal",
    "Rep",
    "Roster",
    "Route",
    "Rules",
    "Turn",
    "available_reps",
    "load_reps",
    "load_roster",
    "load_rules",
    "pool_of",
    "waiting_by_team",
]
