"""Nothing is lost: workers killed, the broker gone, a version activated meanwhile, editors all the time."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from alignment import services as alignment
from core import broker
from leads.marks import mark
from leads.models import ChangedLead, Lead
from scoring import querysets, services
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.models import Generation, ScoreChange
from scoring.services import activating, marks, writing
from scoring.services.logging import finish_logging
from scoring.tasks import judge
from tests.alignment.factories import make_version
from tests.scoring.world import Did, Person, add, save
from tests.workers import Broker, Workers, wait_until
from users.models import Organisation

TITLES = ("Founder", "Student", "Assistant", "Team Lead", "")
HOT = 30
FIRE_SECONDS = 25
Mark = Callable[[list[int]], None]


def whole_mark(ids: list[int]) -> None:
    mark(ids, cause="edit", now=timezone.now())


def lossy_mark(ids: list[int]) -> None:
    """The mark with its lock taken out: it doesn't wait for a worker that holds the row."""
    rows = [ChangedLead(lead_id=pk, cause="edit", marked_at=timezone.now()) for pk in ids]
    ChangedLead.objects.bulk_create(rows, ignore_conflicts=True)


def edit(pk: int, dice: random.Random, mark: Mark) -> None:
    """One change of a lead's facts and its mark, in one transaction as every service has it."""
    with transaction.atomic():
        title = dice.choice(TITLES)
        Lead.objects.filter(pk=pk).update(title=title, title_folded=title.lower())
        if dice.random() < 0.2:
            add(pk, [Did("webinar", "", timezone.now() - timedelta(hours=dice.randint(1, 900)))])
        mark([pk])


