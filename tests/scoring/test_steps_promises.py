"""What a step promises comes true when it is done, of anybody, under any versions, at any moment."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.spec import VersionSpec
from scoring.engine.running import Judge, Judged
from scoring.engine.statement import Leads
from scoring.steps import NextSteps, State, Step
from scoring.steps.finding import steps_under
from tests.scoring.stepping import do, fresh
from tests.scoring.strategies import nows, people, versions, zones
from tests.scoring.test_engine_reference import RELAXED
from tests.scoring.world import save
from users.models import Organisation

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Takes back what was done to try it."""


def judged(specs: Sequence[VersionSpec], pk: int, now: dt.datetime, zone: ZoneInfo) -> Judged:
    (found,) = Judge(specs, now, zone).judge(Leads(ids=[pk]))
    return found


def done(step: Step, specs: Sequence[VersionSpec], pk: int, now: dt.datetime, zone: ZoneInfo) -> Judged:
    """The lead once the step was really taken; taken back afterwards."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        do(step, pk, now)
        found = judged(specs, pk, now, zone)
        transaction.savepoint_rollback(savepoint)
    return found


def assert_kept(
    found: NextSteps, specs: Sequence[VersionSpec], pk: int, now: dt.datetime, zone: ZoneInfo
) -> None:
    before = judged(specs, pk, now, zone)
    for step in found.steps:
        assert step.before[1:] == before[1:]
        after = done(step, specs, pk, now, zone)
        assert after[1:] == step.after[1:], step.text
        assert (after.grade or "E") <= (before.grade or "E")
        assert after.is_ready >= before.is_ready
        assert after.total >= before.total
        is_better = after.grade != before.grade or after.is_ready != before.is_ready
        assert is_better == (found.state is State.STEPS)
    assert [step.effort for step in found.steps] == sorted(step.effort for step in found.steps) or (
        found.state is State.NEAREST
    )
    assert bool(found.steps) == (found.state in (State.STEPS, State.NEAREST))
    assert (found.state is State.DONE) == (before.grade == "A" and before.is_ready)
    assert (found.state is State.OUTSIDE) == (before.version_id is None)


def try_anybody(data: st.DataObject) -> None:
    now, zone = data.draw(nows), data.draw(zones)
    crowd = data.draw(st.lists(people(now), min_size=1, max_size=2))
    specs = [data.draw(versions(1, has_scope=data.draw(st.booleans()))), data.draw(versions(2))]
    with transaction.atomic():
        Organisation.objects.update_or_create(pk=1, defaults={"zone": zone.key})
        ids = save(crowd, zone)
        for pk in ids:
            assert_kept(steps_under(specs, fresh(pk), now=now), specs, pk, now, zone)
        transaction.set_rollback(True)


@settings(RELAXED, max_examples=25)
@given(st.data())
def test_every_step_keeps_its_promise(data: st.DataObject) -> None:
    try_anybody(data)


@pytest.mark.long
@settings(RELAXED, max_examples=1_500)
@given(st.data())
def test_the_same_a_thousand_times(data: st.DataObject) -> None:
    try_anybody(data)
