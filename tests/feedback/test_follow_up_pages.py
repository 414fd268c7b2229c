"""The follow-up page: who sees its parts, every number opens its leads, files, and staying fresh."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import OutboxMessage
from feedback.models import Assignment, Handoff, NoticeSettings, SlaEvent
from feedback.services.sla import sweep
from feedback.services.weekly import send_week
from tests.access import FORBIDDEN, AccessTests
from tests.factories import TeamFactory, UserFactory
from tests.feedback.test_report_pages import MANAGERS_ONLY, signed_in
from tests.feedback.world import NOW, assigned, make_lead, waiting
from users.models import Organisation, Role

pytestmark = pytest.mark.django_db
SPLITS = ("grade", "source", "team", "rep", "version")
FILES = ("parts", "weeks", "delays", "hours", "flow", "steps", "reps")


class TestWhoSeesWhatIsOpen(AccessTests):
    url_name = "feedback:sla_now"
    expected: ClassVar = MANAGERS_ONLY
    other_team = FORBIDDEN


class TestWhoSeesThePeriod(AccessTests):
    url_name = "feedback:sla_period"
    expected: ClassVar = MANAGERS_ONLY
    other_team = FORBIDDEN


class TestWhoTakesTheFiles(AccessTests):
    expected: ClassVar = MANAGERS_ONLY
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse("feedback:sla_file", args=["parts"])


@pytest.fixture
def worked() -> list[Assignment]:
    """Two teams' leads: answered, missed, rejected and just assigned."""
    now, south = timezone.now(), UserFactory(name="Sue", team=TeamFactory(name="South"))
    north = UserFactory(name="Ned")
    rows = []
    for number, (owner, grade, age) in enumerate(
        [
            (north, "A", 15),
            (north, "B", 15),
            (south, "A", 9),
            (south, "B", 8),
            (north, "A", 0),
            (south, "A", 0),
        ]
    ):
        lead = make_lead(number, source=("Web", "web", "", "Fair")[number % 4])
        rows.append(assigned(owner, lead, at=now - timedelta(days=age), grade=grade))
    answered, rejected = rows[0], rows[1]
    Assignment.objects.filter(pk=answered.pk).update(
        responded_at=answered.assigned_at + timedelta(minutes=5), response_minutes=5
    )
    then = rejected.assigned_at + timedelta(hours=2)
    Assignment.objects.filter(pk=rejected.pk).update(decided_at=then, ended_at=then, decision_minutes=120)
    sweep(now=now)
    return rows


def figures_of(page: str) -> list[tuple[str, int]]:
    """Each number that is a link to leads, with its address."""
    found = re.findall(r'<a[^>]*href="(/sla/leads/[^"]*)"[^>]*>\s*([\d,]+)(?: leads?)?\s*</a>(?! %)', page)
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


@pytest.mark.parametrize("clock", ["response", "decision"])
@pytest.mark.parametrize("split", SPLITS)
def test_behind_every_number_stand_as_many_leads(worked: list[Assignment], split: str, clock: str) -> None:
    client = signed_in(Role.SALES_MANAGER)
    for team in ("", str(worked[2].owner.team_id)):
        query = {"split": split, "clock": clock, "team": team, "whole": "1"}
        page = client.get(reverse("feedback:sla"), query)
        found = figures_of(page.text)
        assert len(found) > 20
        for address, number in found:
            listed = client.get(address)
            assert listed.status_code == 200, address
            assert listed.context["page"].paginator.count == number, address


def test_the_leads_behind_a_share_are_those_that_were_due(worked: list[Assignment]) -> None:
    client = signed_in(Role.SALES_MANAGER)
    page = client.get(reverse("feedback:sla"), {"whole": "1"}).text
    plotted = re.findall(r'href="(/sla/leads/[^"]*of=due[^"]*)">(?:100|0|50)</a> %', page)
    assert plotted
    for address in plotted:
        assert client.get(unescape(address)).context["page"].paginator.count > 0


def test_the_chips_say_what_a_list_was_narrowed_to(worked: list[Assignment]) -> None:
    query = {"of": "assigned", "weeks": "12", "weekday": "0", "hour": "9", "source": "(none)", "show": "met"}
    page = signed_in(Role.SALES_MANAGER).get(reverse("feedback:sla_assignments"), query).text
    for words in (
        "it was in time",
        "the source is not known",
        "it was assigned in the last 12 weeks",
        "it was assigned on a Monday",
        "it was assigned between 9:00 and 9:59",
    ):
        assert words in page


