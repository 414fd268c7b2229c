"""Reject reasons, SLA terms and commitments."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from alignment.forms.parts import PartForm, whole_number
from alignment.models import Commitment, Dimension, Grade, SlaTerm, Version
from alignment.parts import CommitmentValues, ReasonValues, Rung, TermValues
from alignment.parts.checks import POINTS
from alignment.parts.lists import LABEL, SUGGESTION
from alignment.parts.promises import (
    COMMITMENTS,
    MOST_LEADS,
    MOST_PERCENT,
    MOST_RUNGS,
    SOURCE,
    term_key,
)

SPARE_RUNGS = 1
HIGHEST = 9_999
HANDED_OVER, NURTURE = "handed_over", "nurture"
RUNG = ("percent", "owner", "manager", "takes")
TIMES = ("response_amount", "response_unit", "decision_amount", "decision_unit")
UNITS = [(unit.value, unit.label) for unit in SlaTerm.Unit]


class RejectReasonForm(PartForm):
    """A reason to reject, named as the columns of ``models.Reason``."""

    template = "alignment/parts/_reasons.html"

    label = forms.CharField(label="Reason", max_length=LABEL, help_text="As sales would say it.")
    dimension = forms.ChoiceField(
        label="Speaks against", choices=[("", "None of the six"), *Dimension.choices], required=False
    )
    criterion_key = forms.ChoiceField(label="Criterion", required=False)
    suggestion = forms.CharField(
        max_length=SUGGESTION, required=False, help_text="What to change, such as “Raise the least budget”."
    )
    suggested_points = whole_number(
        "Suggested points", -POINTS, POINTS, is_needed=False, help_text="More or fewer for the criterion."
    )
    needs_text = forms.BooleanField(label="Whoever gives it adds a sentence", required=False)

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        super().__init__(draft, key, data)
        field = self.fields["criterion_key"]
        field.choices = list(self._criteria())  # type: ignore[attr-defined] # it is a ChoiceField
        gone = "This criterion is gone. Choose another one, or none."
        field.error_messages["invalid_choice"] = gone

    def read(self) -> ReasonValues:
        row = next((row for row in self.draft.reasons.all() if row.key == self.key), None)
        return ReasonValues.of(row) if row else ReasonValues(label="")

    def fields_of(self, values: ReasonValues) -> dict[str, Any]:
        return {name: getattr(values, name) for name in values.__slots__}

    def values(self) -> ReasonValues:
        return ReasonValues(**{name: self.cleaned_data[name] for name in ReasonValues.__slots__})

    def _criteria(self) -> Iterator[tuple[str, object]]:
        yield "", "None in particular"
        rows = list(self.draft.criteria.all())
        for dimension in Dimension:
            if named := [(row.key, row.label) for row in rows if row.dimension == dimension]:
                yield dimension.label, named


class TermForm(PartForm):
    """How a grade is followed up. The ladder is ``percent_<n>``, ``owner_<n>``, ``manager_<n>`` and
    ``takes_<n>``; a step without a percentage is none."""

    template = "alignment/parts/_terms.html"

    grade = forms.ChoiceField(choices=Grade.choices)
    source = forms.CharField(
        label="Source",
        max_length=SOURCE,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
        help_text="Empty: every source without its own.",
    )
    goes = forms.ChoiceField(
        label="These leads are",
        choices=[(HANDED_OVER, "Handed over to sales"), (NURTURE, "Sent to nurture")],
        widget=forms.RadioSelect,
    )
    response_amount = whole_number("Response in", 1, HIGHEST)
    response_unit = forms.ChoiceField(label="Unit of the response", choices=UNITS)
    decision_amount = whole_number("Decision in", 1, HIGHEST)
    decision_unit = forms.ChoiceField(label="Unit of the decision", choices=UNITS)
    may_pause = forms.BooleanField(
        label="Reps may pause the clock",
        required=False,
        help_text="With a reason and until a moment, such as “out of office until Monday”. "
        "The times to answer move along.",
    )

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        super().__init__(draft, key, data)
        self.steps = self._count(data)
        for place in range(self.steps):
            self.fields[f"percent_{place}"] = whole_number(
                f"Step {place + 1}, percent of the time", 1, MOST_PERCENT, is_needed=False
            )
            labels = {
                "owner": f"Step {place + 1} tells the owner",
                "manager": f"Step {place + 1} tells the manager",
                "takes": f"Step {place + 1} gives an undecided lead to somebody else",
            }
            for name, label in labels.items():
                self.fields[f"{name}_{place}"] = forms.BooleanField(label=label, required=False)
        if self.is_nurture:  # the times have no meaning then
            for name in TIMES:
                self.fields[name].required = False

    @property
    def is_nurture(self) -> bool:
        """Whether nobody is asked to answer these leads, as typed or as saved."""
        return bool(self["goes"].value() == NURTURE)

    @property
    def title(self) -> str:
        source = f" from {self.shown.source}" if self.shown.source else ""
        return f"Follow-up of grade {self.shown.grade}{source}"

    @property
    def rungs(self) -> list[dict[str, forms.BoundField]]:
        """The inputs of each step by their names."""
        return [{name: self[f"{name}_{place}"] for name in RUNG} for place in range(self.steps)]

    @property
    def ladder_errors(self) -> list[str]:
        """What is wrong in the ladder, each message once."""
        names = [f"{name}_{place}" for place in range(self.steps) for name in RUNG]
        return list(dict.fromkeys(str(error) for name in names for error in self.errors.get(name, [])))

    def read(self) -> TermValues:
        row = next((row for row in self.draft.terms.all() if term_key(row) == self.key), None)
        return TermValues.of(row) if row else TermValues(grade=self._missing())

    def fields_of(self, values: TermValues) -> dict[str, Any]:
        found = {name: getattr(values, name) for name in ("grade", "source", *TIMES)}
        found["may_pause"] = values.may_pause
        found["goes"] = HANDED_OVER if values.is_handed_over else NURTURE
        for place, rung in enumerate(values.ladder):
            told = {f"{who}_{place}": who in rung.tell for who in ("owner", "manager")}
            found |= {f"percent_{place}": rung.percent, f"takes_{place}": rung.takes} | told
        return found

    def clean(self) -> dict[str, Any]:
        for name in TIMES if self.is_nurture else ():
            self.errors.pop(name, None)
        return super().clean()

    def values(self) -> TermValues:
        typed = self.cleaned_data
        before: TermValues = self.shown
        return replace(
            before,
            grade=typed["grade"],
            source=typed["source"],
            is_handed_over=not self.is_nurture,
            may_pause=typed["may_pause"],
            ladder=tuple(self._typed_rungs()),
            **{name: typed[name] for name in TIMES if typed.get(name)},
        )

    def place_of(self, where: str) -> str:
        """A step's place counts the steps that were typed; its inputs count the blank ones too."""
        name, _, number = where.rpartition("_")
        if name not in ("percent", "tell", "takes") or not number.isdigit():
            return where
        return f"{'owner' if name == 'tell' else name}_{self._typed_places()[int(number)]}"

    def _typed_rungs(self) -> Iterator[Rung]:
        for place in self._typed_places():
            told = tuple(who for who in ("owner", "manager") if self.cleaned_data[f"{who}_{place}"])
            yield Rung(self.cleaned_data[f"percent_{place}"], told, self.cleaned_data[f"takes_{place}"])

    def _typed_places(self) -> list[int]:
        return [each for each in range(self.steps) if self.cleaned_data.get(f"percent_{each}") is not None]

    def _count(self, data: QueryDict | None) -> int:
        """How many steps are shown: those there are and one to add."""
        if data is None:
            return min(len(self.shown.ladder) + SPARE_RUNGS, MOST_RUNGS)
        return next((place for place in range(MOST_RUNGS) if f"percent_{place}" not in data), MOST_RUNGS)

    def _missing(self) -> str:
        """The grade that a new term is most likely for: the best that has none yet."""
        known = {row.grade for row in self.draft.terms.all() if not row.source}
        return next((grade for grade in Grade.values if grade not in known), Grade.A.value)


class CommitmentsForm(PartForm):
    """All that either side owes, by the names of ``COMMITMENTS``; an empty field owes nothing."""

    template = "alignment/parts/_commitments.html"

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        super().__init__(draft, key, data)
        for name in COMMITMENTS:
            most = MOST_LEADS if name.startswith("leads") else 100
            self.fields[name] = whole_number(_short(name), 1, most, is_needed=False)

    def read(self) -> CommitmentValues:
        return CommitmentValues.of(self.draft)

    def fields_of(self, values: CommitmentValues) -> dict[str, Any]:
        return dict(values.amounts)

    def values(self) -> CommitmentValues:
        typed = {name: self.cleaned_data.get(name) for name in COMMITMENTS}
        return CommitmentValues({name: amount for name, amount in typed.items() if amount is not None})


def _short(name: str) -> str:
    """The label below its heading: ``In all``, ``Grade A``, ``Accepted by sales``."""
    kind, grade = COMMITMENTS[name]
    if kind == Commitment.Kind.LEADS:
        return f"Grade {grade}" if grade else "In all"
    return Commitment.Kind(kind).label
