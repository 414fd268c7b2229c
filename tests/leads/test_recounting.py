"""A change of the company's zone or currency counts days and amounts again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from leads.days import day_number
from leads.models import Activity, BantAnswer, ChangedLead, Company, Lead
from leads.recounting import count_days, offsets
from tests.factories import UserFactory
from users.models import Organisation, Role
from users.services import change_organisation

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
EPOCHS = st.integers(-2_000_000_000, 4_000_000_000)


def activity(lead: Lead, epoch: int) -> Activity:
    return Activity.objects.create(lead=lead, kind="form", at_epoch=epoch, day=0)


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), start=EPOCHS, span=st.integers(0, 500 * 86_400), at=st.floats(0, 1))
def test_an_offset_holds_from_its_second_on(zone: str, start: int, span: int, at: float) -> None:
    moment = start + int(span * at)
    held = [ahead for since, ahead in offsets(ZoneInfo(zone), start, start + span) if since <= moment][-1]
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).astimezone(ZoneInfo(zone))
    assert local.utcoffset() is not None
    assert held == int((local.utcoffset() or NOW - NOW).total_seconds())


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_days_are_those_that_python_counts(zone: str) -> None:
    lead = Lead.objects.create(name="Ada")
    around = [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(1969, 12, 31), datetime(2011, 12, 30)]  # noqa: DTZ001 - made aware below
    moments = [
        day.replace(hour=hour, minute=59, tzinfo=UTC) for day in around for hour in (0, 4, 10, 14, 22, 23)
    ]
    for moment in moments:
        activity(lead, int(moment.timestamp()))
    organisation = Organisation.current()
    organisation.zone = zone
    organisation.save()
    with transaction.atomic():
        count_days(NOW)
    for row in Activity.objects.all():
        assert row.day == day_number(row.at, ZoneInfo(zone)), row.at


@pytest.mark.django_db
def test_another_zone_needs_a_confirmation_once_there_are_activities_and_marks_every_lead() -> None:
    admin = UserFactory(role=Role.ADMIN)
    lead = Lead.objects.create(name="Ada")
    row = activity(lead, int(datetime(2026, 11, 22, 23, 30, tzinfo=UTC).timestamp()))
    change = partial(
        change_organisation, name="Firm", zone="Europe/Berlin", currency="EUR", by=admin, now=NOW
    )
    with pytest.raises(Conflict, match="day of every activity"):
        change()
    change(is_sure=True)
    row.refresh_from_db()
    assert row.day == day_number(row.at, ZoneInfo("Europe/Berlin"))
    assert list(ChangedLead.objects.values_list("lead_id", flat=True)) == [lead.pk]


@pytest.mark.django_db
def test_another_currency_leaves_foreign_amounts_unknown() -> None:
    admin = UserFactory(role=Role.ADMIN)
    euro = Company.objects.create(name="Euro", revenue=5, revenue_currency="EUR", revenue_reporting=5)
    dollar = Company.objects.create(name="Dollar", revenue=7, revenue_currency="USD")
    lead = Lead.objects.create(name="Ada", company=euro)
    answer = BantAnswer.objects.create(
        lead=lead, dimension="budget", level=2, amount=9, currency="USD", source="rep", at=NOW, expires_at=NOW
    )
    change_organisation(name="Firm", zone="UTC", currency="USD", by=admin, now=NOW, is_sure=True)
    for row in (euro, dollar, answer):
        row.refresh_from_db()
    assert euro.revenue_reporting is None
    assert (dollar.revenue_reporting, answer.amount_reporting) == (Decimal(7), Decimal(9))
