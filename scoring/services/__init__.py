"""Everything that writes scores."""

from scoring.services.activating import activate_due, cancel_build, restart_build
from scoring.services.building import build_range, finish_build
from scoring.services.logging import log_activation_range
from scoring.services.marks import judge_marked
from scoring.services.overriding import end_due_overrides, end_override, set_override
from scoring.services.previewing import (
    cancel_preview,
    preview_range,
    prune_previews,
    running_previews,
    start_preview,
)
from scoring.services.pruning import prune
from scoring.services.refreshing import refresh

__all__ = [
    "activate_due",
    "build_range",
    "cancel_build",
    "cancel_preview",
    "end_due_overrides",
    "end_override",
    "finish_build",
    "judge_marked",
    "log_activation_range",
    "preview_range",
    "prune",
    "prune_previews",
    "refresh",
    "restart_build",
    "running_previews",
    "set_override",
    "start_preview",
]
