"""One lead tried under a draft: one that is there, or one whose facts are typed."""

import pytest
from django.test import Client
from django.urls import reverse

from alignment.models import Version
from core.models import AuditEntry
from leads.models import Activity, ChangedLead, Company, Lead
from scoring.comparison import Comparison
from scoring.trying import try_lead
from tests.access import NOT_FOUND, OK
from tests.scoring.previewing import count, page

pytestmark = pytest.mark.django_db


class TestTry:
    def test_a_lead_is_found_by_name_and_shown_under_both(self, client: Client, draft: Version) -> None:
        lead = Lead.objects.get(name="Lead 7")
        Lead.objects.filter(pk=lead.pk).update(name_folded="lead 7")
        assert f"?lead={lead.pk}" in page(client, "try", draft, "?q=lead+7")
        text = page(client, "try", draft, f"?lead={lead.pk}")
        assert "worth +12 → +15" in text
        assert ">gone<" in text

    def test_nobody_of_that_name_is_said(self, client: Client, draft: Version) -> None:
        assert "Nobody is called “zzz”" in page(client, "try", draft, "?q=zzz")

    @pytest.mark.parametrize("lead", ["0", "x", "-1", "99999999999999999999"])
    def test_who_isnt_there_isnt_found(self, client: Client, draft: Version, lead: str) -> None:
        answer = client.get(reverse("scoring:try", args=[draft.pk]), {"lead": lead})
        assert answer.status_code == NOT_FOUND

    def test_both_sides_add_up_to_the_stored_scores(self, client: Client, draft: Version) -> None:
        preview = count(client, draft)
        for row in preview.scores.order_by("lead_id")[:20]:
            both = try_lead(draft, row.lead_id, now=preview.started_at)
            assert both is not None
            assert both.old is not None
            assert (both.old.total, both.new.total) == (row.old_total, row.new_total)
            assert_adds_up(both)

    def test_typed_facts_are_judged_like_anybodys_and_nothing_is_left(
        self, client: Client, draft: Version
    ) -> None:
        before = everything()
        typed = {
            "typed-title": "Chief Executive",
            "typed-country": "DE",
            "typed-company_employees": "500",
            "typed-said_budget": "2",
            "typed-said_need": "1",
            "typed-times_0": "2",
            "typed-days_0": "3",
        }
        answer = client.post(reverse("scoring:try", args=[draft.pk]), typed)
        assert answer.status_code == OK
        both: Comparison = answer.context["compared"]
        assert both.old is not None
        old = {line.key: line.points for each in both.old.dimensions for line in each.lines}
        new = {line.key: line.points for each in both.new.dimensions for line in each.lines}
        assert (old["title_decides"], new["title_decides"]) == (12, 15)
        assert old["employees_200"] > 0
        assert_adds_up(both)
        assert everything() == before

    def test_what_cant_be_used_is_said_at_its_field(self, client: Client, draft: Version) -> None:
        for typed in ({"typed-company_employees": "-3"}, {"typed-times_0": "many"}, {"typed-email": "no"}):
            answer = client.post(reverse("scoring:try", args=[draft.pk]), typed)
            assert answer.status_code == 422
            assert answer.context["form"].errors

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("company_employees", "many", "Give a whole number, or leave it empty."),
            ("company_employees", "-3", "It can’t be less than 0."),
            ("company_revenue", "a lot", "Give a number such as 2500000, or leave it empty."),
            ("company_revenue", "1" * 20, "digits"),
            ("times_0", "99", "It can’t be more than 50."),
            ("title", "x" * 201, "At most 200 characters; this has 201."),
            ("country", "Atlantis", "Choose one of the list."),
        ],
    )
    def test_what_can_not_be_is_said_in_our_words(
        self, client: Client, draft: Version, name: str, value: str, said: str
    ) -> None:
        answer = client.post(reverse("scoring:try", args=[draft.pk]), {f"typed-{name}": value})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert "Ensure" not in page

    def test_nothing_typed_is_somebody_of_whom_nothing_is_known(self, client: Client, draft: Version) -> None:
        answer = client.post(reverse("scoring:try", args=[draft.pk]), {})
        assert answer.status_code == OK
        assert answer.context["compared"].new.grade == "D"


def assert_adds_up(both: Comparison) -> None:
    assert both.change == sum(each.change for each in both.dimensions)
    for each in both.dimensions:
        assert each.change == sum(line.change for line in each.lines) - each.cut_change


def everything() -> list[int]:
    models = (Lead, Company, Activity, ChangedLead, AuditEntry)
    return [model.objects.count() for model in models]
