"""The SQL says what the slow reference says, of anybody, under any versions, at any moment."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.models import Dimension
from alignment.spec import CriterionSpec
from rules.context import Context
from rules.nodes import ActivityMatch
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from tests.leads.custom import make_all
from tests.scoring.every_field import every_tree, whole_people
from tests.scoring.reference import Reference
from tests.scoring.strategies import nows, versions, zones
from tests.scoring.world import NOW, ZONE, Did, Person, plain_version, save

pytestmark = pytest.mark.django_db
RELAXED = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@pytest.fixture(autouse=True)
def _custom_fields(db: None) -> None:
    make_all()


def compare(data: st.DataObject) -> None:
    now, zone = data.draw(nows), data.draw(zones)
    crowd = data.draw(st.lists(whole_people(Context(now, zone)), min_size=1, max_size=5))
    scoped = data.draw(st.integers(0, 2))
    specs = [data.draw(versions(number, has_scope=True, asked=every_tree)) for number in range(1, scoped + 1)]
    if not specs or data.draw(st.booleans()):
        specs.append(data.draw(versions(scoped + 1, asked=every_tree)))
    judge = Judge(specs, now, zone)
    with transaction.atomic():
        ids = save(crowd, zone)
        by_list = sorted(judge.judge(Leads(ids=ids)))
        by_range = sorted(judge.judge(Leads(min(ids), max(ids))))
        transaction.set_rollback(True)
    reference = Reference(now, zone)
    expected = [reference.judge(pk, specs, person) for pk, person in zip(ids, crowd, strict=True)]
    assert by_list == expected
    assert by_range == expected


@settings(RELAXED, max_examples=150)
@given(st.data())
def test_sql_and_reference_agree(data: st.DataObject) -> None:
    compare(data)


@pytest.mark.long
@settings(RELAXED, max_examples=5_000)
@given(st.data())
def test_sql_and_reference_agree_thousands_of_times(data: st.DataObject) -> None:
    compare(data)


@pytest.mark.parametrize("points", [100, -100])
def test_more_activities_than_a_number_of_32_bits_has_room_for(points: int) -> None:
    """25,000 of 100 points in thousandths are 2.5 billion."""
    views = CriterionSpec(
        id=1,
        key="k",
        label="Views",
        dimension=Dimension.ENGAGEMENT,
        points=points,
        activity=ActivityMatch(("page_view",)),
        is_per_occurrence=True,
    )
    did = (Did("page_view", "", NOW - timedelta(days=1)),) * 25_000
    ids = save([Person(did=did)])
    (judged,) = Judge([plain_version(criteria=(views,))], NOW, ZONE).judge(Leads(ids=ids))
    assert judged.engagement == (15 if points > 0 else 0)