@pytest.mark.parametrize("name", ["feedback:sla_now", "feedback:sla_period"])
def test_a_part_that_did_not_change_is_answered_304_and_one_that_did_anew(
    worked: list[Assignment], name: str
) -> None:
    client, address = signed_in(Role.SALES_MANAGER), reverse(name)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    now = timezone.now()
    Assignment.objects.filter(pk=worked[-1].pk).update(
        responded_at=now, response_minutes=1, decided_at=now, decision_minutes=1
    )
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_page_asks_for_its_parts_with_the_tags_it_was_drawn_with(worked: list[Assignment]) -> None:
    client = signed_in(Role.SALES_MANAGER)
    page = client.get(reverse("feedback:sla"), {"split": "rep", "whole": "1"}).text
    addresses = re.findall(r'hx-get="(/sla/(?:now|period)/[^"]*)"', page)
    tags = re.findall(r'"If-None-Match": "([^}]*)"}', page)
    assert len(addresses) == len(tags) == 2
    for address, tag in zip(addresses, tags, strict=True):
        told = tag.replace("\\u0022", '"')
        assert client.get(unescape(address), headers={"If-None-Match": told}).status_code == 304


def read(client: Client, table: str, **query: str) -> list[list[str]]:
    answer = client.get(reverse("feedback:sla_file", args=[table]), query)
    assert answer["Content-Disposition"] == f'attachment; filename="follow-up-{table}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("table", FILES)
def test_every_table_is_a_file(worked: list[Assignment], table: str) -> None:
    head, *rows = read(signed_in(Role.SALES_MANAGER), table)
    assert rows
    assert {len(row) for row in rows} == {len(head)}


def test_the_file_of_parts_holds_what_the_page_shows(worked: list[Assignment]) -> None:
    head, *rows = read(signed_in(Role.SALES_MANAGER), "parts", split="rep")
    ned = dict(zip(head, next(row for row in rows if row[0] == "Ned"), strict=True))
    assert (ned["due"], ned["in time"], ned["missed"], ned["in time %"]) == ("2", "2", "0", "100.0")
    assert (ned["until response: leads"], ned["until response: median minutes"]) == ("1", "5.0")


def test_no_name_in_a_file_becomes_a_formula(worked: list[Assignment]) -> None:
    owner = worked[0].owner
    owner.name = '=HYPERLINK("http://evil.example")'
    owner.save()
    rows = [row for table in ("parts", "reps") for row in read(signed_in(Role.ADMIN), table, split="rep")]
    names = [row[0] for row in rows if "HYPERLINK" in row[0]]
    assert len(names) == 2
    assert all(name.startswith("'=") for name in names)


def test_there_is_no_other_file() -> None:
    assert signed_in(Role.ADMIN).get("/sla/secrets.csv").status_code == 404


def test_the_page_fetches_the_figures_of_the_period_and_has_them_at_once_on_demand(
    worked: list[Assignment],
) -> None:
    client = signed_in(Role.SALES_MANAGER)
    page = client.get(reverse("feedback:sla"), {"split": "rep"}).text
    assert "In time, week by week" not in page
    fetched = re.search(r'hx-get="(/sla/period/[^"]*)"\s+hx-trigger="load', page)
    assert fetched
    assert "In time, week by week" in client.get(unescape(fetched[1])).text
    offered = re.search(r'<noscript>\s*<p>\s*<a href="([^"]*)">Show the figures of the last 12 weeks', page)
    assert offered
    assert "In time, week by week" in client.get(reverse("feedback:sla") + unescape(offered[1])).text


@pytest.mark.parametrize("query", [{"split": "moon"}, {"weeks": "7"}, {"team": "0"}, {"team": "x"}])
def test_a_look_that_is_not_there_is_refused(query: dict[str, str]) -> None:
    client = signed_in(Role.SALES_MANAGER)
    for name in ("feedback:sla", "feedback:sla_now", "feedback:sla_period"):
        assert client.get(reverse(name), query).status_code == 400


