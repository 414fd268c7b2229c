"""A condition being built: rows from a tree or a form, changed by buttons, and read back as a tree."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from core.errors import Invalid, Problem
from rules.activities import ActivityRegistry, activities
from rules.builder import actions, reading
from rules.builder.drawing import Drawing, GroupView
from rules.builder.items import Group, Path, Row
from rules.builder.language import Language
from rules.builder.posting import check_prefix, items_posted, name_of
from rules.builder.sentence import sentence_of
from rules.errors import MAX_PROBLEMS, RuleError
from rules.fields import Registry, Use, registry
from rules.nodes import Node, to_data

ACTION = "builder-action"


class BuilderError(RuleError):
    """The rows are no condition yet; ``problems[].where`` is the id of the input each stands at."""

    def __init__(self, *problems: Problem) -> None:
        first = problems[0].message
        count = f"{len(problems)} places in the condition need attention. The first: {first}"
        message = first if len(problems) == 1 else count
        Invalid.__init__(self, message, problems=problems[:MAX_PROBLEMS])


@dataclass
class BuilderState:
    """The rows of one builder of a page; ``prefix`` tells it from others, ``use`` says which fields.

    Render it with ``{% include "rules/builder.html" with builder=state %}`` inside a form. On POST make it
    again by ``from_post``; if ``apply(request.POST.get(ACTION, ""))`` says that one of its buttons was
    pressed, render the page again and save nothing; otherwise save ``tree()``.
    """

    root: Group
    prefix: str
    language: Language
    label: str = "Condition"
    is_checked: bool = False
    focus: tuple[Path, str] | None = None
    note: str = ""
    is_counted: bool = True
    count_words: str = ""
    _problems: dict[str, str] | None = field(default=None, repr=False)

    @classmethod
    def from_tree(
        cls,
        data: Node | dict[str, Any] | None,
        use: Use,
        prefix: str = "condition",
        *,
        registry: Registry = registry,
        kinds: ActivityRegistry = activities,
        **more: Any,
    ) -> "BuilderState":
        """The rows of a tree or its data; None is a new builder with one blank row.

        Fields, operators and choices that are gone are shown as they were. RuleError if ``data`` hasn't
        the shape of a condition.
        """
        language = Language(use, registry, kinds)
        known = data if data is None or isinstance(data, dict) else to_data(data)
        return cls(reading.items_of(known, language), check_prefix(prefix), language, **more)

    @classmethod
    def from_post(
        cls,
        post: QueryDict,
        prefix: str,
        use: Use,
        *,
        registry: Registry = registry,
        kinds: ActivityRegistry = activities,
        **more: Any,
    ) -> "BuilderState":
        """The rows as typed. Invalid if there are more or deeper ones than a builder shows."""
        return cls(items_posted(post, prefix), check_prefix(prefix), Language(use, registry, kinds), **more)

    def apply(self, action: str) -> bool:
        """Do what the button with this value says; False if it is none of this builder's.

        ``condition:add:0-1`` adds a condition to the group at 0-1. An action on a row that isn't there
        changes nothing.
        """
        prefix, _, rest = action.partition(":")
        name, _, place = rest.partition(":")
        if prefix != self.prefix:
            return False
        try:
            path = tuple(int(each) for each in place.split("-")) if place else ()
            done = actions.act(self.root, name, path, self.language)
        except (LookupError, ValueError):
            self.note = "That row isn't there any more."
            return True
        self.root, self.focus, self.note = done.root, done.focus, done.note
        self._problems = None
        return True

    def tree(self) -> dict[str, Any]:
        """The data of the condition, checked and in its canonical form.

        BuilderError with every problem and the input it stands at; the builder shows them from then on.
        """
        self.is_checked, self._problems = True, None
        found = list(self._found())
        if found:
            raise BuilderError(*found)
        try:
            return to_data(self.language.parse(reading.data_of(self.root, self.language)))
        except RuleError as error:
            where = name_of(self.prefix, (), "match")
            raise BuilderError(*(Problem(each.message, where) for each in error.problems)) from None

    def tree_or_none(self) -> dict[str, Any] | None:
        """``tree()``, or None if nothing was chosen at all: for conditions that may be left out."""
        return None if self.is_blank else self.tree()

    def readable(self) -> Node | None:
        """The condition, or None while it can't be read: for counting. Shows no problems."""
        try:
            return self.language.parse(reading.data_of(self.root, self.language))
        except Invalid:
            return None

    @property
    def is_blank(self) -> bool:
        """Whether there are no rows, or only one that is blank, in the outermost group."""
        return all(isinstance(child, Row) and child.is_blank for child in self.root.children)

    @property
    def sentence(self) -> str:
        """What it means so far, in plain words; “…” stands for what can't be read yet."""
        return sentence_of(self.root, self.language)

    @cached_property
    def use(self) -> Use:
        """Which fields it offers."""
        return self.language.use

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong by the id of its input. Blank inputs count only after ``tree()`` was asked for."""
        if self._problems is None:
            shown = [each for each in self._found() if self._is_shown(each)]
            self._problems = {each.where: each.message for each in reversed(shown)}
        return self._problems

    @property
    def problems_json(self) -> str:
        """``problems`` for the script that shows them while one types."""
        return json.dumps(self.problems, ensure_ascii=False)

    @property
    def drawn(self) -> GroupView:
        """The rows for the template."""
        return Drawing(self.prefix, self.language, self.problems).draw(self.root)

    @property
    def focus_id(self) -> str:
        """The id of what takes the focus after an action; empty before any."""
        return name_of(self.prefix, *self.focus) if self.focus else ""

    def _is_shown(self, problem: Problem) -> bool:
        """What is only unfinished isn't said before one saves, nor of a row that was added just now."""
        is_new = self.focus is not None and problem.where == name_of(self.prefix, *self.focus)
        return not is_unfinished(problem) or (self.is_checked and not is_new)

    def _found(self) -> list[Problem]:
        found = []
        for path, row in reading.rows_of(self.root):
            for problem in reading.problems_of(row, self.language):
                kind = type(problem)
                found.append(kind(problem.message, name_of(self.prefix, path, problem.where)))
        return found


def is_unfinished(problem: Problem) -> bool:
    """Whether it only says that nobody has typed something yet."""
    return isinstance(problem, reading.Unfinished)
