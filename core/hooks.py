"""What a higher app offers a lower one: one typed registry, filled in ``AppConfig.ready``.

A lower app shows or calls what was registered here without knowing who registered it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """One line of the first-run checklist; ``roles`` can do it, and only they get the link.

    ``missing`` says in a sentence what is still to do; "" once it is done.
    """

    label: str
    url_name: str
    order: int
    missing: Callable[[], str]
    roles: frozenset[str] = frozenset({"admin"})


@dataclass(frozen=True, slots=True)
class LeadPanel:
    """A part of the lead page: a template and the function that makes its context."""

    slot: str  # "header", "left", "timeline", "right"
    order: int
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DraftPanel:
    """A part of the editor's right rail: a template, which has the draft as ``version``, and its context.

    The rail is drawn anew after every edit, so the function must be quick; what takes longer is fetched
    by the template itself, with ``hx-get`` and ``hx-trigger="load"``.
    """

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
class PreviewPanel:
    """A part of the preview page: a template and the function that makes its context.

    ``context`` gets the request and the preview (``scoring.models.Preview``); it may still be counting.
    The template gets ``version`` and ``preview`` besides.
    """

    order: int
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AgreementNotice:
    """A line above the pages of the definition; ``context`` gives None where there is nothing to say."""

    order: int
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Effect:
    """One figure of what a version did while it was in force, such as "Accepted by sales", "61 %".

    ``definition`` says how it is counted, ``count`` of how many it is, in words ("of 412 decided").
    """

    label: str
    text: str
    definition: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class FieldUse:
    """One place in which conditions ask for a field: what it is called, where it is seen, and whether it
    was proposed or signed, so that leads may be judged by it."""

    label: str
    url: str
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What somebody has that others must take over when they leave: in a sentence, and where that is done
    (``url``, with what its link says) if the person who asks may do it, else ""."""

    text: str
    verb: str
    url: str


@dataclass(frozen=True, slots=True)
class Recount:
    """What must be worked out again when the organisation's zone or currency changes.

    ``in_use`` says whether such rows exist; ``run`` does it, in the transaction of the change, with the
    new value saved; ``consequence`` tells the admin beforehand, as one sentence.
    """

    consequence: str
    in_use: Callable[[], bool]
    run: Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell one person, in the app and by mail; ``key`` names the occasion, once for each person.

    ``text`` is one sentence, ``path`` where it leads, ``body`` what else the mail says.
    """

    user_id: int
    key: str
    text: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many leads, give or take ``margin`` in 95 of 100 samples; a margin of 0 is exact."""

    leads: int
    margin: int = 0

    def __str__(self) -> str:
        """``1,234``, ``about 41,200 ± 900``, or ``fewer than 300``."""
        if self.margin and not self.leads:
            return f"fewer than {self.margin:,}"
        return f"about {self.leads:,} ± {self.margin:,}" if self.margin else f"{self.leads:,}"


@dataclass(slots=True)
class Sunk:
    """What a sink did with rows of a file: how many it wrote and knew before, and by the place of a row why
    it was left out."""

    created: int = 0
    unchanged: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Hooks:
    """Everything registered, by what it is."""

    navigation: list[NavItem] = field(default_factory=list)
    landing: list[LandingPage] = field(default_factory=list)
    setup: list[SetupStep] = field(default_factory=list)
    lead_panels: list[LeadPanel] = field(default_factory=list)
    draft_panels: list[DraftPanel] = field(default_factory=list)
    timelines: list[TimelineSource] = field(default_factory=list)
    lead_columns: list[LeadColumn] = field(default_factory=list)
    lead_marked: list[Callable[[], None]] = field(default_factory=list)
    """Called once a commit that marked leads as changed; must be quick and never raise."""
    agreement_changed: list[Callable[[], None]] = field(default_factory=list)
    """Called after a commit by which a version was installed or signed; must be quick and never raise."""
    scores_changed: list[Callable[[], None]] = field(default_factory=list)
    """Called after leads were judged and committed; must be quick and never raise."""
    preview_panels: list[PreviewPanel] = field(default_factory=list)
    agreement_notices: list[AgreementNotice] = field(default_factory=list)
    criterion_counts: list[Callable[[int], Mapping[str, Tally]]] = field(default_factory=list)
    """From a version's id to how many leads meet each criterion, by its key; empty if not known."""
    version_effects: list[Callable[[Iterable[int], datetime], Mapping[int, Sequence[Effect]]]] = field(
        default_factory=list
    )
    """From the ids of versions and now to what each did in force, in the same order of figures for each;
    a version that never was in force is left out."""
    tell: list[Callable[[Iterable[Telling], datetime], None]] = field(default_factory=list)
    """Tells people within the transaction of the change; a key that was told before is not told again."""
    field_uses: list[Callable[[], Mapping[str, Sequence[FieldUse]]]] = field(default_factory=list)
    """Where conditions ask for fields, by the keys of the fields; what has retired is left out."""
    left_behind: list[Callable[[Any, Any], LeftBehind | None]] = field(default_factory=list)
    """From a person and the one who asks to what the person would leave behind; None: nothing."""
    import_sinks: dict[str, Callable[[Sequence[Any], Any, datetime], Sunk]] = field(default_factory=dict)
    """By the kind of a file: takes the facts of rows, who imports them and now, within a transaction."""
    zone_changed: list[Recount] = field(default_factory=list)
    currency_changed: list[Recount] = field(default_factory=list)


hooks = Hooks()