def test_an_empty_company_is_told_what_will_be_here() -> None:
    page = signed_in(Role.SALES_MANAGER).get(reverse("feedback:sla"), {"whole": "1"}).text
    assert "Nothing happened in this period" in page
    assert "Nobody has a lead to answer" in page


def test_a_long_table_shows_its_first_rows_and_leads_to_all() -> None:
    for number in range(30):
        assigned(UserFactory(name=f"Rep {number:02}"), at=timezone.now() - timedelta(days=3))
    client = signed_in(Role.SALES_MANAGER)
    page = client.get(reverse("feedback:sla"), {"split": "rep", "whole": "1"}).text
    assert page.count("Show all 30") == 2
    assert "Rep 29" not in page
    everything = client.get(reverse("feedback:sla"), {"split": "rep", "whole": "1", "all": "1"}).text
    assert "Show all" not in everything
    assert everything.count(">Rep 29<") == 2


MONDAY = NOW.replace(hour=8)  # nine in Berlin


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(key__startswith="follow-up:").order_by("pk"))


@pytest.fixture
def last_week(db: None) -> Assignment:
    """A lead of last week that was answered too late, and the company in Berlin."""
    Organisation.objects.update_or_create(pk=1, defaults={"zone": "Europe/Berlin"})
    row = assigned(UserFactory(), at=NOW - timedelta(days=6))
    Assignment.objects.filter(pk=row.pk).update(
        responded_at=NOW - timedelta(days=4), response_minutes=900, system_minutes=3
    )
    return row


def test_each_sales_manager_gets_last_weeks_figures_once(last_week: Assignment) -> None:
    manager = UserFactory(role=Role.SALES_MANAGER)
    UserFactory(role=Role.SALES_MANAGER, is_active=False)
    UserFactory(role=Role.MARKETING_MANAGER)
    zone = Organisation.current().tz
    assert [send_week(now=MONDAY + timedelta(hours=hour), zone=zone) for hour in range(3)] == [1, 0, 0]
    (mail,) = mails()
    assert mail.to_id == manager.pk
    assert mail.subject == "Follow-up in the week of 16 Nov"
    assert "First responses in time: 0 % (0 of 1), – the week before" in mail.body
    assert "Assigned to reps: 1" in mail.body
    assert "until the first response: half within 15 h, nine of ten within 15 h, working time" in mail.body
    assert "overdue: 1" in mail.body
    assert "/sla/?weeks=12" in mail.body


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (NOW.replace(hour=5, minute=59), 0),  # one minute to seven in Berlin
        (NOW.replace(hour=6), 1),
        (NOW + timedelta(days=1), 1),
        (NOW + timedelta(days=2), 0),
    ],
)
def test_it_is_sent_from_monday_at_seven_until_tuesday(
    last_week: Assignment, moment: object, sent: int
) -> None:
    UserFactory(role=Role.SALES_MANAGER)
    assert send_week(now=moment, zone=Organisation.current().tz) == sent  # type: ignore[arg-type]


def test_a_manager_of_a_team_gets_the_teams_figures(last_week: Assignment) -> None:
    UserFactory(role=Role.SALES_MANAGER, team=last_week.owner.team)
    UserFactory(role=Role.SALES_MANAGER, team=TeamFactory(name="South"))
    assert send_week(now=MONDAY, zone=Organisation.current().tz) == 1  # nothing happened in the South
    (mail,) = mails()
    assert mail.subject == "Follow-up of North in the week of 16 Nov"
    assert f"&team={last_week.owner.team_id}" in mail.body


def test_a_manager_who_wants_no_mail_gets_none(last_week: Assignment) -> None:
    manager = UserFactory(role=Role.SALES_MANAGER)
    NoticeSettings.objects.create(user=manager, mail=NoticeSettings.Mail.NEVER)
    assert send_week(now=MONDAY, zone=Organisation.current().tz) == 0


def test_nothing_is_told_of_a_week_without_anything() -> None:
    UserFactory(role=Role.SALES_MANAGER)
    assert send_week(now=MONDAY, zone=Organisation.current().tz) == 0


