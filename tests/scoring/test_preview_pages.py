"""The pages of a preview: who sees them, what they say, what they cost."""

from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alignment.models import Criterion, Version
from core.hooks import PreviewPanel, hooks
from leads.models import Lead
from scoring import services
from scoring.models import Preview, PreviewScore
from scoring.previews import Moves
from scoring.services import previewing
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.alignment.pages import DRAFTING, POSTING
from tests.factories import UserFactory
from tests.scoring.previewing import change, count, draft_of, edited, in_force, page
from users.models import Role

pytestmark = pytest.mark.django_db


class OfDraft(AccessTests):
    """The base of pages that stand below a version: a draft by a marketer, counted."""

    expected: ClassVar = DRAFTING
    other_team: ClassVar = FORBIDDEN
    query: ClassVar[str] = ""

    def url(self) -> str:
        if not Version.objects.filter(status="draft").exists():
            in_force(6)
            author = UserFactory(role=Role.MARKETER)
            draft = change(draft_of(author))
            services.start_preview(version_id=draft.pk, by=author, now=timezone.now())
        return reverse(self.url_name, args=[Version.objects.get(status="draft").pk]) + self.query


class TestPreviewAccess(OfDraft):
    url_name = "scoring:preview"


class TestCountAccess(OfDraft):
    url_name = "scoring:preview"
    method = "post"
    expected = POSTING


class TestProgressAccess(OfDraft):
    url_name = "scoring:preview_progress"


class TestLineAccess(OfDraft):
    url_name = "scoring:preview_line"


class TestLeadsAccess(OfDraft):
    url_name = "scoring:preview_leads"
    query = "?move=CC"


class TestCancelAccess(OfDraft):
    url_name = "scoring:preview_cancel"
    method = "post"
    expected: ClassVar = {  # it doesn't run
        role: NOT_FOUND if status == OK else status for role, status in DRAFTING.items()
    }


class TestTryAccess(OfDraft):
    url_name = "scoring:try"


GONE = 10**9


class TestPage:
    def test_before_anything_is_counted_one_button_counts(self, client: Client, draft: Version) -> None:
        assert "Nothing was counted yet" in page(client, "preview", draft)
        assert not Preview.objects.exists()

    def test_a_version_in_force_says_that_there_is_nothing_to_preview(
        self, client: Client, draft: Version
    ) -> None:
        assert draft.based_on
        text = page(client, "preview", draft.based_on)
        assert "Nothing to preview" in text
        assert "Back to the version" in text

    def test_it_says_how_many_move_between_which_grades_and_links_to_them(
        self, client: Client, draft: Version
    ) -> None:
        preview = count(client, draft)
        assert preview.result
        moves = Moves.from_json(preview.result)
        text = page(client, "preview", draft)
        for (old, new), number in moves.largest():
            assert f"{old} → {new}: {number} lead" in text
            assert f"?move={old}{new}" in text
        assert f">{moves.gained}</a>" in text

    def test_the_leads_behind_a_figure_are_listed_with_both_grades(
        self, client: Client, draft: Version
    ) -> None:
        preview = count(client, draft)
        row = preview.scores.filter(was_ready=False, is_ready=True).first()
        assert row
        text = page(client, "preview_leads", draft, "?ready=gained")
        assert str(Lead.objects.get(pk=row.lead_id)) in text
        assert "becomes" in text

    @pytest.mark.parametrize("query", ["", "?move=XX", "?move=", "?ready=never"])
    def test_what_is_no_figure_has_no_leads(self, client: Client, draft: Version, query: str) -> None:
        count(client, draft)
        answer = client.get(reverse("scoring:preview_leads", args=[draft.pk]) + query)
        assert answer.status_code == NOT_FOUND

    def test_a_lead_that_is_gone_is_left_out(self, client: Client, draft: Version) -> None:
        preview = count(client, draft)
        assert preview.result
        PreviewScore.objects.create(
            preview=preview, lead_id=GONE, old_total=0, new_total=99, was_ready=False, is_ready=True
        )
        preview.result["movers"][0]["lead_id"] = GONE
        preview.save()
        answer = client.get(reverse("scoring:preview_leads", args=[draft.pk]) + "?ready=gained")
        assert (
            len(answer.context["rows"]) == preview.scores.filter(was_ready=False, is_ready=True).count() - 1
        )
        shown = client.get(reverse("scoring:preview", args=[draft.pk])).context["shown"]
        assert len(shown.movers) == 9

    def test_an_edit_makes_it_say_so_and_offer_to_count_again(self, client: Client, draft: Version) -> None:
        count(client, draft)
        edited(draft)
        text = page(client, "preview", draft)
        assert "The draft was edited since." in text
        assert "Count again" in text

    def test_while_it_runs_it_shows_the_sample_and_how_far_it_is_and_can_be_cancelled(
        self, client: Client, draft: Version, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(previewing, "SMALL", 0)
        monkeypatch.setattr(previewing, "SAMPLE", 30)
        monkeypatch.setattr(previewing, "RANGE", {connection.vendor: 20})
        preview = count(client, draft)
        services.preview_range(preview_id=preview.pk, now=timezone.now())
        text = page(client, "preview", draft)
        assert "From a sample of 3" in text
        assert "20 of 60" in text
        assert "±" in text
        assert 'hx-trigger="every 1s"' in page(client, "preview_progress", draft)
        assert client.post(reverse("scoring:preview_cancel", args=[draft.pk])).status_code == MOVED
        assert "Counting was cancelled" in page(client, "preview", draft)
        assert 'hx-trigger="load"' in page(client, "preview_progress", draft)

    def test_a_draft_that_cant_be_read_is_refused_with_its_place(
        self, client: Client, draft: Version
    ) -> None:
        Criterion.objects.filter(version=draft, key="title_decides").update(
            condition={"field": "company.gone", "op": "is", "value": 1}
        )
        answer = client.post(reverse("scoring:preview", args=[draft.pk]))
        assert answer.status_code == 400
        assert "company.gone" in answer.content.decode()
        assert "can’t be read" in page(client, "preview_line", draft)

    def test_panels_of_other_apps_stand_on_it(
        self, client: Client, draft: Version, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[Preview] = []

        def context(_request: object, preview: Preview) -> dict[str, Any]:
            seen.append(preview)
            return {"progress": {}}

        monkeypatch.setattr(
            hooks, "preview_panels", [PreviewPanel(1, "scoring/_preview_progress.html", context)]
        )
        preview = count(client, draft)
        page(client, "preview", draft)
        assert seen == [preview]

    def test_a_proposal_and_an_active_version_have_a_page_too(self, client: Client, draft: Version) -> None:
        count(client, draft)
        active = Version.objects.get(status="active")
        assert "Nothing was counted" not in page(client, "preview", active)

    def test_the_pages_cost_the_same_however_many_leads_move(
        self,
        client: Client,
        draft: Version,
        django_assert_max_num_queries: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(hooks, "preview_panels", [])  # their apps pin what they ask
        count(client, draft)
        for name, query, most in (("preview", "", 16), ("preview_leads", "?move=CC", 12)):
            with django_assert_max_num_queries(most):
                page(client, name, draft, query)

    def test_the_line_beside_the_editor_is_remembered_until_the_next_edit(
        self, client: Client, draft: Version
    ) -> None:
        cold, warm = queries(client, draft), queries(client, draft)
        assert warm < cold
        assert "Sales-ready" in page(client, "preview_line", draft)
        edited(draft)
        assert queries(client, draft) > warm


def queries(client: Client, draft: Version) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, "preview_line", draft)
    return len(captured)
