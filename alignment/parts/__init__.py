"""The parts of a draft besides its criteria, as plain values: read from rows, checked, put into words."""

from alignment.parts.gates import GateValues, InferenceValues, ScopeValues
from alignment.parts.lists import DisqualifierValues, ReasonValues
from alignment.parts.points import CapValues, GradeValues
from alignment.parts.promises import CommitmentValues, Rung, TermValues

__all__ = [
    "CapValues",
    "CommitmentValues",
    "DisqualifierValues",
    "GateValues",
    "GradeValues",
    "InferenceValues",
    "ReasonValues",
    "Rung",
    "ScopeValues",
    "TermValues",
]
