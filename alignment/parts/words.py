"""What the values of a part say, line by line, so that two texts of it can be held side by side."""

from functools import singledispatch

from alignment.matrix import points_in_words
from alignment.models import Dimension
from alignment.parts.gates import GateValues, InferenceValues, ScopeValues
from alignment.parts.lists import DisqualifierValues, ReasonValues
from alignment.parts.points import CapValues, GradeValues
from alignment.parts.promises import COMMITMENTS, DUE, CommitmentValues, Rung, TermValues, commitment_label
from alignment.words import amount_in_words, condition_in_words
from core.display import signed
from leads.models import BantLevel
from rules.fields import Use

Said = dict[str, str]
NOTHING = "nothing"


def told_apart(mine: object, theirs: object) -> list[tuple[str, str, str]]:
    """(what, as typed here, as saved meanwhile) of every line that isn't the same."""
    here, there = said(mine), said(theirs)
    names = dict.fromkeys([*here, *there])
    lines = ((name, here.get(name, NOTHING), there.get(name, NOTHING)) for name in names)
    return [(name, one, other) for name, one, other in lines if one != other]


@singledispatch
def said(values: object) -> Said:
    """The lines of a part: what each is about, and its words."""
    raise TypeError(type(values))


@said.register
def _(values: CapValues) -> Said:
    return {Dimension(name).label: f"at most {cap}" for name, cap in values.points.items()}


@said.register
def _(values: GradeValues) -> Said:
    if values.matrix is None:
        return {
            f"{grade} begins at": f"{floor} points" for grade, floor in zip("ABC", values.floors, strict=True)
        }
    rows, fit = values.matrix["grades"], tuple(values.matrix["fit"])
    engagement = ", ".join(map(str, values.matrix["engagement"]))
    lines = {f"Fit {points_in_words(fit, place)}": ", ".join(row) for place, row in enumerate(rows)}
    return {"Engagement is parted at": engagement, **lines}


@said.register
def _(values: GateValues) -> Said:
    return {
        "Least grade": values.gate_grade,
        "BANT dimensions": str(values.gate_bant_count),
        "which are": level_in_words(values.gate_bant_level),
        "Must-have": condition_in_words(values.gate_must_have) or NOTHING,
    }


@said.register
def _(values: ScopeValues) -> Said:
    scope = condition_in_words(values.scope, Use.SCOPE) or "All leads"
    return {"Leads": scope, "Place in the order": str(values.position)}


@said.register
def _(values: InferenceValues) -> Said:
    return {
        "Partly met when": condition_in_words(values.partial_when) or "never",
        "Met when": condition_in_words(values.met_when) or "never",
    }


@said.register
def _(values: DisqualifierValues) -> Said:
    return {"Name": values.label, "Condition": condition_in_words(values.condition) or NOTHING}


@said.register
def _(values: ReasonValues) -> Said:
    points = values.suggested_points
    return {
        "Reason": values.label,
        "Speaks against": Dimension(values.dimension).label if values.dimension else NOTHING,
        "Criterion": values.criterion_key or NOTHING,
        "Suggestion": values.suggestion or NOTHING,
        "Suggested points": NOTHING if points is None else signed(points),
        "Needs a sentence": "yes" if values.needs_text else "no",
    }


@said.register
def _(values: TermValues) -> Said:
    name = {"Grade": values.grade, "Source": values.source or "all others"}
    if not values.is_handed_over:
        return {**name, "Leads are": "sent to nurture"}
    return {
        **name,
        "Leads are": "handed over",
        "Response in": amount_in_words(values.response_amount, values.response_unit),
        "Decision in": amount_in_words(values.decision_amount, values.decision_unit),
        "Pauses": "with a reason" if values.may_pause else "none",
        "Reminders": ladder_in_words(values.ladder),
    }


@said.register
def _(values: CommitmentValues) -> Said:
    return {
        commitment_label(name): amount_owed(name, values.amounts[name])
        for name in COMMITMENTS
        if name in values.amounts
    }


def level_in_words(level: int) -> str:
    """``at least partly met`` or ``met``."""
    return "met" if level == BantLevel.MET else "at least partly met"


def amount_owed(name: str, amount: int) -> str:
    """``40 a month``, ``80 %``."""
    return f"{amount:,} a month" if name.startswith("leads") else f"{amount} %"


def ladder_in_words(rungs: tuple[Rung, ...]) -> str:
    """``at 75 % of the time the owner, when due the owner and the manager``."""
    return ", ".join(map(_rung_in_words, rungs)) or "nobody"


def _rung_in_words(rung: Rung) -> str:
    told = f"{_when(rung.percent)} the {' and the '.join(rung.tell)}"
    return f"{told}, and somebody else gets an undecided lead" if rung.takes else told


def _when(percent: int) -> str:
    return "when due" if percent == DUE else f"at {percent} % of the time"
