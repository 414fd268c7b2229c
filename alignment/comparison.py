"""Two versions held against each other, and what came before a version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from alignment.diff import Change
from alignment.models import Version
from alignment.pages import changes_by_section, with_parts
from alignment.querysets import active_versions
from core.hooks import Effect, hooks

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``new`` says otherwise than ``old``, by section."""

    old: Version
    new: Version
    sections: list[tuple[str, list[Change]]]

    @property
    def count(self) -> int:
        return sum(len(changes) for _, changes in self.sections)

    @property
    def first(self) -> list[Change]:
        """A few changes that stand for all of them."""
        return [change for _, changes in self.sections for change in changes][:SHOWN]

    @property
    def more(self) -> int:
        return max(0, self.count - SHOWN)


@dataclass(frozen=True, slots=True)
class EffectTable:
    """What versions did in force, side by side: a row a figure, a cell a version (None: not known)."""

    versions: list[Version]
    rows: list[tuple[str, str, list[Effect | None]]]


def compare(old: Version, new: Version) -> Comparison:
    """Prefetch the parts of both (``pages.with_parts``): then no query."""
    return Comparison(old, new, changes_by_section(old, new))


def before(version: Version) -> QuerySet[Version]:
    """What ``version`` is held against: none or one.

    A draft, proposal or signed version: what is in force. One that was in force: what it replaced.
    Anything else: what it was drafted from.
    """
    rows = Version.objects.filter(definition=version.definition_id).exclude(pk=version.pk)
    if version.is_to_come:
        return active_versions().filter(definition=version.definition_id)
    if version.activated_at is not None:
        return rows.filter(activated_at__lt=version.activated_at).order_by("-activated_at", "-pk")[:1]
    return rows.filter(pk=version.based_on_id or 0)


def compared(version: Version) -> Comparison | None:
    """``version``, read with its parts, against what came before it; None for the first."""
    older = with_parts(before(version)).first()
    return compare(older, version) if older else None


def effects_of(versions: Iterable[Version], now: datetime) -> Mapping[int, Sequence[Effect]]:
    """What each version that was in force did, by id; empty where nobody tells."""
    ids = [version.pk for version in versions if version.activated_at is not None]
    found: dict[int, list[Effect]] = {}
    for tell in hooks.version_effects if ids else ():
        for pk, effects in tell(ids, now).items():
            found.setdefault(pk, []).extend(effects)
    return found


def effect_table(versions: list[Version], now: datetime) -> EffectTable | None:
    """The effects of ``versions``, if each was in force and somebody tells."""
    found = effects_of(versions, now)
    if not found or any(version.activated_at is None for version in versions):
        return None
    by_label = [{each.label: each for each in found.get(version.pk, ())} for version in versions]
    labels = {label: effect.definition for effects in by_label for label, effect in effects.items()}
    rows = [(label, text, [effects.get(label) for effects in by_label]) for label, text in labels.items()]
    return EffectTable(versions, rows)


def days_in_force(version: Version, now: datetime) -> str:
    """How long it counted, or has counted: ``12 days``; empty if it never did."""
    if version.activated_at is None:
        return ""
    days = ((version.retired_at or now) - version.activated_at).days
    return f"{days:,} day{'s' * (days != 1)}" if days else "less than a day"
