"""Activities are written as plain rows: what arrives is what the model's own fields would have made."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from core.rows import insert_rows
from leads import services
from leads.facts import ActivityFacts
from leads.models import Activity, Lead

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
NAMES = ("lead_id", "kind", "detail", "detail_folded", "campaign_id", "at_epoch", "day", "dedup_key")
ODD = ("", "NULL", '"', "a,b", "a\nb", "a\r\nb", "\\N", "\\.", " x ", "\t", "Ärzte", "O’Neill", "'; --")


@pytest.fixture
def lead() -> Lead:
    return Lead.objects.create(name="Rita")


def test_every_text_comes_back_as_it_was(lead: Lead) -> None:
    insert_rows(Activity, NAMES, [(lead.pk, "form", text, text.lower(), None, 9, 0, None) for text in ODD])
    found = Activity.objects.filter(campaign=None, dedup_key=None).order_by("pk")
    assert list(found.values_list("detail", "detail_folded")) == [(text, text.lower()) for text in ODD]


def test_a_conflict_is_an_error_and_inserts_nothing(lead: Lead) -> None:
    row = (lead.pk, "form", "", "", None, 9, 0, "once")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Activity, NAMES, [row, row])
    assert not Activity.objects.exists()


@pytest.mark.parametrize("key", [None, "key"])
def test_a_row_is_what_saving_the_activity_makes(lead: Lead, key: str | None) -> None:
    items = [
        ActivityFacts(
            kind="page_view",
            at=NOW,
            detail=f"  /Prices/{text}É\x00 ",
            campaign="Spring" if place % 2 else "",
            dedup_key=key and f"{key}{place}",
            lead_id=lead.pk,
        )
        for place, text in enumerate((*ODD, "x" * 400))
    ]
    assert services.add_activities(items=items, by=None, now=NOW).created == len(items)
    for row in Activity.objects.all():
        written = model_to_dict(row) | {"folded": row.detail_folded}
        row.save()
        row.refresh_from_db()
        assert written == model_to_dict(row) | {"folded": row.detail_folded}
    assert Activity.objects.filter(detail_folded__startswith="/prices/").count() == len(items)
