"""Rejections in groups: what a period is held against, and when there is nothing fair to hold it against."""

import datetime as dt

import pytest

from feedback.models import Decision
from feedback.reports.reasons import Line, Period, by
from tests.factories import UserFactory
from tests.feedback.past import decide
from tests.feedback.world import NOW, make_lead
from users.models import User

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MONTH = Period(NOW - 30 * DAY, NOW)


@pytest.fixture
def rep() -> User:
    return UserFactory()


def rejected(rep: User, *ago: float) -> None:
    for number, days in enumerate(ago):
        decide(rep, make_lead(len(ago) * 100 + number), "reject", ago=days * DAY)


def line() -> Line:
    (only,) = by(Decision.objects.all(), "reason", MONTH)
    return only


def test_a_period_is_held_against_one_of_equal_length(rep: User) -> None:
    rejected(rep, 1, 29.9, 30.1, 45, 59.9, 61)
    assert (line().count, line().before, line().change) == (2, 3, -1)


def test_a_period_before_sales_began_is_nothing_to_compare_with(rep: User) -> None:
    rejected(rep, 1, 29.9, 30.1, 59.9)
    assert (line().count, line().before, line().change) == (2, None, None)


def test_sales_began_with_any_decision(rep: User) -> None:
    decide(rep, make_lead(1), "accept", ago=61 * DAY)
    rejected(rep, 1)
    assert (line().count, line().change) == (1, 1)
