"""Nothing is lost under fire: workers killed, the broker gone, connections cut, a version activated.

The same run with the lock of the marks taken out must leave wrong scores, or it proves nothing.
``BANTAM_FIRE_SEED`` repeats a run; the seed and each fault are logged.
"""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import broker
from leads.models import Lead
from scoring import querysets
from scoring.services import activating
from tests.scoring.fire import Fire, doubled_history, make_base, wrong_scores
from tests.workers import Broker, Workers

SEED = int(os.environ.get("BANTAM_FIRE_SEED", "4"))
logger = logging.getLogger(__name__)
Kindle = Callable[..., Fire]


@pytest.fixture
def kindle(workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kindle]:
    """Make a fire of so many leads, changes and faults, with a broker of its own."""
    with Broker(tmp_path) as redis:
        monkeypatch.setenv("REDIS_URL", redis.url)
        monkeypatch.setenv("CELERY_BROKER_URL", redis.url)
        broker.forget()

        def make(leads: int, changes: int, faults: int, *, is_lossy: bool = False) -> Fire:
            monkeypatch.setattr(activating, "RANGE", {"postgresql": max(leads // 40, 1)})
            ids = make_base(leads)
            return Fire(workers, redis, tmp_path, ids, SEED, changes, faults, is_lossy)

        yield make
        workers.close()
    broker.forget()


@pytest.mark.workers
def test_every_lead_ends_with_the_score_its_facts_deserve(kindle: Kindle) -> None:
    check(kindle(leads=120, changes=300, faults=4))


@pytest.mark.workers
def test_the_same_with_the_lock_of_the_marks_taken_out_leaves_wrong_scores(kindle: Kindle) -> None:
    check_that_it_fails(kindle(leads=120, changes=300, faults=4, is_lossy=True))


@pytest.mark.workers
@pytest.mark.long
def test_fifty_faults_in_20_000_changes_leave_nothing_wrong(kindle: Kindle) -> None:
    check(kindle(leads=2_000, changes=20_000, faults=50))


@pytest.mark.workers
@pytest.mark.long
def test_fifty_faults_with_the_lock_taken_out_leave_wrong_scores(kindle: Kindle) -> None:
    check_that_it_fails(kindle(leads=2_000, changes=20_000, faults=50, is_lossy=True))


def check(fire: Fire) -> None:
    """Burn it, and find nothing wrong."""
    first = querysets.live_generation_id()
    fire.burn()
    assert querysets.live_generation_id() != first
    assert wrong_scores() == []
    assert doubled_history() == []
    assert querysets.live_scores().count() == Lead.objects.count()


def check_that_it_fails(fire: Fire) -> None:
    """Burn it, and find what ``check`` would."""
    fire.burn()
    wrong = wrong_scores()
    logger.warning("wrong scores without the lock: %s", len(wrong))
    assert wrong
