"""The shared part of a form that says which activities: their kinds and a pattern of the detail.

A builder uses it for “did at least n times”; the form of an engagement criterion uses it alone, as an
``ActivityChoice`` whose ``drawn`` is the ``activity`` of the template ``rules/activity.html``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from core.errors import Problem
from core.text import capital
from rules.activities import ActivityKind, ActivityRegistry, activities
from rules.builder import inputs
from rules.builder.items import ACTIVITY, Row
from rules.builder.language import Language
from rules.builder.options import Option
from rules.builder.posting import check_prefix
from rules.builder.reading import problems_of
from rules.errors import RuleError
from rules.fields import Use
from rules.nodes import ActivityCount, ActivityMatch

DETAIL_HELP = "* is any text: *price* is every address with “price” in it."
SUGGEST = "activity:"


@dataclass(frozen=True, slots=True)
class ActivityView:
    """The inputs of one choice of activities; ``prefix`` begins their names."""

    prefix: str
    kinds: tuple[Option, ...]
    kinds_problem: str
    detail: str
    detail_label: str
    detail_problem: str
    suggest: str
    times: str = ""
    times_problem: str = ""
    window: str = ""
    window_problem: str = ""
    is_counting: bool = True

    @property
    def chosen_words(self) -> str:
        """The chosen kinds, for the closed list."""
        return ", ".join(option.label for option in self.kinds if option.is_chosen)


def draw_activity(
    prefix: str, row: Row, kinds: ActivityRegistry, problems: Mapping[str, str], *, is_counting: bool = True
) -> ActivityView:
    """What the template needs of ``row``; ``problems`` are by the id of their input."""
    chosen = [known for key in row.kinds for known in kinds.all() if known.key == key]
    details = dict.fromkeys(kind.detail for kind in chosen if kind.detail)
    return ActivityView(
        prefix=prefix,
        kinds=_kind_options(row.kinds, kinds.all()),
        kinds_problem=problems.get(f"{prefix}-kinds", ""),
        detail=row.detail,
        detail_label=" or ".join(details) or "detail",
        detail_problem=problems.get(f"{prefix}-detail", ""),
        suggest=SUGGEST + ",".join(row.kinds),
        times=row.times,
        times_problem=problems.get(f"{prefix}-times", ""),
        window=row.window,
        window_problem=problems.get(f"{prefix}-window", ""),
        is_counting=is_counting,
    )


def _kind_options(chosen: tuple[str, ...], known: tuple[ActivityKind, ...]) -> tuple[Option, ...]:
    """The chosen kinds first and in their order, so that nothing is lost; then the others."""
    kinds = {kind.key: Option(kind.key, capital(kind.label), words=kind.detail) for kind in known}
    gone = {key: Option(key, f"“{key}” (no longer there)") for key in chosen if key not in kinds}
    picked = [replace((kinds | gone)[key], is_chosen=True) for key in chosen]
    return (*picked, *(option for key, option in kinds.items() if key not in chosen))


@dataclass
class ActivityChoice:
    """Kinds and pattern as typed, under names that begin with ``prefix``."""

    row: Row
    prefix: str = "activity"
    kinds: ActivityRegistry = activities
    is_checked: bool = False

    @classmethod
    def from_match(
        cls, match: ActivityMatch | None, prefix: str = "activity", kinds: ActivityRegistry = activities
    ) -> "ActivityChoice":
        """The inputs that stand for ``match``; None is a new one."""
        row = Row(field=ACTIVITY)
        if match is not None:
            detail = "" if match.detail is None else inputs.one_typed(match.detail)
            row = replace(row, kinds=match.kinds, detail=detail)
        return cls(row, check_prefix(prefix), kinds)

    @classmethod
    def from_post(
        cls, post: QueryDict, prefix: str = "activity", kinds: ActivityRegistry = activities
    ) -> "ActivityChoice":
        """As typed."""
        chosen = tuple(post.getlist(f"{check_prefix(prefix)}-kinds"))
        return cls(Row(field=ACTIVITY, kinds=chosen, detail=post.get(f"{prefix}-detail", "")), prefix, kinds)

    def match(self) -> ActivityMatch:
        """The activities; RuleError with each problem at the id of its input, shown from then on."""
        self.is_checked = True
        language = Language(Use.CRITERION, kinds=self.kinds)
        if found := problems_of(self.row, language):
            raise RuleError(*(Problem(each.message, f"{self.prefix}-{each.where}") for each in found))
        node = language.parse({"activity": self._data(), "at_least": 1})
        assert isinstance(node, ActivityCount)  # noqa: S101 - what its data says
        return node.match

    def _data(self) -> dict[str, Any]:
        detail = {"detail": inputs.read_text(self.row.detail)} if self.row.detail.strip() else {}
        return {"kind": list(self.row.kinds), **detail}

    @property
    def drawn(self) -> ActivityView:
        """For ``rules/activity.html``."""
        found = problems_of(self.row, Language(Use.CRITERION, kinds=self.kinds)) if self.is_checked else []
        problems = {f"{self.prefix}-{each.where}": each.message for each in found}
        return draw_activity(self.prefix, self.row, self.kinds, problems, is_counting=False)
