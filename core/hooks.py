"""What a higher app offers a lower one: one typed registry, filled in ``AppConfig.ready``.

A lower app shows or calls what was registered here without knowing who registered it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class NavItem:
    """A screen in the side navigation: who sees it, its place and the letter after ``g``."""

    label: str
    url_name: str
    roles: frozenset[str]
    order: int
    key: str = ""
    icon: str = ""
    is_shown: Callable[[HttpRequest], bool] | None = None  # None: always
    count: Callable[[HttpRequest], int] | None = None  # what waits there; 0 shows nothing


@dataclass(frozen=True, slots=True)
class LandingPage:
    """The first page of a role; the registered page with the lowest order wins."""

    role: str
    url_name: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One line of the first-run checklist; ``roles`` can do it, and only they get the link."""

    label: str
    url_name: str
    order: int
    is_done: Callable[[], bool]
    missing: str
    roles: frozenset[str] = frozenset({"admin"})


@dataclass(frozen=True, slots=True)
class LeadPanel:
    """A part of the lead page: a template and the function that makes its context."""

    slot: str  # "header", "left", "timeline", "right"
    order: int
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """Entries for the lead page's timeline: from a lead and a limit to entries, newest first."""

    name: str
    entries: Callable[[Any, int], Iterable["TimelineEntry"]]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline."""

    at: Any
    kind: str
    title: str
    detail: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class LeadColumn:
    """A drawn column of the lead list, made of several registered fields of one row.

    ``fields`` are keys of the registry that allow the use *column*; ``context`` gets their values by key.
    """

    label: str
    order: int
    fields: tuple[str, ...]
    template: str
    context: Callable[[dict[str, Any]], dict[str, Any]]
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Recount:
    """What must be worked out again when the organisation's zone or currency changes.

    ``in_use`` says whether such rows exist; ``run`` does it, in the transaction of the change, with the
    new value saved; ``consequence`` tells the admin beforehand, as one sentence.
    """

    consequence: str
    in_use: Callable[[], bool]
    run: Callable[[datetime], None]


@dataclass(slots=True)
class Hooks:
    """Everything registered, by what it is."""

    navigation: list[NavItem] = field(default_factory=list)
    landing: list[LandingPage] = field(default_factory=list)
    setup: list[SetupStep] = field(default_factory=list)
    lead_panels: list[LeadPanel] = field(default_factory=list)
    timelines: list[TimelineSource] = field(default_factory=list)
    lead_columns: list[LeadColumn] = field(default_factory=list)
    lead_marked: list[Callable[[], None]] = field(default_factory=list)
    """Called once a commit that marked leads as changed; must be quick and never raise."""
    agreement_changed: list[Callable[[], None]] = field(default_factory=list)
    """Called after a commit by which a version was installed or signed; must be quick and never raise."""
    scores_changed: list[Callable[[], None]] = field(default_factory=list)
    """Called after leads were judged and committed; must be quick and never raise."""
    criterion_counts: list[Callable[[int], Mapping[str, int]]] = field(default_factory=list)
    """From a version's id to how many leads meet each criterion, by its key; empty if not known."""
    zone_changed: list[Recount] = field(default_factory=list)
    currency_changed: list[Recount] = field(default_factory=list)


hooks = Hooks()
