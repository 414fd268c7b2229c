"""Bases of leads with made-up scores for the tests of *Grades*, and the slow count of them, lead by lead."""

import datetime as dt
from collections import Counter
from random import Random

from alignment.models import Version
from alignment.services import install_template
from core.text import fold
from leads.models import Campaign, Company, Lead, Touch
from scoring.models import Gate, Generation, GenerationVersion, LiveGeneration, Score
from tests.scoring.world import NOW

SOURCES = ("Website", "WEBSITE", "Wébsite", "Trade fair", "partner list", "", "Ads & more = 100%", "  ")
INDUSTRIES = ("Software", "software", "Café", "cafe", "Retail", "")
COUNTRIES = ("DE", "US", "", "ZZ")
EMPLOYEES = (None, 0, 9, 10, 49, 50, 249, 250, 999, 1_000, 400_000)
TOTALS = (0, 4, 5, 29, 30, 54, 55, 74, 75, 94, 95, 99, 100)
Key = tuple[str, str, bool, str]


def live_generation() -> tuple[Generation, Version]:
    """A live generation of the shipped version, without scores."""
    install_template(by=None, now=NOW)
    version = Version.objects.get(status=Version.Status.ACTIVE)
    generation = Generation.objects.create(state=Generation.State.LIVE, is_logged=True, live_at=NOW)
    GenerationVersion.objects.create(generation=generation, version=version, rank=0)
    LiveGeneration.objects.create(pk=1, generation=generation)
    return generation, version


def random_base(seed: int, size: int) -> None:
    """That many leads of every sort; some have no grade, no score, or a score of an old generation only."""
    rng = Random(seed)  # noqa: S311 - made-up data
    generation, version = live_generation()
    old = Generation.objects.create(state=Generation.State.RETIRED)
    campaigns = [Campaign.objects.create(name=f"Campaign {number}") for number in range(4)]
    firms = [
        Company.objects.create(
            name=f"Firm {n}", industry=rng.choice(INDUSTRIES), employees=rng.choice(EMPLOYEES)
        )
        for n in range(12)
    ]
    for number in range(size):
        lead = Lead.objects.create(
            name=f"Lead {number}",
            source=rng.choice(SOURCES),
            country=rng.choice(COUNTRIES),
            company=rng.choice([*firms, None]),
        )
        for _ in range(rng.randrange(3)):
            at = NOW - dt.timedelta(days=rng.randrange(3))
            Touch.objects.get_or_create(lead=lead, campaign=rng.choice(campaigns), at=at)
        _score(lead, old, version, rng)
        if rng.random() < 0.9:
            _score(lead, generation, version if rng.random() < 0.9 else None, rng)


def _score(lead: Lead, generation: Generation, version: Version | None, rng: Random) -> None:
    total = rng.choice(TOTALS) if version else 0
    gate = rng.choice((0, 0, int(Gate.BANT))) if version else int(Gate.NO_VERSION)
    grade = rng.choice("ABCD") if version else None
    Score.objects.create(
        generation=generation,
        lead=lead,
        version=version,
        **dict.fromkeys(("budget", "authority", "need", "timeframe", "fit", "bant"), 0),
        engagement=total,
        total=total,
        grade=grade,
        gate=gate,
        as_of=0,
    )


def slow_lines(top: int) -> dict[Key, tuple[int, int, int]]:
    """Leads, points and sales-ready ones by (axis, key, is rest, grade), counted one lead at a time."""
    live = LiveGeneration.objects.get().generation_id
    rows: list[tuple[str, str, str, int, int]] = []
    for lead in Lead.objects.select_related("company"):
        score = Score.objects.filter(generation_id=live, lead=lead).first()
        grade = "?" if score is None else score.grade or ""
        points = score.total if score is not None and score.grade else 0
        ready = int(score is not None and score.gate == 0)
        rows += [(axis, key, grade, points, ready) for axis, key in _keys(lead, score)]
    sizes = Counter((axis, key) for axis, key, *_ in rows if key)
    named = {
        pair
        for axis in {axis for axis, _ in sizes}
        for pair in sorted((p for p in sizes if p[0] == axis), key=lambda p: (-sizes[p], p[1]))[:top]
    }
    found: dict[Key, tuple[int, int, int]] = {}
    for axis, key, grade, points, ready in rows:
        is_rest = bool(key) and (axis, key) not in named
        place = (axis, "" if is_rest else key, is_rest, grade)
        leads, sum_points, sum_ready = found.get(place, (0, 0, 0))
        found[place] = (leads + 1, sum_points + points, sum_ready + ready)
    return found


def _keys(lead: Lead, score: Score | None) -> list[tuple[str, str]]:
    touch = min(lead.touches.all(), key=lambda each: (each.at, each.pk), default=None)
    company = lead.company
    employees = company.employees if company else None
    size = "" if employees is None else max(n for n in (0, 10, 50, 250, 1_000) if n <= employees)
    points = min(score.total // 5 * 5, 95) if score is not None and score.grade else ""
    return [
        ("source", fold(lead.source)),
        ("campaign", str(touch.campaign_id) if touch else ""),
        ("country", lead.country),
        ("industry", fold(company.industry) if company else ""),
        ("size", str(size)),
        ("version", str(score.version_id) if score and score.version_id else ""),
        ("points", str(points)),
    ]
