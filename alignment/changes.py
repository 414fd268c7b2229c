"""What an editor asks to change of a draft."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanges:
    """What isn't named stays as it is.

    ``version`` has columns of the version (``floor_a``, ``gate_grade``, ``scope`` ...), ``cap`` points
    by dimension; ``points``, ``label`` and ``is_on`` go by the key of a criterion. Values may come from
    anywhere: ``checking.change_problems`` looks at each.
    """

    version: dict[str, Any] = field(default_factory=dict)
    cap: dict[str, Any] = field(default_factory=dict)
    points: dict[str, Any] = field(default_factory=dict)
    label: dict[str, Any] = field(default_factory=dict)
    is_on: dict[str, Any] = field(default_factory=dict)
