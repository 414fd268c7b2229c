"""What the forms of a draft's parts share: fingerprint, conditions, problems, two texts side by side."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from alignment.models import Version
from alignment.parts.words import told_apart
from alignment.services.editing.parts import digest_of
from core.display import MINUS
from core.errors import ApplicationError
from rules.builder import BuilderError, BuilderState
from rules.errors import RuleError
from rules.fields import Use


class PartForm(forms.Form):
    """One part of a draft, opened with the values it has now.

    ``key`` names the row of a list, empty for a new one. ``conditions`` are the builders beside the
    fields by the value they give, with label and use; ``builders`` holds them as typed or as saved.
    """

    conditions: ClassVar[dict[str, tuple[str, Use]]] = {}
    template: ClassVar[str]

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        self.draft, self.key = draft, key
        self.shown = self.read()
        initial = {"seen": digest_of(self.shown)} | self.fields_of(self.shown)
        super().__init__(data, initial=initial, auto_id=f"{self.prefix_of_ids}-%s")
        self.builders = {name: self._builder(name, data) for name in self.conditions}
        self.trees: dict[str, Any] = {}
        self.differing: list[tuple[str, str, str]] = []

    @property
    def prefix_of_ids(self) -> str:
        """What tells its inputs from those of other parts on the page."""
        return type(self).__name__.removesuffix("Form").lower()

    @property
    def title(self) -> str:
        """The name of what is edited, where it has one."""
        return str(getattr(self.shown, "label", ""))

    def focus_first(self) -> None:
        """Let the first field take the focus when the drawer opens."""
        first = next(iter(self.visible_fields()), None)
        if first is not None and not isinstance(first.field.widget, forms.RadioSelect):
            first.field.widget.attrs["autofocus"] = True

    def read(self) -> Any:
        """The values as the draft has them; what a new row starts with if there is no key."""
        raise NotImplementedError

    def fields_of(self, values: Any) -> dict[str, Any]:
        """The fields that stand for ``values``."""
        raise NotImplementedError

    def values(self) -> Any:
        """What a valid form says."""
        raise NotImplementedError

    def place_of(self, where: str) -> str:
        """The field at which a problem of the values is shown."""
        return where

    def clean(self) -> dict[str, Any]:
        """Read the conditions, then look at what is wrong between values that can be read one by one."""
        for name, builder in self.builders.items():
            try:
                self.trees[name] = builder.tree_or_none()
            except BuilderError as error:
                self.add_error(None, error.message)
        if not self.errors:
            for problem in self.values().problems():
                self._add_problem(problem.where, problem.message)
        return self.cleaned_data

    def press(self, action: str) -> bool:
        """Whether the button with this value is one of its builders', which then has done its work."""
        return any(builder.apply(action) for builder in self.builders.values())

    def add_problems(self, error: ApplicationError) -> None:
        """Show what a service refused, each problem at its field."""
        for problem in error.problems:
            self._add_problem(problem.where, problem.message)
        if not error.problems:
            self.add_error(None, error.message)

    def show_stale(self, message: str, *, mine: Any) -> None:
        """Hold what was typed (``mine``) beside what was saved meanwhile; saved again, it stands."""
        self.data = {**self.data, "seen": digest_of(self.shown)}
        self.differing = told_apart(mine, self.shown)
        self.add_error(None, message)

    def _add_problem(self, where: str, message: str) -> None:
        place = self.place_of(where)
        self.add_error(place if place in self.fields else None, message)

    def _builder(self, name: str, data: QueryDict | None) -> BuilderState:
        label, use = self.conditions[name]
        prefix = f"{self.prefix_of_ids}_{name}"
        if data is not None:
            return BuilderState.from_post(data, prefix, use, label=label)
        try:
            return BuilderState.from_tree(getattr(self.shown, name), use, prefix, label=label)
        except RuleError:  # nothing of it can be shown: it is written anew
            return BuilderState.from_tree(None, use, prefix, label=label)


def whole_number(
    label: str, least: int, most: int, *, is_needed: bool = True, **more: Any
) -> forms.IntegerField:
    """A field for a whole number from ``least`` to ``most``, with one message for all that is wrong."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": least, "max": most})
    wrong = f"Give a whole number from {least:,} to {most:,}.".replace("-", MINUS)
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=is_needed,
        widget=widget,
        error_messages=messages,
        **more,
    )
