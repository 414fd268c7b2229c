"""Clocks, zones and dates at their edges, as people type them and files hold them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from feedback.models import Assignment
from leads.imports import jobs
from leads.models import ImportJob, Lead
from tests.ugly.world import World, counts
from users.models import Organisation, Role, User

AUTUMN = datetime(2026, 10, 5, 9, tzinfo=UTC)
LEAP = datetime(2028, 2, 14, 9, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/New_York")
DATES = (
    "0001-01-01",
    "1899-12-31",
    "1970-01-01",
    "2024-02-29",
    "2023-02-29",
    "9999-12-31",
    "10000-01-01",
    "0000-00-00",
)


@pytest.fixture
def berlin(world: World) -> World:
    User.objects.filter(pk=world.people[Role.REP].pk).update(zone="Europe/Berlin")
    return world


def plan(world: World, **form: str) -> Any:
    return world.client(Role.REP).post(f"/queue/{world.undecided.pk}/callback/", form)


def planned(world: World) -> datetime | None:
    return Assignment.objects.get(pk=world.undecided.pk).callback_at


def test_an_hour_that_comes_twice_is_asked_again(berlin: World) -> None:
    with time_machine.travel(AUTUMN):
        response = plan(berlin, at="2026-10-25T02:30")
    assert response.status_code == 422
    assert 'value="2026-10-25T02:30"' in response.content.decode()
    assert planned(berlin) is None


@pytest.mark.parametrize(
    ("local", "utc"),
    [("2026-10-25T01:59", 23), ("2026-10-25T03:00", 2), ("2027-03-28T01:59", 0), ("2027-03-28T03:00", 1)],
)
def test_the_hours_beside_it_are_taken(berlin: World, local: str, utc: int) -> None:
    with time_machine.travel(AUTUMN):
        assert plan(berlin, at=local).status_code == 302
    at = planned(berlin)
    assert at is not None
    assert at.astimezone(UTC).hour == utc


def test_a_leap_day_is_taken_in_its_year_only(berlin: World) -> None:
    with time_machine.travel(LEAP):
        assert plan(berlin, at="2028-02-29T10:00").status_code == 302
        at = planned(berlin)
        assert at == datetime(2028, 2, 29, 9, tzinfo=UTC)
        assert plan(berlin, at="2029-02-29T10:00").status_code == 422
    assert planned(berlin) == at


@pytest.mark.parametrize(
    "form",
    [
        {"at": "9999-12-31T23:59"},
        {"at": "0001-01-01T00:00"},
        {"at": "9999-12-31T23:59:59-12:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "10:00"},
        {"at": ""},
        {"preset": "2026-12-01T10:00:00"},
        {"preset": "9999-12-31T23:59:59-12:00"},
        {"preset": "0001-01-01T00:00:00+14:00"},
        {"preset": "2026-12-01T10:00:00+99:00"},
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_a_moment_that_no_call_can_have_is_refused(world: World, form: dict[str, str], zone: str) -> None:
    User.objects.filter(pk=world.people[Role.REP].pk).update(zone=zone)
    before = counts()
    with time_machine.travel(AUTUMN):
        assert plan(world, **form).status_code == 422
    assert planned(world) is None
    assert counts() == before


def test_a_person_who_travels_sees_the_same_moment_by_another_clock(berlin: World) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d")
    assert plan(berlin, at=f"{tomorrow}T10:00").status_code == 302
    at, client = planned(berlin), berlin.client(Role.REP)
    assert "10:00" in client.get(f"/queue/{berlin.undecided.pk}/").content.decode()
    client.post("/profile/", {"name": "Ann", "zone": "Asia/Tokyo"})
    assert "18:00" in client.get(f"/queue/{berlin.undecided.pk}/").content.decode()
    assert planned(berlin) == at


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
@pytest.mark.parametrize("day", DATES)
def test_a_planned_purchase_on_any_day_breaks_no_page(world: World, day: str, zone: str) -> None:
    Organisation.objects.update(zone=zone)
    client = world.client(Role.REP)
    form = {"dimension": "timeframe", "level": "2", "purchase_on": day}
    assert client.post(f"/leads/{world.lead.pk}/answer/", form).status_code in (302, 422)
    for address in (f"/leads/{world.lead.pk}/", f"/queue/{world.undecided.pk}/", "/leads/"):
        assert client.get(address).status_code == 200
    assert client.get(f"/api/v1/leads/{world.lead.pk}/").status_code == 200


@pytest.mark.parametrize("zone", ZONES)
def test_a_file_with_dates_of_any_year_is_imported_row_by_row(world: World, zone: str) -> None:
    now = timezone.now()
    Organisation.objects.update(zone=zone)
    cells = (
        *DATES,
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2026-03-29 02:30",
        "2026-10-25 02:30",
        "n/a",
    )
    rows = "".join(f"Row {place},{cell}\n" for place, cell in enumerate(cells))
    job = jobs.upload(content=f"Name,Created\n{rows}".encode(), file_name="x.csv", by=None, now=now)
    jobs.set_mapping(job=job, kind="leads", mapping={0: "name", 1: "created"}, system="", options={})
    assert world.client(Role.MARKETER).get(f"/leads/imports/{job.pk}/").status_code == 200
    jobs.start(job=job, by=None, now=now)
    jobs.run(job_id=job.pk, clock=lambda: now)
    done = ImportJob.objects.get(pk=job.pk)
    assert (done.state, done.created) == ("done", len(cells)), done.error
    client = world.client(Role.MARKETER)
    for lead in Lead.objects.filter(name__startswith="Row "):
        assert client.get(f"/leads/{lead.pk}/").status_code == 200, lead.created_at
    assert client.get("/leads/?sort=lead.created").status_code == 200
    assert client.get("/api/v1/leads/?sort=lead.created").status_code in (200, 400)


@pytest.mark.parametrize("zone", ZONES)
def test_a_report_of_any_week_is_shown_or_refused(world: World, zone: str) -> None:
    Organisation.objects.update(zone=zone)
    client = world.client(Role.SALES_MANAGER)
    for week in ("1900-01-01", "2999-12-31", "0001-01-01", "9999-12-31", "2028-02-29", "2026-03-29"):
        expected = 200 if "1900" <= week < "3000" else 400
        assert client.get("/sla/leads/", {"week": week}).status_code == expected, week


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "moment", ["2026-03-29T00:59:59", "2026-10-25T01:00:00", "2028-02-29T23:59:59", "2026-12-31T23:59:59"]
)
def test_every_page_opens_at_the_edges_of_the_calendar(world: World, zone: str, moment: str) -> None:
    Organisation.objects.update(zone=zone)
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        client = world.client(Role.SALES_MANAGER)
        for address in (
            "/queue/",
            "/sla/",
            "/sla/leads/",
            "/reasons/",
            "/scoreboard/",
            f"/queue/{world.undecided.pk}/",
        ):
            assert client.get(address).status_code == 200, address
