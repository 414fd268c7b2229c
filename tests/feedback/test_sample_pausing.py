"""The sample company pauses some clocks, whatever moment it is made for."""

from datetime import timedelta

import pytest

from feedback.models import Handoff, Pause
from feedback.sample.pausing import MOST, pause_some
from feedback.sample.plan import Plan
from tests.factories import UserFactory
from tests.feedback.world import NOW, active_version, assigned

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [1, 15, 25, 90])
def test_a_lead_that_came_minutes_ago_is_paused_and_goes_on_within_them_or_is_left_alone(
    minutes: int,
) -> None:
    version = active_version(grade="A", source="Fair", may_pause=True, decision_amount=5)
    for _ in range(MOST + 1):
        rep = UserFactory()
        for _ in range(2):
            assigned(rep, at=NOW - timedelta(minutes=minutes))
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    pause_some(Plan(leads=8, activities=0, seed=1, now=NOW))
    assert Pause.objects.filter(ended_at=None).count() == MOST
    ended = Pause.objects.exclude(ended_at=None)
    assert all(pause.starts_at < (pause.ended_at or NOW) < NOW for pause in ended)
    assert ended.exists() == (minutes > 10)
