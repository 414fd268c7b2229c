"""By which rules the sample company deals its leads, and how its reps differ."""

import datetime as dt
from typing import Any

from feedback.models import RoutingRule
from feedback.sample.people import BERLIN, LONDON, House
from feedback.sample.plan import Plan
from feedback.services.reps import RepTerms, add_leave, set_rep
from feedback.services.routing import RuleContent, add_rule, switch_rule
from users.models import Team

Way = RoutingRule.Way
DAY = dt.timedelta(days=1)
WEIGHTS = {"Robert Keller": 3, "Sabine Vogt": 3, "Timo Arslan": 2, "Nadja Wolters": 2}


def set_rules(house: House, *, now: dt.datetime) -> None:
    """By country to Berlin and London; a rule for large companies was tried and is switched off."""
    teams = {team.name: team for team in Team.objects.all()}
    english, german = _countries("GB", "IE", "US"), _countries("DE", "AT", "CH")
    large = {"field": "company.employees", "op": "gte", "value": 1000}
    for name, condition, team, way in (
        ("Large companies", large, None, Way.LEAST_LOADED),
        ("English-speaking countries", english, teams[LONDON], Way.ROUND_ROBIN),
        ("German-speaking countries", german, teams[BERLIN], Way.WEIGHTED),
    ):
        content = RuleContent(name=name, condition=condition, team=team, way=way, is_owner_first=True)
        row = add_rule(content=content, by=house.sales)
        if name == "Large companies":
            switch_rule(rule=row, is_on=False, by=house.sales)
    for rep in house.reps.values():
        _set(house, rep.name, now, weight=WEIGHTS.get(rep.name, 1))


def set_reps(house: House, plan: Plan) -> None:
    """As it is today: one has limits, one comes back step by step, two have planned their leave."""
    today = plan.now.date()
    _set(house, "Owen Prichard", plan.now, capacity=18, per_day=5)
    _set(house, "Lewis Marlow", plan.now, ramp_from=today - 25 * DAY, ramp_weeks=8)
    for name, ahead, days in (("Nadja Wolters", 12, 9), ("Grace Whitfield", 24, 11)):
        rep = next(each for each in house.reps.values() if each.name == name)
        starts = today + ahead * DAY
        add_leave(rep=rep, starts=starts, ends=starts + days * DAY, by=house.sales, now=plan.now)


def _countries(*codes: str) -> dict[str, Any]:
    return {"field": "lead.country", "op": "in", "value": list(codes)}


def _set(house: House, name: str, now: dt.datetime, **changed: Any) -> None:
    """Change some of a rep's settings and leave the others."""
    rep = next(each for each in house.reps.values() if each.name == name)
    own = rep.rep_settings
    own.refresh_from_db()
    kept = {field: getattr(own, field) for field in RepTerms.__slots__}
    set_rep(rep=rep, terms=RepTerms(**{**kept, **changed}), by=house.sales, now=now)
