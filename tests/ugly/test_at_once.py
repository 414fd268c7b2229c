"""The same request several times at once, over HTTP: one is taken, the others are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from core.models import AuditEntry
from feedback.models import Decision, Handoff
from leads.models import StageChange
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned
from tests.ugly.world import browser
from users.models import Role


@pytest.mark.django_db(transaction=True)
def test_two_reps_accept_at_once_over_http(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite lets one writer in at a time: there is no race to run.")
    active_version()
    rep = UserFactory()
    row, people = assigned(rep, at=timezone.now()), [rep, UserFactory(role=Role.SALES_MANAGER)]
    clients, start = [browser(person) for person in (*people, *people)], Barrier(4)

    def accept(place: int) -> int:
        start.wait()
        try:
            return int(clients[place].post(f"/queue/{row.pk}/accept/").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(accept, range(4)))
    assert statuses == [302, 409, 409, 409]
    assert Decision.objects.count() == StageChange.objects.filter(to_stage="accepted").count() == 1
    assert AuditEntry.objects.filter(action="handoff.accepted").count() == 1
    assert Handoff.objects.get().state == "accepted"
