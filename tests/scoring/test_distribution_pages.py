"""The page *Grades*: who sees it, what stands there, its file, and counting again."""

import csv
import datetime as dt
import io
import re
from typing import ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leads.days import day_number
from leads.models import Lead
from scoring import tasks
from scoring.distribution import counting
from scoring.distribution.models import GradeCount
from scoring.models import Generation, Refresh, Score
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.factories import UserFactory
from tests.scoring.graded import live_generation, random_base
from tests.scoring.previewing import in_force
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
QUERIES = 19


class TestGradesAccess(AccessTests):
    url_name = "scoring:grades"
    expected: ClassVar = {role: FORBIDDEN if role == Role.REP else OK for role in Role}
    other_team = FORBIDDEN


class TestGradesFileAccess(TestGradesAccess):
    url_name = "scoring:grades_file"


class TestCountGradesAccess(AccessTests):
    url_name = "scoring:grades_count"
    method = "post"
    expected: ClassVar = {role: FORBIDDEN if role in (Role.REP, Role.EXECUTIVE) else MOVED for role in Role}
    other_team = FORBIDDEN


@pytest.fixture
def manager(client: Client) -> User:
    person = UserFactory(role=Role.MARKETING_MANAGER)
    client.force_login(person)
    return person


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Hints to the task, which a worker would get."""
    found: list[tuple[object, ...]] = []
    monkeypatch.setattr("scoring.views.distribution.hint", lambda *given: found.append(given))
    return found


def text(client: Client, query: str = "") -> str:
    answer = client.get(reverse("scoring:grades") + query)
    assert answer.status_code == OK
    return re.sub(r"\s+", " ", answer.content.decode())


class TestThePage:
    def test_each_figure_leads_to_its_leads(self, client: Client, manager: User) -> None:
        in_force()
        page = text(client)
        assert "60 leads, all teams, counted just now." in page
        bad = Score.objects.filter(grade="D")
        least = bad[0].total // 5 * 5
        assert f'href="/leads/?score.grade=D" aria-label="Grade D: {bad.count()}"' in page
        assert f'href="/leads/?score.total.between={least}%2C{least + 4}&amp;score.grade=D"' in page
        assert 'href="/leads/?lead.source.unknown=1&amp;score.grade=D"' in page

    def test_an_executive_sees_the_figures_and_no_way_to_the_leads(self, client: Client) -> None:
        client.force_login(UserFactory(role=Role.EXECUTIVE))
        in_force()
        page = text(client)
        assert "60 leads, all teams" in page
        assert "/leads/" not in page

    @pytest.mark.parametrize("size", [5, 60])
    def test_it_takes_as_many_queries_for_many_leads_as_for_few(
        self, client: Client, manager: User, size: int
    ) -> None:
        random_base(2, size)
        Generation.objects.update(live_at=timezone.now() - dt.timedelta(days=20))
        Score.objects.update(grade="B")
        today = day_number(timezone.now(), Organisation.current().tz)
        for day in (today - 14, today - 7):
            GradeCount.objects.create(day=day, at=timezone.now())
        text(client, "?by=campaign")
        with CaptureQueriesContext(connection) as found:
            text(client, "?by=campaign")
        quieting = connection.vendor == "postgresql"  # one statement more: no just-in-time compiling
        assert len(found) == QUERIES + quieting

    def test_shares_of_a_few_leads_are_not_told(self, client: Client, manager: User) -> None:
        in_force()
        page = text(client)
        assert "too few" not in page[: page.index("with fewer than 30")]
        Lead.objects.filter(pk__in=list(Lead.objects.values_list("pk", flat=True)[:5])).update(
            source="Fair", source_folded="fair"
        )
        assert "too few" in text(client).split("with fewer than 30")[0]

    def test_what_is_not_there_is_refused_in_words(self, client: Client, manager: User) -> None:
        in_force()
        for query in ("?by=owner", "?sort=name;", "?weeks=13", "?show=all", "?group=none"):
            answer = client.get(reverse("scoring:grades") + query)
            assert answer.status_code == 400
            assert "choose one of" in answer.content.decode()

    def test_no_lead_and_no_grade_have_pages_of_their_own(self, client: Client, manager: User) -> None:
        assert "No lead is there yet" in text(client)
        Lead.objects.create(name="Rita")
        assert "No lead has a grade yet" in text(client)

    def test_it_says_when_time_was_last_looked_at(self, client: Client, manager: User) -> None:
        generation, _ = live_generation()
        assert "the first time on the day after an activation" in text(client)
        run = Refresh.objects.create(
            generation=generation, day=20_000, started_at=timezone.now(), changed=1_204
        )
        assert "is being judged again for the whole base since" in text(client)
        run.ended_at = timezone.now()
        run.save()
        assert "1,204 scores changed" in text(client)
        answer = client.get(reverse("scoring:rescoring"))
        assert "1,204 scores changed" in answer.content.decode()

    def test_a_version_that_came_into_force_is_marked_in_its_week(
        self, client: Client, manager: User
    ) -> None:
        in_force()
        now = timezone.now()
        Generation.objects.update(live_at=now)
        assert 'data-mark="v1"' in text(client)
        assert "Came into force: " in text(client)


class TestALargeBase:
    @pytest.fixture(autouse=True)
    def large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "SMALL", 0)

    def test_the_first_visit_has_it_counted(
        self, client: Client, manager: User, sent: list[tuple[object, ...]]
    ) -> None:
        in_force()
        assert "The leads are being counted" in text(client)
        assert [each[0] for each in sent] == [tasks.count_grades]
        assert counting.count_now(now=timezone.now())
        assert "counted again every 15 minutes" in text(client)
        assert len(sent) == 1

    def test_it_can_be_counted_again_and_goes_back_to_what_was_shown(
        self, client: Client, manager: User, sent: list[tuple[object, ...]]
    ) -> None:
        in_force()
        assert counting.count_now(now=timezone.now())
        assert "Count again" in text(client)
        here = f"{reverse('scoring:grades')}?by=country"
        answer = client.post(reverse("scoring:grades_count"), {"next": here})
        assert answer["Location"] == here
        task, asked = sent[0]
        assert task is tasks.count_grades
        assert tasks.count_grades(str(asked))

    def test_an_executive_is_not_offered_to_count(self, client: Client) -> None:
        client.force_login(UserFactory(role=Role.EXECUTIVE))
        in_force()
        assert counting.count_now(now=timezone.now())
        assert "Count again" not in text(client)


class TestTheFile:
    def rows(self, client: Client, query: str = "") -> list[list[str]]:
        answer = client.get(reverse("scoring:grades_file") + query)
        assert answer.status_code == OK
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_it_has_the_table_in_its_order(self, client: Client, manager: User) -> None:
        in_force()
        head, *rows = self.rows(client, "?by=country&sort=name")
        assert head[:7] == ["Country", "Leads", "A", "B", "C", "D", "No grade"]
        assert [row[:2] for row in rows] == [["Germany", "20"], ["No country", "20"], ["United States", "20"]]
        assert [row[7] for row in rows] == ["", "", ""]

    def test_no_cell_becomes_a_formula(self, client: Client, manager: User) -> None:
        in_force()
        Lead.objects.update(source='=HYPERLINK("x")', source_folded="hyperlink")
        assert self.rows(client)[1][0] == '\'=HYPERLINK("x")'
