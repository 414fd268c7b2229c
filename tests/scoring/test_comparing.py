"""Two sets of versions side by side say of everybody what each says alone, and read the activities once."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.spec import VersionSpec
from rules.nodes import ActivityCount, ActivityMatch
from scoring.engine.comparing import Comparer
from scoring.engine.running import Judge, Judged
from scoring.engine.statement import Choice, Leads, side_by_side
from tests.scoring.strategies import nows, people, versions, zones
from tests.scoring.world import NOW, ZONE, plain_version, save

RELAXED = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
NOBODY = Judged(0, None, 0, 0, 0, 0, 0, 0, 0, None, 0, 1)
"""No grade, no points, not sales-ready: where nothing is in force yet."""


def some_versions(data: st.DataObject, first: int, least: int) -> list[VersionSpec]:
    """Several in their order; the last one takes every lead, or leads are left without a grade."""
    count = data.draw(st.integers(least, 2))
    return [
        data.draw(versions(first + place, has_scope=place < count - 1 or data.draw(st.booleans())))
        for place in range(count)
    ]


@pytest.mark.django_db
@RELAXED
@given(st.data())
def test_each_side_says_what_it_says_alone(data: st.DataObject) -> None:
    now, zone = data.draw(nows), data.draw(zones)
    old, new = some_versions(data, 1, least=0), some_versions(data, 11, least=1)
    crowd = data.draw(st.lists(people(now), min_size=1, max_size=4))
    with transaction.atomic():
        leads = Leads(ids=save(crowd, zone))
        moved = Comparer(old, new, now, zone).compare(leads)
        before = {each.lead_id: each for each in Judge(old, now, zone).judge(leads)} if old else {}
        after = {each.lead_id: each for each in Judge(new, now, zone).judge(leads)}
        transaction.set_rollback(True)
    assert [each.lead_id for each in moved] == sorted(after)
    for each in moved:
        was, now_is = before.get(each.lead_id, NOBODY), after[each.lead_id]
        assert (each.old_grade, each.old_total, each.was_ready) == (was.grade, was.total, was.is_ready)
        assert (each.new_grade, each.new_total, each.is_ready) == (
            now_is.grade,
            now_is.total,
            now_is.is_ready,
        )


@pytest.mark.django_db
def test_both_sides_read_activities_and_answers_once() -> None:
    once, often = (
        plain_version(id=number, gate_must_have=ActivityCount(ActivityMatch(("page_view",)), at_least=least))
        for number, least in ((1, 1), (2, 3))
    )
    tables = side_by_side([[once], [often]], Choice.RANGE, NOW, ZONE).tables.text
    assert (tables.count("FROM leads_activity"), tables.count("FROM leads_bantanswer")) == (1, 1)
