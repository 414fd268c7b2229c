"""Bursts of changes are gathered: one message for many marks, one judgement for many changes of a lead."""

from collections.abc import Collection
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from core import broker
from core import tasks as core_tasks
from core.hooks import hooks
from leads.facts import ActivityFacts
from leads.models import Activity
from leads.services import add_activities
from scoring import services, tasks
from scoring.engine.running import Change, Judge
from scoring.engine.statement import Leads
from tests.scoring.fire import make_base

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that a worker was told of."""
    names: list[str] = []
    monkeypatch.setattr(core_tasks, "GATHERED_SECONDS", 3_600)  # a slow machine makes no burst of two
    monkeypatch.setattr(broker, "send", lambda task, _args: names.append(task.name))
    return names


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The leads that were judged again, each as often as it was."""
    ids: list[int] = []
    changes = Judge.changes

    def counted(self: Judge, generation: int, leads: Leads) -> list[Change]:
        chosen: Collection[int] = leads.ids or ()
        ids.extend(chosen)
        return changes(self, generation, leads)

    monkeypatch.setattr(Judge, "changes", counted)
    monkeypatch.setattr(tasks, "GATHER_SECONDS", 0)
    return ids


def view(pk: int) -> None:
    now = timezone.now()
    did = ActivityFacts(kind="page_view", detail="/pricing", at=now, lead_id=pk)
    add_activities(items=[did], by=None, now=now)


def test_a_lead_with_a_thousand_activities_is_judged_once_for_one_message(
    sent: list[str],
    judged: list[int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pk = make_base(1)[0]
    cache.clear()
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(1_000):
            view(pk)
    assert sent == [tasks.judge.name]
    assert tasks.judge() == 1
    assert judged == [pk]
    assert Activity.objects.filter(lead=pk).count() == 1_000
    assert services.judge_marked(now=timezone.now()) == 0


def test_a_change_after_the_task_began_is_worth_a_message_again(
    sent: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pk = make_base(1)[0]
    cache.clear()
    sent.clear()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            view(pk)
        tasks.judge()
    assert sent.count(tasks.judge.name) == 2


def test_every_change_sends_a_message_while_the_cache_is_away(
    sent: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise ConnectionError("no cache")

    pk = make_base(1)[0]
    sent.clear()
    monkeypatch.setattr(cache, "add", away)
    monkeypatch.setattr(cache, "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        view(pk)
        view(pk)
    assert sent == [tasks.judge.name] * 2
    assert tasks.judge() == 1


@pytest.mark.parametrize(("every", "told"), [(3_600.0, 2), (0.0, 3)])
def test_the_listeners_are_told_at_most_so_often_and_always_of_the_last(
    monkeypatch: pytest.MonkeyPatch, every: float, told: int
) -> None:
    """Three batches: the first is told of at once, the last at the end at the latest."""
    batches = [5, 5, 5, 0]
    heard: list[int] = []
    monkeypatch.setattr(tasks, "TELL_SECONDS", every)
    monkeypatch.setattr(tasks, "GATHER_SECONDS", 0)
    monkeypatch.setattr(services, "judge_marked", lambda **_options: batches.pop(0))
    monkeypatch.setattr(hooks, "scores_changed", [lambda: heard.append(len(batches))])
    assert tasks.judge() == 15
    assert len(heard) == told
    assert heard[0] == 3
