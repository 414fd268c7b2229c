"""The example of docs/scoring.md is what the engine says, number by number."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from alignment.decay import Decay, DecayKind
from alignment.models import Definition, Dimension, Version
from alignment.spec import CriterionSpec, VersionSpec
from core.display import signed
from leads.models import BantLevel, Lead
from rules.nodes import ActivityMatch, Comparison
from scoring.explain import Explanation, explain_under
from scoring.explanation import DimensionLine, Line
from scoring.steps.finding import steps_under
from tests.paths import ROOT
from tests.scoring.world import NOW, ZONE, Did, Person, Said, plain_version, save
from users.models import Organisation

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "scoring.md").read_text()
SENTENCES = " ".join(PAGE.split())
DIRECTOR = Comparison("lead.title", "contains", "director")
CRITERIA: dict[str, tuple[Dimension, int, Comparison | ActivityMatch]] = {
    "Budget planned": (Dimension.BUDGET, 10, Comparison("bant.budget.level", "at_least", "partial")),
    "Director": (Dimension.AUTHORITY, 15, DIRECTOR),
    "Need is clear": (Dimension.NEED, 20, Comparison("bant.need.level", "is", "met")),
    "Buys within 90 days": (
        Dimension.TIMEFRAME,
        15,
        Comparison("bant.timeframe.purchase_on", "within_next_days", 90),
    ),
    "200 employees or more": (Dimension.FIT, 15, Comparison("company.employees", "gte", 200)),
    "In Germany": (Dimension.FIT, 10, Comparison("lead.country", "in", ("DE",))),
    "Webinars": (Dimension.ENGAGEMENT, 5, ActivityMatch(("webinar",))),
    "Job ads": (Dimension.ENGAGEMENT, -3, ActivityMatch(("page_view",), "*jobs*")),
}
FADING: dict[str, Any] = {"is_per_occurrence": True, "cap": 8, "decay": Decay(DecayKind.HALF_LIFE, 14)}


def version() -> VersionSpec:
    """The shipped caps, floors and gate; a director has authority until somebody asks."""
    criteria = []
    for number, (label, (dimension, points, asked)) in enumerate(CRITERIA.items(), 1):
        plain = CriterionSpec(id=number, key=f"k{number}", label=label, dimension=dimension, points=points)
        if isinstance(asked, ActivityMatch):
            fades = FADING if label == "Webinars" else {}
            criteria.append(replace(plain, activity=asked, **fades))
        else:
            criteria.append(replace(plain, condition=asked))
    spec = plain_version(criteria=tuple(criteria))
    dimensions = [
        replace(each, met_when=DIRECTOR) if each.dimension == Dimension.AUTHORITY else each
        for each in spec.dimensions
    ]
    return replace(spec, dimensions=tuple(dimensions))


def rita() -> Lead:
    webinars = [Did("webinar", "", NOW - dt.timedelta(days=days)) for days in (0, 14, 28)]
    later = NOW + dt.timedelta(days=180)
    said = (Said("budget", BantLevel.PARTIAL, NOW, later), Said("need", BantLevel.MET, NOW, later))
    person = Person(
        title="Director of Operations",
        country="DE",
        employees=1_500,
        did=(*webinars, Did("page_view", "/jobs/", NOW)),
        said=said,
    )
    (pk,) = save([person])
    return Lead.objects.select_related("company").get(pk=pk)


@pytest.fixture
def explanation() -> Explanation:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    Version.objects.create(pk=1, definition=Definition.objects.create(name="One"), number=1)
    found = explain_under([version()], rita().pk, now=NOW)
    assert found is not None
    return found


def cells(*values: object) -> str:
    return f"| {' | '.join(str(value) for value in values)} |"


def row(dimension: DimensionLine, line: Line) -> str:
    if not line.is_met:
        return cells(dimension.label, line.label, line.value, "", "", "", "")
    full, points = (str(each).replace("-", "−") for each in (line.full, line.points))
    lost = [signed(-each) if each else "" for each in (line.decayed, line.cut)]
    return cells(dimension.label, line.label, line.value, full, *lost, points)


def table(explanation: Explanation) -> list[str]:
    rows = []
    for each in explanation.dimensions:
        rows += [row(each, line) for line in each.lines]
        cut = signed(-each.cut) if each.cut else ""
        rows.append(cells(f"**{each.label}**", f"of {each.cap}", "", "", "", cut, f"**{each.points}**"))
    return [*rows, cells("**Total**", "", "", "", "", "", f"**{explanation.total}**")]


def test_the_table_is_the_explanation(explanation: Explanation) -> None:
    written = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert written[2:] == table(explanation)


def test_the_sentences_below_it_are_true(explanation: Explanation) -> None:
    webinars = explanation.dimensions[-1].lines[0]
    assert webinars.fading_since is not None
    assert f"since {webinars.fading_since:%-d %B %Y}," in SENTENCES
    assert explanation.why is not None
    assert explanation.why.words == "70 points in all: grade B is 55 to 74."
    assert "**Grade B**: it is 55 to 74 here." in SENTENCES
    assert explanation.is_ready
    assert [(line.level.label, line.is_answered) for line in explanation.bant] == [
        ("Partial", True),
        ("Met", False),
        ("Met", True),
        ("Unmet", False),
    ]


def test_the_step_up_is_the_one_that_the_engine_finds() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    found = steps_under([version()], rita(), now=NOW)
    assert f"“{found.steps[0].text}”" in SENTENCES
