"""A change is never lost: not while a worker holds its mark, nor while the broker is away.

All of it together, with workers killed and a version activated meanwhile: ``test_fire``.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leads.marks import mark
from leads.models import ChangedLead, Lead
from scoring import services
from scoring.models import ScoreChange
from scoring.services import marks, writing
from tests.scoring.fire import doubled_history, is_quiet, make_base, wrong_scores
from tests.scoring.world import Did, add
from tests.workers import Broker, Workers, wait_until

TITLES = ("Founder", "Student", "Assistant", "Team Lead", "")
HOT = 30
Mark = Callable[[list[int]], None]


def whole_mark(ids: list[int]) -> None:
    mark(ids, cause="edit", now=timezone.now())


def lossy_mark(ids: list[int]) -> None:
    """The mark with its lock taken out: it doesn't wait for a worker that holds the row."""
    rows = [ChangedLead(lead_id=pk, cause="edit", marked_at=timezone.now()) for pk in ids]
    ChangedLead.objects.bulk_create(rows, ignore_conflicts=True)


def edit(pk: int, dice: random.Random) -> None:
    """One change of a lead's facts and its mark, in one transaction as every service has it."""
    with transaction.atomic():
        title = dice.choice(TITLES)
        Lead.objects.filter(pk=pk).update(title=title, title_folded=title.lower())
        if dice.random() < 0.2:
            add(pk, [Did("webinar", "", timezone.now() - timedelta(hours=dice.randint(1, 900)))])
        whole_mark([pk])


@contextmanager
def editors(ids: list[int], count: int = 3) -> Iterator[None]:
    """Editors on connections of their own who don't stop before the block ends."""
    stop, problems = threading.Event(), []

    def work(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - a repeatable test
        try:
            while not stop.is_set():
                edit(dice.choice(ids), dice)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not problems


@pytest.fixture
def base(transactional_db: None) -> list[int]:
    """120 leads, judged under the shipped version."""
    return make_base(120)


def race(pk: int, mark: Mark, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> list[int]:
    """A worker has claimed and judged a lead but not committed when its facts change; what is stale then?

    It commits after the change, or after so many seconds where the change waits for it.
    """
    judged, edited = threading.Event(), threading.Event()
    write = writing.write

    def slow_write(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]  # passed on as they came
        judged.set()
        edited.wait(patience)

    def work() -> None:
        services.judge_marked(now=timezone.now())
        connection.close()

    with monkeypatch.context() as slow:
        slow.setattr(marks, "write", slow_write)
        with transaction.atomic():
            whole_mark([pk])
        worker = threading.Thread(target=work)
        worker.start()
        assert judged.wait(60)
        with transaction.atomic():
            Lead.objects.filter(pk=pk).update(title="Founder", title_folded="founder")
            mark([pk])
        edited.set()
        worker.join()
    while services.judge_marked(now=timezone.now()):
        pass
    return wrong_scores()


@pytest.mark.workers
def test_a_change_while_a_worker_holds_the_mark_is_not_lost(
    base: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(base[1], whole_mark, monkeypatch, patience=0.5) == []


@pytest.mark.workers
def test_the_same_with_the_marks_lock_taken_out_loses_it(
    base: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(base[1], lossy_mark, monkeypatch, patience=60) == [base[1]]


@pytest.mark.workers
def test_a_broker_that_is_stopped_and_started_again_loses_nothing(
    base: list[int], workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process of the broker ends amid the edits and comes back empty.

    The worker goes on; if the broker went just while it put a message back it ends, and is started anew as
    compose does.
    """
    with Broker(tmp_path) as redis:
        monkeypatch.setenv("REDIS_URL", redis.url)
        worker = workers.start(beat=True)
        with editors(base[:HOT]):
            time.sleep(1)
            redis.stop()
            while not ChangedLead.objects.exists():
                time.sleep(0.05)
            time.sleep(2)
            redis.start()
            before = ScoreChange.objects.count()

            def is_back() -> bool:
                nonlocal worker
                worker = workers.kept(worker, beat=True)
                return ScoreChange.objects.count() > before

            wait_until(is_back, "the worker to be back")
        wait_until(is_quiet, "the sweeps to find everything")
    assert wrong_scores() == []
    assert doubled_history() == []