@contextmanager
def editors(ids: list[int], mark: Mark, count: int = 3) -> Iterator[None]:
    """Editors on connections of their own who don't stop before the block ends."""
    stop, problems = threading.Event(), []

    def work(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - a repeatable test
        try:
            while not stop.is_set():
                edit(dice.choice(ids), dice, mark)
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


def stale() -> list[int]:
    """The leads whose stored score is not what their facts deserve."""
    generation = querysets.live_generation_id()
    assert generation is not None
    judge = Judge(querysets.specs_of(generation), timezone.now(), Organisation.current().tz)
    with transaction.atomic():
        changes = judge.changes(generation, Leads(0, 2**63 - 1))
    return [change.new.lead_id for change in changes]


def check_history() -> None:
    """No change is told of twice, and each begins where the one before ended."""
    last: dict[tuple[int, int], ScoreChange] = {}
    for row in ScoreChange.objects.order_by("id"):
        same = row.cause != "activation" and row.old_total == row.new_total
        assert not (same and (row.old_grade, row.was_ready) == (row.new_grade, row.is_ready)) or any(
            (row.budget, row.authority, row.need, row.timeframe, row.fit, row.engagement)
        )
        before = last.get((row.lead_id, row.generation))
        if before is not None:
            assert (before.new_total, before.new_grade) == (row.old_total, row.old_grade)
        last[row.lead_id, row.generation] = row


def is_quiet() -> bool:
    """Every mark is judged, nothing is being built and the live activation is told of."""
    unfinished = Generation.objects.filter(state="building").exists()
    logged = Generation.objects.filter(state="live", is_logged=True).exists()
    return not ChangedLead.objects.exists() and not unfinished and logged


@pytest.fixture
def base(transactional_db: None) -> list[int]:
    """120 leads, judged under the shipped version."""
    alignment.install_template(by=None, now=timezone.now())
    ids = save([Person(title=TITLES[number % len(TITLES)], employees=number * 9) for number in range(120)])
    services.activate_due(now=timezone.now())
    while services.build_range(now=timezone.now()):
        pass
    services.finish_build(now=timezone.now())
    while services.log_activation_range(now=timezone.now()):
        pass
    finish_logging()
    return ids


@pytest.mark.workers
def test_every_lead_ends_with_the_score_its_facts_deserve(
    base: list[int], workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activating, "RANGE", {"postgresql": 20})
    first = querysets.live_generation_id()
    dice = random.Random(4)  # noqa: S311 - a repeatable test
    with editors(base[:HOT], whole_mark):
        process = workers.start(beat=True)
        for _ in range(2):
            time.sleep(dice.uniform(0.3, 1.5))
            workers.kill(process)
            process = workers.start(beat=True)
        make_version(position=0, floor_c=15)
        with monkeypatch.context() as away:
            away.setattr(broker, "send", lambda *_: False)
            services.activate_due(now=timezone.now())
            lose_all_messages()
            time.sleep(1)
        services.build_range(now=timezone.now())
        time.sleep(dice.uniform(0.3, 1))
        workers.kill(process)
        workers.start(beat=True)
        wait_until(lambda: querysets.live_generation_id() != first, "the flip")
    wait_until(is_quiet, "the sweeps to find everything")
    assert stale() == []
    assert querysets.live_scores().count() == len(base)
    check_history()


def lose_all_messages() -> None:
    """As a broker that was stopped and started empty."""
    with current_app.connection_for_write() as link:
        client = link.default_channel.client  # type: ignore[attr-defined]  # the Redis channel has one
        client.flushdb()
        client.execute_command("CLIENT", "KILL", "TYPE", "normal")


def race(pk: int, mark: Mark, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A worker has claimed and judged a lead but not committed when its facts change; what is stale then?"""
    judged, edited = threading.Event(), threading.Event()
    write = writing.write

    def slow_write(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]  # passed on as they came
        judged.set()
        edited.wait(0.5)

    def work() -> None:
        services.judge_marked(now=timezone.now())
        connection.close()

    with monkeypatch.context() as slow:
        slow.setattr(marks, "write", slow_write)
        with transaction.atomic():
            whole_mark([pk])
        worker = threading.Thread(target=work)
        worker.start()
        assert judged.wait(10)
        with transaction.atomic():
            Lead.objects.filter(pk=pk).update(title="Founder", title_folded="founder")
            mark([pk])
        edited.set()
        worker.join()
    while services.judge_marked(now=timezone.now()):
        pass
    return stale()


@pytest.mark.workers
def test_a_change_while_a_worker_holds_the_mark_is_not_lost(
    base: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(base[1], whole_mark, monkeypatch) == []


@pytest.mark.workers
def test_the_same_with_the_marks_lock_taken_out_loses_it(
    base: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(base[1], lossy_mark, monkeypatch) == [base[1]]


@pytest.mark.workers
def test_real_workers_lose_changes_when_the_marks_lock_is_taken_out(
    base: list[int], workers: Workers
) -> None:
    """The fire with Celery's own processes: marks that don't wait leave a lead stale, or it's no proof."""
    workers.start(beat=True)
    lost: list[int] = []
    limit = time.monotonic() + FIRE_SECONDS
    while not lost and time.monotonic() < limit:
        with editors(base[:HOT], lossy_mark), judging_all_the_time():
            time.sleep(2)
        wait_until(lambda: not ChangedLead.objects.exists(), "the marks to be judged")
        time.sleep(0.2)
        lost = stale()
    assert lost


@contextmanager
def judging_all_the_time() -> Iterator[None]:
    """Messages to judge, so that workers hold marks nearly always and don't wait for the next sweep."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            judge.delay()
            time.sleep(0.02)

    sender = threading.Thread(target=work)
    sender.start()
    try:
        yield
    finally:
        stop.set()
        sender.join()


@pytest.mark.workers
def test_a_broker_that_is_stopped_and_started_again_loses_nothing(
    base: list[int], workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process of the broker ends amid the edits and comes back empty; no worker is started anew."""
    with Broker(tmp_path) as redis:
        monkeypatch.setenv("REDIS_URL", redis.url)
        workers.start(beat=True)
        with editors(base[:HOT], whole_mark):
            time.sleep(1)
            redis.stop()
            while not ChangedLead.objects.exists():
                time.sleep(0.05)
            time.sleep(2)
            redis.start()
            before = ScoreChange.objects.count()
            wait_until(lambda: ScoreChange.objects.count() > before, "the workers to be back", seconds=40)
        wait_until(is_quiet, "the sweeps to find everything")
    assert stale() == []
    check_history()


@pytest.mark.workers
def test_the_fire_itself_finds_a_missing_lock(base: list[int]) -> None:
    """Editors and workers as above, but marks that don't wait: a lead is stale, or it proves nothing."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            services.judge_marked(now=timezone.now())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    lost: list[int] = []
    limit = time.monotonic() + 25
    while not lost and time.monotonic() < limit:
        with editors(base[:HOT], lossy_mark):
            time.sleep(1.5)
        wait_until(lambda: not ChangedLead.objects.exists(), "the marks to be judged")
        time.sleep(0.2)
        lost = stale()
    stop.set()
    for thread in threads:
        thread.join()
    assert lost
