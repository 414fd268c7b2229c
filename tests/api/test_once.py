"""``Idempotency-Key``: a write that is sent again is answered as the first time and not done again."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core.models import IdempotentRequest
from core.tasks import prune_idempotent_requests
from leads.models import Lead
from tests.api.asking import Caller, error

pytestmark = pytest.mark.django_db
RITA = {"name": "Rita"}


def test_a_repeat_gets_the_first_answer_and_writes_nothing() -> None:
    caller = Caller()
    first = caller.post("leads/", RITA, key="k1")
    Lead.objects.update(name="Renamed")
    again = caller.post("leads/", RITA, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Lead.objects.count() == 1


def test_without_a_key_each_write_counts() -> None:
    caller = Caller()
    caller.post("leads/", RITA)
    caller.post("leads/", RITA)
    assert (Lead.objects.count(), IdempotentRequest.objects.count()) == (2, 0)


def test_a_key_with_another_body_is_refused() -> None:
    caller = Caller()
    caller.post("leads/", RITA, key="k1")
    assert error(caller.post("leads/", {"name": "Rosa"}, key="k1"), 422)["code"] == "key_reused"
    assert Lead.objects.count() == 1


def test_a_key_is_one_persons_for_one_address() -> None:
    caller, other = Caller(), Caller()
    caller.post("leads/", RITA, key="k1")
    assert other.post("leads/", RITA, key="k1").status_code == 201
    batch = caller.post("leads/batch/", {"leads": [RITA]}, key="k1")
    assert batch.json()["results"][0]["outcome"] == "created"
    assert Lead.objects.count() == 3


def test_an_error_keeps_nothing_so_that_the_key_may_be_used_again() -> None:
    caller = Caller()
    error(caller.post("leads/", {"name": "R", "email": "no at sign"}, key="k1"), 400)
    assert not IdempotentRequest.objects.exists()
    assert caller.post("leads/", RITA, key="k1").status_code == 201


def test_a_write_that_breaks_leaves_neither_lead_nor_key(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = Caller()
    monkeypatch.setattr("leads.api.views._one", lambda *_args, **_named: 1 / 0)
    error(caller.post("leads/", RITA, key="k1"), 500)
    assert not Lead.objects.exists()
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize("key", ["x" * 256, "a b", "ä", "\x7f"])
def test_a_key_that_cant_be_is_refused(key: str) -> None:
    error(Caller().post("leads/", RITA, key=key), 400)
    assert not Lead.objects.exists()


def test_after_a_day_the_key_is_free_again_and_tidied_away() -> None:
    caller = Caller()
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        Caller(caller.person).post("leads/", RITA, key="old")
        Caller(caller.person).post("leads/", RITA, key="older")
    assert caller.post("leads/", {"name": "Rosa"}, key="old").status_code == 201
    assert prune_idempotent_requests() == 1
    assert IdempotentRequest.objects.get().key == "old"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_writes_once(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite in memory refuses a second writer at once; a file lets it wait.")
    callers = [Caller()]
    callers.append(Caller(callers[0].person))
    start, answers = threading.Barrier(2), []

    def send(caller: Caller) -> None:
        start.wait(10)
        answers.append(caller.post("leads/", RITA, key="k1"))
        connection.close()

    threads = [threading.Thread(target=send, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 1
    assert Lead.objects.count() == 1
