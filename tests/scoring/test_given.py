"""The past is judged by what was known then: stored facts, and activities and answers up to the moment."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.decay import Decay, DecayKind
from alignment.models import Dimension
from alignment.spec import CriterionSpec, VersionSpec
from leads.models import Company, Lead
from rules.nodes import ActivityMatch, Comparison, Node
from scoring.engine.given import Past, PastJudge, Verdict
from scoring.engine.running import Judge, Judged
from scoring.engine.statement import Leads
from scoring.facts import facts_of
from tests.scoring.strategies import nows, people, versions, zones
from tests.scoring.world import NOW, ZONE, Did, Person, Said, add, plain_version, save
from users.models import Organisation

pytestmark = pytest.mark.django_db
RELAXED = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
DAY = dt.timedelta(days=1)


def spoil(ids: Sequence[int], now: dt.datetime, zone: ZoneInfo) -> None:
    """Change all that can be changed of a lead, a moment later."""
    later = now + dt.timedelta(seconds=1)
    leads = Lead.objects.filter(pk__in=ids)
    company = Company.objects.create(name="Other", employees=120, revenue_reporting=Decimal(7_000_000))
    leads.update(
        title="CEO", title_folded="ceo", country="US", do_not_call=True, company=company, created_at=later
    )  # fmt: skip
    leads.filter(decay_stopped_at=None).update(decay_stopped_at=later)
    for pk in ids:
        said = [Said(each, 2, later, later + 90 * DAY) for each in ("budget", "need")]
        add(pk, [Did("page_view", "/pricing", later + DAY)], said, zone)


def compare(data: st.DataObject) -> None:
    now, zone = data.draw(nows), data.draw(zones)
    # Grades set by hand are no rule: the past is judged without them.
    crowd = [replace(each, by_hand=()) for each in data.draw(st.lists(people(now), min_size=1, max_size=4))]
    specs = [data.draw(versions(1, has_scope=data.draw(st.booleans())))]
    with transaction.atomic():
        Organisation.objects.update_or_create(pk=1, defaults={"zone": zone.key})
        ids = save(crowd, zone)
        live = sorted(Judge(specs, now, zone).judge(Leads(ids=ids)))
        facts = facts_of(ids, now=now)
        rows = [Past(-pk, pk, now, facts[pk]) for pk in ids]
        bare = [Past(-pk, pk, now) for pk in ids]
        on_stored, on_todays = verdicts(specs, rows, zone), verdicts(specs, bare, zone)
        spoil(ids, now, zone)
        afterwards = verdicts(specs, rows, zone)
        transaction.set_rollback(True)
    assert sorted(each.judged for each in on_stored) == live
    assert sorted(each.judged for each in on_todays) == live
    assert {each.id: each for each in afterwards} == {each.id: each for each in on_stored}
    assert len(afterwards) == len(on_stored)
    assert all(each.is_stored and each.id == -each.judged.lead_id for each in on_stored)
    assert not any(each.is_stored for each in on_todays)


def verdicts(specs: Sequence[VersionSpec], rows: Sequence[Past], zone: ZoneInfo = ZONE) -> list[Verdict]:
    return list(PastJudge(specs, zone).judge(rows))


@settings(RELAXED, max_examples=75)
@given(st.data())
def test_stored_facts_of_today_give_todays_score_and_later_edits_change_nothing(data: st.DataObject) -> None:
    compare(data)


@pytest.mark.long
@settings(RELAXED, max_examples=3_000)
@given(st.data())
def test_the_same_thousands_of_times(data: st.DataObject) -> None:
    compare(data)


def criterion(condition: Node | None = None, **more: object) -> CriterionSpec:
    parts: dict[str, object] = {"id": 1, "points": 10, "condition": condition} | more
    return CriterionSpec(key="k", label="L", dimension=Dimension.NEED, **parts)  # type: ignore[arg-type]  # the fields, by name


def one(spec: VersionSpec, row: Past) -> Judged:
    (verdict,) = verdicts([spec], [row])
    return verdict.judged


@pytest.mark.parametrize(
    ("field", "op", "value", "fact", "other"),
    [
        ("lead.title", "contains", "DIREKTOR", "Vertriebs-Diréktor", "Clerk"),
        ("lead.title", "unknown", None, "", "CEO"),
        ("lead.country", "in", ("DE",), "DE", "FR"),
        ("company.employees", "gte", 200, 200, 199),
        ("company.revenue", "gte", 1_000_000, "1000000.00", "999999.99"),
        ("lead.do_not_call", "is", True, True, False),
        ("lead.created", "within_last_days", 1, (NOW - DAY).isoformat(), (NOW - 2 * DAY).isoformat()),
        ("bant.timeframe.purchase_on", "within_next_days", 30, "2026-12-20", "2027-02-20"),
        ("bant.budget.amount", "gte", 5_000, "5000.00", "4999.00"),
        ("bant.need.level", "at_least", "partial", 1, 0),
        ("bant.need.source", "is", "rep", "rep", "self"),
        ("activity.count", "gte", 3, 3, 2),
        ("campaign.first", "is", "Séarch ads", "search ADS", "Fair"),
    ],
)
def test_a_stored_fact_of_every_type_is_compared_as_todays_would_be(
    field: str, op: str, value: object, fact: object, other: object
) -> None:
    (pk,) = save([Person()])
    spec = plain_version(criteria=(criterion(Comparison(field, op, value)),))  # type: ignore[arg-type]  # values of each type
    facts = facts_of([pk], now=NOW)[pk]
    assert one(spec, Past(1, pk, NOW, facts | {field: fact})).need == 10
    assert one(spec, Past(1, pk, NOW, facts | {field: other})).need == 0
    if field != "lead.title":
        assert one(spec, Past(1, pk, NOW, facts | {field: None})).need == 0


def test_relative_dates_go_by_the_day_of_each_row() -> None:
    (pk,) = save([Person(created=NOW - 10 * DAY)])
    facts = facts_of([pk], now=NOW)[pk]
    spec = plain_version(criteria=(criterion(Comparison("lead.created", "within_last_days", 5)),))
    rows = [Past(ago, pk, NOW - ago * DAY, facts) for ago in (0, 4, 5, 9)]
    assert {each.id: each.judged.need for each in verdicts([spec], rows)} == {0: 0, 4: 0, 5: 10, 9: 10}


def test_activities_and_answers_after_the_moment_are_not_known_yet() -> None:
    did = [Did("webinar", "", NOW - 3 * DAY), Did("webinar", "", NOW - DAY)]
    said = [Said("need", 2, NOW - 2 * DAY, NOW + DAY), Said("need", 0, NOW - DAY, NOW + DAY)]
    (pk,) = save([Person(did=tuple(did), said=tuple(said))])
    webinars = criterion(activity=ActivityMatch(("webinar",)), is_per_occurrence=True)
    spec = plain_version(criteria=(webinars,))
    seen = [one(spec, Past(1, pk, NOW - hours * DAY / 24)) for hours in (80, 60, 36, 12)]
    assert [each.need for each in seen] == [0, 10, 10, 20]
    assert [each.bant >> 4 & 3 for each in seen] == [0, 0, 2, 0]


def test_decay_that_was_stopped_later_was_still_running() -> None:
    (pk,) = save([Person(did=(Did("webinar", "", NOW - 20 * DAY),), stopped=NOW - 2 * DAY)])
    fading = Decay(DecayKind.LINEAR, 20)
    spec = plain_version(criteria=(criterion(activity=ActivityMatch(("webinar",)), decay=fading),))
    assert [one(spec, Past(1, pk, NOW - ago * DAY)).need for ago in (15, 10, 0)] == [8, 5, 1]


def test_a_fact_that_was_not_stored_is_todays_and_the_row_is_marked() -> None:
    (pk,) = save([Person(title="CEO", country="DE")])
    facts = facts_of([pk], now=NOW)[pk]
    facts["lead.country"] = "FR"
    del facts["lead.title"]
    french = criterion(Comparison("lead.country", "is", "FR"))
    chief = criterion(Comparison("lead.title", "is", "ceo"), id=2, points=5)
    spec = plain_version(criteria=(french, chief))
    (verdict,) = verdicts([spec], [Past(1, pk, NOW, facts)])
    assert verdict.judged.need == 15
    assert not verdict.is_stored


def test_a_fact_of_another_type_than_the_field_has_today_counts_as_not_stored() -> None:
    (pk,) = save([Person(employees=300)])
    facts = facts_of([pk], now=NOW)[pk] | {"company.employees": "n/a"}
    spec = plain_version(criteria=(criterion(Comparison("company.employees", "gte", 200)),))
    (verdict,) = verdicts([spec], [Past(1, pk, NOW, facts)])
    assert (verdict.judged.need, verdict.is_stored) == (10, False)


def test_a_lead_that_is_gone_has_no_verdict() -> None:
    assert verdicts([plain_version()], [Past(1, 999_999, NOW)]) == []
