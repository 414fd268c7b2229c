"""Background work that stands still is noticed, and everybody is told on every page."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from core import navigation, services, tasks, views
from core.models import Pulse
from core.pulse import READ_EVERY, STILL, Watch
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=9)
SECOND = timedelta(seconds=1)


def beats(at: datetime) -> None:
    Pulse.objects.update_or_create(pk=1, defaults={"at": at})


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Watch:
    """The watch of a process that has been up for long, on pages too."""
    settings.WATCHES_PULSE = True
    mine = Watch(began=LONG_AGO)
    for module in (navigation, views):
        monkeypatch.setattr(module, "watch", mine)
    return mine


class TestWatching:
    def test_the_work_goes_on_while_the_pulse_is_young(self, watch: Watch) -> None:
        beats(NOW - STILL + SECOND)
        assert watch.still_since(NOW) is None

    def test_it_stands_still_since_the_last_pulse(self, watch: Watch) -> None:
        beats(NOW - STILL)
        assert watch.still_since(NOW) == NOW - STILL

    def test_after_a_stop_of_all_the_first_pulse_is_given_time(self) -> None:
        beats(LONG_AGO)
        watch = Watch(began=NOW)
        assert watch.still_since(NOW + STILL - SECOND) is None
        assert watch.still_since(NOW + STILL) == LONG_AGO

    def test_the_watch_begins_with_the_process(self) -> None:
        program = "import sys, django; django.setup(); print(sys.modules['core.pulse'].watch.began)"
        began = subprocess.check_output(
            [sys.executable, "-c", program], text=True, cwd=django_settings.BASE_DIR
        )
        assert abs(datetime.now(UTC) - datetime.fromisoformat(began.strip())) < STILL

    def test_a_clock_that_was_set_back_is_no_standstill(self, watch: Watch) -> None:
        beats(NOW + timedelta(days=1))
        assert watch.still_since(NOW) is None

    def test_without_any_pulse_nothing_is_said(self, watch: Watch) -> None:
        Pulse.objects.all().delete()
        assert watch.still_since(NOW) is None

    def test_it_is_read_every_half_minute_only(
        self, watch: Watch, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        beats(LONG_AGO)
        with django_assert_num_queries(1):
            assert watch.still_since(NOW) == watch.still_since(NOW + READ_EVERY - SECOND) == LONG_AGO
        beats(NOW)
        assert watch.still_since(NOW + READ_EVERY) is None

    def test_a_clock_that_was_set_back_makes_it_read_anew(self, watch: Watch) -> None:
        beats(LONG_AGO)
        watch.still_since(NOW + timedelta(days=9))
        beats(NOW)
        assert watch.still_since(NOW) is None


class TestNoting:
    def test_a_worker_notes_the_time(self) -> None:
        beats(LONG_AGO)
        tasks.note_pulse()
        assert Pulse.objects.get().at > NOW - timedelta(days=1)

    def test_one_that_comes_late_changes_nothing(self) -> None:
        beats(LONG_AGO)
        for at in (NOW, NOW - SECOND, NOW):
            services.note_pulse(now=at)
        assert Pulse.objects.get().at == NOW

    def test_the_first_one_is_written(self) -> None:
        Pulse.objects.all().delete()
        services.note_pulse(now=NOW)
        assert Pulse.objects.get().at == NOW

    def test_beat_asks_for_it_well_within_the_time_that_is_given(self) -> None:
        entry = django_settings.CELERY_BEAT_SCHEDULE["core.tasks.note_pulse"]
        assert entry["task"] == tasks.note_pulse.name
        assert entry["schedule"] <= STILL.total_seconds() / 10


@pytest.mark.usefixtures("watch")
class TestTelling:
    SAID = "background work has stood still since"

    @pytest.mark.parametrize(
        ("role", "what"), [(Role.ADMIN, "Keep it running"), (Role.REP, "tell your admin")]
    )
    def test_every_page_says_since_when_and_what_to_do(self, client: Client, role: Role, what: str) -> None:
        beats(LONG_AGO)
        client.force_login(UserFactory(role=role))
        page = client.get("/", follow=True).text
        assert self.SAID in page
        assert what in page

    def test_pages_say_nothing_while_it_goes_on(self, client: Client) -> None:
        services.note_pulse(now=datetime.now(UTC))
        client.force_login(UserFactory(role=Role.ADMIN))
        assert self.SAID not in client.get("/", follow=True).text

    def test_whoever_is_not_signed_in_reads_nothing_of_it(self, client: Client) -> None:
        beats(LONG_AGO)
        assert self.SAID not in client.get("/", follow=True).text

    def test_the_health_page_says_it_and_is_no_failure(self, client: Client) -> None:
        beats(LONG_AGO)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["work"]) == (200, "still since 2026-11-14T10:00:00+00:00")

    def test_the_health_page_says_that_it_goes_on(self, client: Client) -> None:
        services.note_pulse(now=datetime.now(UTC))
        assert client.get("/healthz").json()["work"] == "ok"
