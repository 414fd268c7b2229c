"""Addresses of the leads behind each figure of follow-up."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from feedback.reports.dashboard import Asked
from feedback.reports.splits import Key

NOBODY = "(none)"
"""Stands in an address for no team and no source."""


@dataclass(frozen=True, slots=True)
class Links:
    """The lists behind the figures of what was ``asked``; what is None or empty is left out of an address."""

    asked: Asked

    def now(self, show: str, **narrower: Any) -> str:
        """What is open, whenever it was assigned."""
        return _list(show=show, team=self.asked.team_id, **narrower)

    def pool(self) -> str:
        """What waits for an owner."""
        team = "" if self.asked.team_id is None else f"?{urlencode({'team': self.asked.team_id})}"
        return f"{reverse('feedback:pool')}{team}"

    def due(self, show: str, key: Key = None, *, is_all: bool = False, week: dt.date | None = None) -> str:
        """Clocks due in the period or in a week of it, of one part unless ``is_all``."""
        return self._period("due", show, {} if is_all else self._part(key), week)

    def assigned(self, show: str, key: Key = None, *, is_all: bool = False, **narrower: Any) -> str:
        """What was assigned in the period, of one part unless ``is_all``."""
        return self._period("assigned", show, narrower | ({} if is_all else self._part(key)), None)

    def flow(self, of: str, week: dt.date) -> str:
        """What was assigned or decided in a week."""
        return self._period(of, "", {}, week)

    def step(self, clock: str, step: str) -> str:
        """The assignments for which a step of the ladder was taken in the period."""
        team, weeks = self.asked.team_id, self.asked.weeks
        return _list(step=step, clock=clock, weeks=weeks, team=team, of="step")

    def _period(self, of: str, show: str, part: dict[str, Any], week: dt.date | None) -> str:
        period = {"weeks": self.asked.weeks} if week is None else {"week": week.isoformat()}
        return _list(
            show=show, of=of, clock=self.asked.clock, **period, **{"team": self.asked.team_id} | part
        )

    def _part(self, key: Key) -> dict[str, Any]:
        return {self.asked.split.parameter: NOBODY if key in (None, "") else key}


@cache
def _path() -> str:
    return reverse("feedback:sla_assignments")  # asked for hundreds of times a page


def _list(**parameters: Any) -> str:
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return f"{_path()}?{urlencode(given)}"