def test_a_step_of_the_ladder_leads_to_its_assignments(worked: list[Assignment]) -> None:
    counted = SlaEvent.objects.filter(step="breached", clock="response").count()
    client = signed_in(Role.SALES_MANAGER)
    query = {"of": "step", "step": "breached", "clock": "response", "weeks": "12"}
    assert counted
    assert client.get(reverse("feedback:sla_assignments"), query).context["page"].paginator.count == counted


def test_what_waits_in_the_pool_stands_on_the_page_and_leads_to_those_leads() -> None:
    hours_ago = timezone.now() - timedelta(hours=3, minutes=5)
    mine = waiting(pooled_at=hours_ago, pool_due_at=hours_ago + timedelta(hours=1))
    assert mine.team_id is not None
    other = waiting(make_lead(2), pooled_at=timezone.now() - timedelta(minutes=30), pool_due_at=None)
    Handoff.objects.filter(pk=other.pk).update(team=TeamFactory(name="South"))
    for role in (Role.SALES_MANAGER, Role.MARKETING_MANAGER):
        client = signed_in(role)
        page = client.get(reverse("feedback:sla")).text
        assert "1 too long, the oldest came 3 h ago" in page
        assert client.get(reverse("feedback:pool")).context["page"].paginator.count == 2
        page = client.get(reverse("feedback:sla"), {"team": str(mine.team_id)}).text
        address = re.search(r'href="(/queue/pool/\?team=[^"]*)"', page)
        assert address
        listed = client.get(unescape(address[1]))
        assert [row for row, _, _ in listed.context["lines"]] == [mine]
        assert f"the team is {mine.team}" in listed.text


def test_leads_that_are_no_longer_sales_ready_are_told_apart_from_those_that_wait() -> None:
    ready, fallen = waiting(make_lead(1)), waiting(make_lead(2), not_ready_since=timezone.now())
    client = signed_in(Role.SALES_MANAGER)
    assert "1 more no longer sales-ready" in client.get(reverse("feedback:sla")).text
    pool = client.get(reverse("feedback:pool"))
    assert [row for row, _, _ in pool.context["lines"]] == [ready]
    assert pool.context["tabs"][1]["count"] == 1
    address = re.search(r'href="(/queue/pool/\?[^"]*)">1 more no longer sales-ready', pool.text)
    assert address
    listed = client.get(unescape(address[1]))
    assert [row for row, _, _ in listed.context["lines"]] == [fallen]
    assert "1 lead without an owner is no longer sales-ready" in listed.text
    Handoff.objects.filter(pk=ready.pk).update(not_ready_since=timezone.now())
    assert "2 no longer sales-ready" in client.get(reverse("feedback:sla")).text
    pool = client.get(reverse("feedback:pool"))
    assert "No sales-ready lead waits for an owner." in pool.text
    assert "The pool is empty" in pool.text


def test_the_list_of_what_is_no_longer_sales_ready_stays_with_its_team() -> None:
    mine = waiting(not_ready_since=timezone.now())
    other = waiting(make_lead(2), not_ready_since=timezone.now())
    Handoff.objects.filter(pk=other.pk).update(team=TeamFactory(name="South"))
    client = signed_in(Role.SALES_MANAGER)
    listed = client.get(reverse("feedback:pool"), {"team": str(mine.team_id), "show": "fallen"})
    assert [row for row, _, _ in listed.context["lines"]] == [mine]
    assert [chip["remove_url"] for chip in listed.context["chips"]] == [
        f"/queue/pool/?team={mine.team_id}",
        "/queue/pool/?show=fallen",
    ]
    east = {"team": str(TeamFactory(name="East").pk), "show": "fallen"}
    assert "Every lead without an owner is sales-ready" in client.get(reverse("feedback:pool"), east).text
    assert client.get(reverse("feedback:pool"), {"show": "all"}).status_code == 400


def test_who_only_reads_the_pool_is_offered_nothing_to_do() -> None:
    waiting()
    address = reverse("feedback:pool")
    assert b'name="handoff"' in signed_in(Role.SALES_MANAGER).get(address).content
    read = signed_in(Role.MARKETING_MANAGER).get(address).content
    assert b'name="handoff"' not in read
    assert b"Claim" not in read


def test_the_pool_of_a_team_that_is_not_there_is_refused() -> None:
    assert signed_in(Role.SALES_MANAGER).get(reverse("feedback:pool"), {"team": "x"}).status_code == 400
