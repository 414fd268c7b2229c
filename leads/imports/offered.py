"""What a column can become now: the fixed targets, and the company's own fields behind them."""

from leads.custom.definitions import GROUP, Definition, definitions
from leads.imports.targets import CUSTOM, TARGETS, Target, squeezed
from leads.models import ImportJob


def targets(kind: str) -> dict[str, Target]:
    """The targets of a kind of file by their keys; none for another kind. Fixed headers come first."""
    offered = dict(TARGETS.get(kind, {}))
    if kind == ImportJob.Kind.LEADS:
        offered |= {f"{CUSTOM}{slug}": _target(each) for slug, each in definitions().items()}
    return offered


def _target(each: Definition) -> Target:
    headers = dict.fromkeys(filter(None, map(squeezed, (each.label, *each.headers))))
    return Target(f"{CUSTOM}{each.slug}", each.label, GROUP, tuple(headers))
