"""Behind each figure of the commitments stand as many leads as it says."""

import datetime as dt
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.models import Assignment
from feedback.reports.commitment_leads import KEPT, MISSED, Asked, row_of, rows_behind
from feedback.reports.commitments import Kind, Line, Month, commitments
from tests.access import FORBIDDEN, OK, AccessTests
from tests.factories import UserFactory
from tests.feedback.test_commitments import in_force, months_of_work, signed_in
from tests.feedback.world import NOW, assigned, make_lead
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")


def behind(line: Line, month: Month, show: str = "", *, viewer: User | None = None) -> list[Any]:
    asked = Asked(line.version.definition_id, line.kind, line.grade, month.first)
    person = viewer or UserFactory(role=Role.SALES_MANAGER)
    return [row_of(each, asked) for each in rows_behind(person, asked, show=show, now=NOW, zone=ZONE)]


def test_each_list_is_as_long_as_its_figure_says() -> None:
    in_force()
    months_of_work(UserFactory(), 150)
    seen = 0
    for line in commitments(now=NOW, zone=ZONE):
        for month in line.months:
            if line.kind == Kind.LEADS:
                assert len(behind(line, month)) == month.share.part
                continue
            assert len(behind(line, month)) == month.share.whole
            kept, missed = behind(line, month, KEPT), behind(line, month, MISSED)
            assert (len(kept), len(missed)) == (month.share.part, month.share.whole - month.share.part)
            assert all(row.is_kept for row in kept)
            assert not any(row.is_kept for row in missed)
            seen += len(kept)
    assert seen > 100


def test_another_definitions_leads_are_not_among_them() -> None:
    first = in_force({(Kind.LEADS, ""): 5})
    assigned(UserFactory(), at=NOW)
    second = in_force({(Kind.LEADS, ""): 5})
    counted = {line.version: len(behind(line, line.now)) for line in commitments(now=NOW, zone=ZONE)}
    assert counted == {first: 1, second: 0}


def test_a_list_is_as_short_as_the_person_may_see() -> None:
    in_force({(Kind.LEADS, ""): 5})
    assigned(UserFactory(), at=NOW)
    line = commitments(now=NOW, zone=ZONE)[0]
    assert len(behind(line, line.now)) == 1
    assert behind(line, line.now, viewer=UserFactory(role=Role.EXECUTIVE)) == []


class TestWhoSeesTheLeadsBehindACommitment(AccessTests):
    url_name = "feedback:commitment_leads"
    expected: ClassVar = {**dict.fromkeys(Role, OK), Role.REP: FORBIDDEN, Role.EXECUTIVE: FORBIDDEN}
    other_team = FORBIDDEN


def test_the_page_says_how_each_was_answered(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": "Europe/Berlin"})
    version = in_force()
    rep = UserFactory()
    for number, late in enumerate((0, 1, 1)):
        row = assigned(rep, make_lead(number), at=NOW - dt.timedelta(days=40))
        due = NOW - dt.timedelta(days=39)
        Assignment.objects.filter(pk=row.pk).update(
            response_due_at=due, responded_at=due + dt.timedelta(hours=late)
        )
    address = reverse("feedback:commitment_leads")
    asked: dict[str, str | int] = {
        "definition": version.definition_id,
        "kind": "follow_up",
        "month": f"{due.astimezone(ZONE):%Y-%m}",
    }
    client = signed_in(Role.MARKETER)
    with django_assert_max_num_queries(12):
        page = client.get(address, asked)
    assert sorted(row.words for row in page.context["rows"]) == ["In time", "Late", "Late"]
    missed = client.get(address, {**asked, "show": MISSED})
    assert [row.words for row in missed.context["rows"]] == ["Late", "Late"]
    assert "First responses due" in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "luck"},
        {"month": "2026-13"},
        {"month": "0001-01"},
        {"definition": "none"},
        {"grade": "E"},
        {"kind": "leads", "show": "kept"},
    ],
)
def test_an_address_that_asks_for_no_figure_is_refused(asked: dict[str, str]) -> None:
    response = signed_in(Role.MARKETER).get(reverse("feedback:commitment_leads"), asked)
    assert response.status_code == 400


def test_each_figure_leads_to_its_leads_but_for_an_executive() -> None:
    in_force({(Kind.LEADS, ""): 50})
    assigned(UserFactory(), at=timezone.now())
    address = reverse("feedback:commitment_leads")
    page = reverse("feedback:commitments")
    assert address in signed_in(Role.MARKETER).get(page).content.decode()
    assert address not in signed_in(Role.EXECUTIVE).get(page).content.decode()
