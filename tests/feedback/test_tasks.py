"""Celery's way in: the tasks open handoffs, and are told as soon as leads were judged."""

from collections.abc import Callable

import pytest
from django.conf import settings

from core.hooks import hooks
from feedback import tasks
from feedback.models import Handoff
from tests.factories import UserFactory
from tests.feedback.world import active_version, ready_lead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("task", [tasks.open_wanted, tasks.compare_all])
def test_a_task_opens_what_is_wanted_and_a_repeat_opens_nothing(task: Callable[[], int]) -> None:
    active_version()
    UserFactory()
    ready_lead()
    assert [task(), task()] == [1, 0]
    assert Handoff.objects.get().state == "assigned"


def test_scoring_tells_of_new_scores() -> None:
    assert tasks.hint_open_wanted in hooks.scores_changed


@pytest.mark.parametrize("name", ["open_wanted", "compare_all", "sweep", "keep_weeks", "send_week"])
def test_the_beat_finds_what_a_lost_hint_left(name: str) -> None:
    assert f"feedback.tasks.{name}" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
