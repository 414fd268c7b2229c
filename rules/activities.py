"""What may be asked of a lead's activities: the registered kinds, and where their rows are."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.errors import Problem
from rules.errors import RuleError


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityKind:
    """``key`` as stored ("page_view"), ``label`` for one ("page view"), ``plural`` for more, and what its
    detail holds ("page address"), empty if it has none."""

    key: str
    label: str
    plural: str
    detail: str = ""


class ActivityRegistry:
    """The kinds of activity. ``leads`` registers them and its rows in ``AppConfig.ready``."""

    def __init__(self) -> None:
        self._kinds: dict[str, ActivityKind] = {}
        self._rows: Callable[[], QuerySet[Any]] | None = None

    def register(self, *kinds: ActivityKind) -> None:
        """Add kinds; a key that is taken is an error of the programmer (ValueError)."""
        for kind in kinds:
            if kind.key in self._kinds:
                raise ValueError(f"Activity kind {kind.key} is registered twice.")
            self._kinds[kind.key] = kind

    def register_rows(self, rows: Callable[[], QuerySet[Any]]) -> None:
        """Where activities are: a queryset over a model with ``lead``, ``kind``, ``detail_folded``,
        ``at_epoch`` (seconds) and ``day`` (in the company's zone). A repeat replaces it."""
        self._rows = rows

    def rows(self) -> QuerySet[Any]:
        """All activity rows."""
        if self._rows is None:
            raise RuntimeError("No app has registered the rows of activities.")
        return self._rows()

    def all(self) -> tuple[ActivityKind, ...]:
        """The kinds in the order of registration."""
        return tuple(self._kinds.values())

    def get(self, key: str) -> ActivityKind:
        """The kind, or RuleError that names the nearest one."""
        if key in self._kinds:
            return self._kinds[key]
        near = difflib.get_close_matches(key[:100], self._kinds, n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        raise RuleError(Problem(f"There is no activity “{key[:100]}”.{hint}"))


activities = ActivityRegistry()
