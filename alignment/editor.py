"""What the editor of a draft shows, as typed values; templates only print them."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from alignment.checking import points_left, proposal_problems
from alignment.models import Comment, Criterion, Dimension, DraftEdit, Version
from alignment.pages import Line, VersionPage, leads_by_criterion, version_page, with_parts
from alignment.pages_parts import neighbours
from alignment.panels import draft_panels
from alignment.querysets import active_versions, asked_of
from alignment.services.editing import digest
from alignment.words import UNREADABLE
from core.errors import Problem
from core.hooks import Tally

STEPS = 5


@dataclass(frozen=True, slots=True)
class EditorLine:
    """One criterion of the list: what it says, and where ``up`` and ``down`` would put it.

    ``up`` and ``down`` are the keys before which it would stand; an empty ``down`` is the end, and None
    says that it can't go there. ``seen`` is the digest of the whole, ``seen_points`` of its points.
    """

    row: Criterion
    words: str
    leads: Tally | None
    up: str | None
    down: str | None
    comments: int
    objections: int

    @property
    def is_broken(self) -> bool:
        return self.words == UNREADABLE

    @property
    def seen(self) -> str:
        return digest(self.row)

    @property
    def seen_points(self) -> str:
        return digest(self.row.points)


@dataclass(frozen=True, slots=True)
class EditorSection:
    """One dimension: its cap, its criteria, and the most points they could earn before the cap."""

    dimension: Dimension
    cap: int
    lines: list[EditorLine]
    partial_when: str
    met_when: str

    @property
    def label(self) -> str:
        return self.dimension.label

    @property
    def positive(self) -> int:
        """The points of its criteria that are on and add something."""
        return sum(line.row.points for line in self.lines if line.row.is_on and line.row.points > 0)


@dataclass(frozen=True, slots=True)
class Missing:
    """What stands in the way of a proposal, and the anchor of the place to put it right."""

    message: str
    anchor: str


@dataclass(frozen=True, slots=True)
class EditorPage:
    """A draft with all that its editor shows; ``page`` is the same draft as the definition page shows it.

    ``asked`` is what a side asked for in the proposal that it takes up.
    """

    page: VersionPage
    sections: list[EditorSection]
    left: str
    missing: list[Missing]
    steps: list[DraftEdit]
    undone: DraftEdit | None
    active: Version | None
    asked: list[Comment]
    panels: list[SafeString]

    @property
    def version(self) -> Version:
        return self.page.version

    @property
    def last(self) -> DraftEdit | None:
        """The step that undo takes back."""
        return self.steps[0] if self.steps else None

    @property
    def is_behind(self) -> bool:
        """Whether another version than the one it was begun from is in force.

        A proposal that came to nothing was begun from one as well: that one counts.
        """
        begun_from = self.version.based_on
        while begun_from is not None and begun_from.is_closed:
            begun_from = begun_from.based_on
        return self.active is not None and begun_from != self.active


def editor_page(request: HttpRequest, pk: int) -> EditorPage:
    """The draft ``pk`` with its parts; a fixed number of queries, besides those of the panels.

    One that takes up proposals that came to nothing costs one more for each, and one for what was asked.
    """
    draft = with_parts(Version.objects.all()).get(pk=pk)
    page = version_page(draft, leads_by_criterion(draft.pk))
    active = active_versions().filter(definition=draft.definition_id).first()
    steps, undone = _steps(draft)
    return EditorPage(
        page=page,
        sections=_sections(page),
        left=points_left([section.cap for section in page.sections]),
        missing=[Missing(problem.message, _anchor(problem, draft)) for problem in proposal_problems(draft)],
        steps=steps,
        undone=undone,
        active=active,
        asked=list(asked_of(draft)) if draft.based_on and draft.based_on.is_closed else [],
        panels=draft_panels(request, draft),
    )


def _steps(draft: Version) -> tuple[list[DraftEdit], DraftEdit | None]:
    """What was done last, the youngest first, and what redo would do again: two queries."""
    steps = draft.edits.select_related("by").defer("document")
    return list(steps.filter(is_undone=False)[:STEPS]), steps.filter(is_undone=True).last()


def _sections(page: VersionPage) -> list[EditorSection]:
    said, objected = _comments(page.version)
    return [
        EditorSection(
            dimension=section.dimension,
            cap=section.cap,
            lines=[_line(section.lines, place, said, objected) for place in range(len(section.lines))],
            partial_when=section.partial_when,
            met_when=section.met_when,
        )
        for section in page.sections
    ]


def _line(lines: list[Line], place: int, said: Counter[str], objected: Counter[str]) -> EditorLine:
    line = lines[place]
    up, down = neighbours([each.row.key for each in lines], place)
    return EditorLine(
        row=line.row,
        words=line.words,
        leads=line.leads,
        up=up,
        down=down,
        comments=said[line.row.key],
        objections=objected[line.row.key],
    )


def _comments(draft: Version) -> tuple[Counter[str], Counter[str]]:
    """Open comments, and objections among them, by the key of the criterion they are about."""
    rows = Comment.objects.filter(version=draft, resolution=Comment.Resolution.OPEN).exclude(criterion_key="")
    found = list(rows.values_list("criterion_key", "is_objection"))
    return Counter(key for key, _ in found), Counter(key for key, objects in found if objects)


def _anchor(problem: Problem, draft: Version) -> str:
    """The id of the place on the page that ``problem`` is about."""
    name, _, rest = problem.where.partition("_")
    key = rest.partition(".")[0]
    if name == "criterion":
        return f"criterion-{key}"
    return {
        "caps": "caps",
        "criteria": "budget",
        "floor": "grades",
        "matrix": "grades",
        "gate": "gate",
        "scope": "scope",
        "disqualifier": "disqualifiers",
        "reason": "reasons",
        "reasons": "reasons",
        "terms": "terms",
        "partial": rest.rpartition("_")[2],
        "met": rest.rpartition("_")[2],
    }.get(name.partition(".")[0], "")
