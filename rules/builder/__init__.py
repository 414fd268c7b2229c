"""The form in which people build a condition: rows and groups that say exactly what a tree says."""

from rules.builder.activity import ActivityChoice
from rules.builder.state import ACTION, BuilderError, BuilderState

__all__ = ["ACTION", "ActivityChoice", "BuilderError", "BuilderState"]
