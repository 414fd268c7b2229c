"""The pages of the content library, its figures with their rows, and the press that uses a piece."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.models import ContentPiece, ContentUse
from feedback.services import decisions
from leads.models import Company, Lead
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.factories import TeamFactory, UserFactory
from tests.feedback.library import make_piece, make_use
from tests.feedback.world import active_version, assigned, judge, make_lead
from users.models import Role, User

READ = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}
MARKETING_ONLY = dict.fromkeys(Role, FORBIDDEN) | {Role.MARKETER: OK, Role.MARKETING_MANAGER: OK}
MARKETING_ACTS = {role: MOVED if status == OK else status for role, status in MARKETING_ONLY.items()}
UNPROCESSABLE, CONFLICT, BAD = 422, 409, 400
FORM = {"title": "Guide", "kind": "article", "url": "https://example.com/new"}


class TestWhoReadsTheLibrary(AccessTests):
    url_name = "feedback:content"
    expected = READ
    other_team = OK


class OfAPiece(AccessTests):
    expected = READ
    other_team = OK

    def url(self) -> str:
        return reverse(self.url_name, args=[make_piece().pk])


class TestWhoReadsAPiece(OfAPiece):
    url_name = "feedback:content_piece"


class TestWhoAddsAPiece(AccessTests):
    url_name = "feedback:content_new"
    expected = MARKETING_ONLY
    other_team = FORBIDDEN


class TestWhoChangesAPiece(OfAPiece):
    url_name = "feedback:content_edit"
    expected = MARKETING_ONLY
    other_team = FORBIDDEN


class TestWhoRetiresAPiece(OfAPiece):
    url_name = "feedback:content_retire"
    method = "post"
    expected = MARKETING_ACTS
    other_team = FORBIDDEN


class TestWhoBringsAPieceBack(TestWhoRetiresAPiece):
    url_name = "feedback:content_restore"


class TestWhoUsesAPiece(OfAPiece):
    url_name = "feedback:content_use"
    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: OK, Role.SALES_MANAGER: OK}
    other_team = NOT_FOUND

    def url(self) -> str:
        lead = make_lead(owner=self.rep, team=self.rep.team)
        type(self).data = {"lead": lead.pk, "how": "link"}
        return super().url()


@pytest.fixture
def marketer(rep: User) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    return client


def shown(client: Client, query: str = "") -> str:
    response = client.get(reverse("feedback:content") + query)
    assert response.status_code == OK
    return response.content.decode()


class TestList:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"Costs", "Signs"}),
            ("?show=retired", {"Old"}),
            ("?show=never", {"Signs"}),
            ("?q=COSTS", {"Costs"}),
            ("?q=example.com/signs", {"Signs"}),
            ("?kind=price_sheet", {"Costs"}),
            ("?dimension=need", {"Signs"}),
            ("?reason=no_need", {"Signs"}),
            ("?industry=BANKING", {"Signs"}),
            ("?stage=accepted", {"Costs"}),
            ("?language=DE", {"Costs"}),
            ("?dimension=need&kind=price_sheet", set()),
            ("?page=99", {"Costs", "Signs"}),
            ("?sort=-used", {"Costs", "Signs"}),
        ],
    )
    def test_each_filter_narrows_it(self, marketer: Client, rep: User, query: str, found: set[str]) -> None:
        costs = make_piece("Costs", kind="price_sheet", dimension="budget", stage="accepted", language="de")
        make_piece(
            "Signs",
            dimension="need",
            reason_key="no_need",
            industry="Banking",
            url="https://example.com/signs",
        )
        make_piece("Old", retired_at=timezone.now())
        make_use(costs, assigned(rep), rep, at=timezone.now())
        page = shown(marketer, query)
        assert {title for title in ("Costs", "Signs", "Old") if f">{title}</a>" in page} == found

    @pytest.mark.parametrize("query", ["?kind=poem", "?show=all", "?stage=heaven", "?q=" + "x" * 200])
    def test_an_address_that_cant_be_read_is_told(self, marketer: Client, query: str) -> None:
        assert marketer.get(reverse("feedback:content") + query).status_code == BAD

    def test_the_most_used_may_stand_first(self, marketer: Client, rep: User) -> None:
        make_piece("A")
        make_use(make_piece("B"), assigned(rep), rep, at=timezone.now())
        page = shown(marketer, "?sort=-used")
        assert page.index(">B</a>") < page.index(">A</a>")

    def test_few_results_are_called_too_few(self, marketer: Client, rep: User) -> None:
        row, piece = assigned(rep, at=timezone.now() - timedelta(hours=2)), make_piece()
        make_use(piece, row, rep, at=timezone.now() - timedelta(hours=1))
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        page = shown(marketer)
        assert "1 rep, 1 lead" in page
        assert "1 of 1: too few" in page
        assert f"{reverse('feedback:content_piece', args=[piece.pk])}?show=accepted#uses" in page

    def test_a_rep_sees_the_pieces_without_figures(self, signed_in: Client, rep: User) -> None:
        make_use(make_piece(), assigned(rep), rep, at=timezone.now())
        page = shown(signed_in)
        assert ">Guide</a>" in page
        assert "Used in 12 weeks" not in page
        assert reverse("feedback:content_new") not in page

    def test_an_empty_library_says_what_will_be_there(self, marketer: Client, signed_in: Client) -> None:
        assert "The library is empty" in shown(marketer)
        assert "What marketing makes" in shown(signed_in)

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries_do_not_grow(
        self, marketer: Client, rep: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        row = assigned(rep)
        for number in range(count):
            make_use(make_piece(f"P {number}", reason_key="no_need"), row, rep, at=timezone.now())
        with django_assert_max_num_queries(20):
            shown(marketer)


class TestPiece:
    def test_its_numbers_lead_to_the_uses(self, marketer: Client, rep: User) -> None:
        piece, row = make_piece(text="Hello {name}"), assigned(rep, at=timezone.now() - timedelta(hours=2))
        make_use(piece, row, rep, at=timezone.now() - timedelta(hours=1))
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        url = reverse("feedback:content_piece", args=[piece.pk])
        for query, there in (("", True), ("?show=accepted", True), ("?show=rejected", False)):
            page = marketer.get(url + query)
            assert len(page.context["page"].object_list) == there
        by = marketer.get(f"{url}?by={rep.pk}&how=link")
        assert str(row.handoff.lead) in by.content.decode()

    @pytest.mark.parametrize("query", ["?show=maybe", "?by=x", "?by=-1", "?how=pigeon"])
    def test_an_address_that_cant_be_read_is_told(self, marketer: Client, query: str) -> None:
        url = reverse("feedback:content_piece", args=[make_piece().pk])
        assert marketer.get(url + query).status_code == BAD

    def test_a_rep_sees_no_other_reps_uses(self, signed_in: Client, rep: User) -> None:
        piece, other = make_piece(), UserFactory(name="Otto", team=TeamFactory(name="South"))
        make_use(piece, assigned(other), other, at=timezone.now())
        page = signed_in.get(reverse("feedback:content_piece", args=[piece.pk])).content.decode()
        assert "Otto" not in page

    def test_no_such_piece(self, marketer: Client) -> None:
        for pk in (0, 999, 2**63):
            assert marketer.get(reverse("feedback:content_piece", args=[pk])).status_code == NOT_FOUND


class TestForm:
    def test_a_marketer_adds_changes_retires_and_brings_back(self, marketer: Client) -> None:
        added = marketer.post(reverse("feedback:content_new"), FORM)
        piece = ContentPiece.objects.get()
        assert added["Location"] == reverse("feedback:content_piece", args=[piece.pk])
        edit = reverse("feedback:content_edit", args=[piece.pk])
        seen = marketer.get(edit).context["form"]["seen_at"].value()
        data = FORM | {"dimension": "need", "reason_key": "no_need", "seen_at": seen}
        assert marketer.post(edit, data).status_code == MOVED
        piece.refresh_from_db()
        assert (piece.dimension, piece.reason_key) == ("need", "no_need")
        marketer.post(reverse("feedback:content_retire", args=[piece.pk]))
        assert "Bring back" in marketer.get(added["Location"]).content.decode()
        marketer.post(reverse("feedback:content_restore", args=[piece.pk]))
        piece.refresh_from_db()
        assert piece.retired_at is None

    @pytest.mark.parametrize(
        ("where", "value"),
        [("url", "javascript:alert(1)"), ("title", ""), ("kind", "x"), ("reason_key", "x"), ("text", "a\0")],
    )
    def test_what_is_wrong_stands_at_its_field(self, marketer: Client, where: str, value: str) -> None:
        answer = marketer.post(reverse("feedback:content_new"), FORM | {where: value})
        assert answer.status_code == UNPROCESSABLE
        assert answer.context["form"].errors[where]
        assert not ContentPiece.objects.exists()

    def test_a_stale_form_is_told_and_overwrites_nothing(self, marketer: Client) -> None:
        piece = make_piece()
        data = FORM | {"title": "Mine", "seen_at": (piece.updated_at - timedelta(hours=1)).isoformat()}
        answer = marketer.post(reverse("feedback:content_edit", args=[piece.pk]), data)
        assert answer.status_code == CONFLICT
        assert "Mine" in answer.content.decode()
        assert ContentPiece.objects.get().title == "Guide"

    def test_an_objection_of_an_old_list_is_kept(self, marketer: Client) -> None:
        piece = make_piece(reason_key="long_gone")
        form = marketer.get(reverse("feedback:content_edit", args=[piece.pk])).context["form"]
        assert "long_gone" in dict(form.fields["reason_key"].choices)


class TestUsing:
    def lead(self, rep: User, **fields: Any) -> Lead:
        company = Company.objects.create(name="Acme")
        return make_lead(owner=rep, team=rep.team, company=company, **fields)

    def use(self, client: Client, lead: Lead, how: str, **headers: str) -> Any:
        piece = ContentPiece.objects.first() or make_piece(text="Hello {name} of {company}")
        data = {"lead": lead.pk, "how": how, "why": "Answers Budget"}
        return client.post(reverse("feedback:content_use", args=[piece.pk]), data, headers=headers)

    @pytest.mark.parametrize("how", ["text", "link", "mail"])
    def test_without_scripts_the_page_that_follows_has_all_to_press(
        self, signed_in: Client, rep: User, how: str
    ) -> None:
        answer = self.use(signed_in, self.lead(rep), how)
        page = answer.content.decode()
        assert answer.status_code == OK
        assert "Hello Lead 1 of Acme" in page
        assert 'href="https://example.com/guide"' in page
        assert ("mailto:lead1@example.com" in page) == (how == "mail")
        assert ContentUse.objects.get().how == how

    def test_htmx_gets_the_piece_anew_with_a_notice_and_the_mail_to_open(
        self, signed_in: Client, rep: User
    ) -> None:
        page = self.use(signed_in, self.lead(rep), "mail", **{"HX-Request": "true"}).content.decode()
        assert "data-opens" in page
        assert "log the attempt" in page
        assert "Used here" in page

    def test_copying_opens_nothing(self, signed_in: Client, rep: User) -> None:
        page = self.use(signed_in, self.lead(rep), "text", **{"HX-Request": "true"}).content.decode()
        assert "data-opens" not in page
        assert 'data-copy="Hello Lead 1 of Acme"' in page

    def test_a_lead_that_unsubscribed_is_offered_no_mail_and_gets_none(
        self, signed_in: Client, rep: User
    ) -> None:
        lead = self.lead(rep, is_unsubscribed=True)
        assert self.use(signed_in, lead, "mail").status_code == UNPROCESSABLE
        assert not ContentUse.objects.exists()
        page = self.use(signed_in, lead, "link", **{"HX-Request": "true"}).content.decode()
        assert "Not to be mailed" in page
        assert "mailto:" not in page

    @pytest.mark.parametrize("lead", ["", "x", "-1", "0", "9" * 30])
    def test_a_lead_that_cant_be_is_told(self, signed_in: Client, rep: User, lead: str) -> None:
        url = reverse("feedback:content_use", args=[make_piece().pk])
        assert signed_in.post(url, {"lead": lead, "how": "link"}).status_code == BAD

    def test_a_use_stands_in_the_timeline(self, signed_in: Client, rep: User) -> None:
        lead = self.lead(rep)
        self.use(signed_in, lead, "link")
        page = signed_in.get(reverse("leads:timeline", args=[lead.pk])).content.decode()
        assert "Link copied: Guide" in page


class TestOnTheLead:
    def test_the_lead_page_and_the_queue_offer_what_is_missing(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep, at=timezone.now())
        judge(row.handoff.lead)
        make_piece("Who decides", dimension="authority", url="https://example.com/x")
        make_piece("What it costs", dimension="budget", url="https://example.com/y")
        for url in (reverse("leads:lead", args=[row.handoff.lead_id]), reverse("feedback:queue")):
            page = signed_in.get(url).content.decode()
            assert "Answers Authority" in page, url
            assert "What it costs" not in page, url
            assert "Buying centre" in page, url

    def test_marketing_sees_what_is_offered_and_uses_nothing(self, marketer: Client, rep: User) -> None:
        row = assigned(rep)
        piece = make_piece("Who decides", dimension="authority")
        page = marketer.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode()
        assert "Who decides" in page
        assert reverse("feedback:content_use", args=[piece.pk]) not in page

    def test_a_handoff_that_went_to_another_team_is_read_without_buttons(
        self, signed_in: Client, rep: User
    ) -> None:
        row = assigned(rep, at=timezone.now())
        piece = make_piece("Who decides", dimension="authority")
        Lead.objects.update(owner=None, team=TeamFactory(name="South"))
        page = signed_in.get(reverse("feedback:handoff", args=[row.pk])).content.decode()
        assert "Buying centre" in page
        assert reverse("leads:buying_fact", args=[row.handoff.lead_id]) not in page
        assert reverse("feedback:content_use", args=[piece.pk]) not in page

    def test_a_library_without_a_fitting_piece_says_so(self, signed_in: Client, rep: User) -> None:
        active_version()
        assigned(rep, at=timezone.now())
        assert "fits what is missing here" in signed_in.get(reverse("feedback:queue")).content.decode()
