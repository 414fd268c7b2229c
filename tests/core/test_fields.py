"""A word that is stored as its number."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from leads.models import KIND_CODES, Activity, ActivityKind, Lead

STORED = {
    "page_view": 1,
    "email_open": 2,
    "email_click": 3,
    "email_reply": 4,
    "form": 5,
    "download": 6,
    "webinar": 7,
    "event": 8,
    "chat": 9,
    "call": 10,
    "trial": 11,
    "unsubscribe": 12,
    "other": 13,
}


def activity(kind: str) -> Activity:
    lead = Lead.objects.get_or_create(name="Ada")[0]
    return Activity(lead=lead, kind=kind, at_epoch=0, day=0)


def test_no_kind_of_activity_ever_gets_another_number() -> None:
    """Rows of companies hold them: a new kind is added here at the end."""
    assert KIND_CODES == STORED
    assert list(KIND_CODES) == ActivityKind.values


@pytest.mark.parametrize("kind", STORED)
def test_a_kind_is_a_word_in_python_and_a_number_in_the_database(db: None, kind: str) -> None:
    row = activity(kind)
    row.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM leads_activity WHERE id = %s", [row.pk])
        assert cursor.fetchone() == (STORED[kind],)
    assert Activity.objects.get(kind=kind).kind == kind
    assert Activity.objects.filter(kind__in=["form", kind]).values_list("kind", flat=True)[0] == kind
    assert not Activity.objects.exclude(kind=kind)


def test_a_word_without_a_number_is_refused_where_it_is_said(db: None) -> None:
    row = activity("dance")
    with pytest.raises(ValidationError, match="none of page_view"):
        row.full_clean()
    with pytest.raises(ValueError, match="not 'dance'"):
        row.save()
    with pytest.raises(ValueError, match=r"^kind takes one of page_view, .*, not 'dance'"):
        Activity.objects.filter(kind="dance").exists()


def test_where_there_is_no_row_there_is_no_word(db: None) -> None:
    Lead.objects.create(name="Ada")
    assert Lead.objects.values_list("activities__kind", flat=True).get() is None
