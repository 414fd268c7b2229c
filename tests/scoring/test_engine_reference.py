"""The SQL says what the slow reference says, of anybody, under any versions, at any moment."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from tests.scoring.reference import Reference
from tests.scoring.strategies import nows, people, versions, zones
from tests.scoring.world import save

pytestmark = pytest.mark.django_db
RELAXED = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def compare(data: st.DataObject) -> None:
    now, zone = data.draw(nows), data.draw(zones)
    crowd = data.draw(st.lists(people(now), min_size=1, max_size=5))
    scoped = data.draw(st.integers(0, 2))
    specs = [data.draw(versions(number, has_scope=True)) for number in range(1, scoped + 1)]
    if not specs or data.draw(st.booleans()):
        specs.append(data.draw(versions(scoped + 1)))
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


@settings(RELAXED, max_examples=300)
@given(st.data())
def test_sql_and_reference_agree(data: st.DataObject) -> None:
    compare(data)


@pytest.mark.long
@settings(RELAXED, max_examples=5_000)
@given(st.data())
def test_sql_and_reference_agree_thousands_of_times(data: st.DataObject) -> None:
    compare(data)
