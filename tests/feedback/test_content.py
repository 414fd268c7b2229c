"""The content library: what may stand in it, and how its use is counted."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from feedback.content.mail import LONGEST_MAILTO, mailto, text_of
from feedback.models import Attempt, ContentPiece, ContentUse, Handoff
from feedback.services.content import (
    SAME_USE,
    PieceContent,
    restore_piece,
    retire_piece,
    save_piece,
    use_piece,
)
from leads.models import Company, Lead
from tests.factories import UserFactory
from tests.feedback.library import make_piece
from tests.feedback.world import NOW, assigned, make_lead
from users.models import Role, User


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(role=Role.MARKETER)


def save(by: User, piece: ContentPiece | None = None, **given: Any) -> ContentPiece:
    content = PieceContent(**{"title": "Guide", "kind": "article", "url": "https://example.com/"} | given)
    return save_piece(piece=piece, content=content, by=by, now=NOW)


class TestSaving:
    def test_a_piece_is_added_by_somebody_at_a_moment(self, marketer: User) -> None:
        piece = save(marketer, title="  A   guide ", industry=" Food  and drink", language="de_AT")
        assert (piece.title, piece.industry, piece.language) == ("A guide", "Food and drink", "de-at")
        assert (piece.created_by, piece.created_at, piece.industry_folded) == (
            marketer,
            NOW,
            "food and drink",
        )
        entry = AuditEntry.objects.get(action="content.create")
        assert (entry.actor, entry.target_id) == (marketer, piece.pk)

    def test_a_repeat_writes_nothing(self, marketer: User) -> None:
        piece = save(marketer)
        save(marketer, piece)
        assert not AuditEntry.objects.filter(action="content.update").exists()

    def test_a_change_names_what_changed(self, marketer: User) -> None:
        piece = save(marketer)
        save(marketer, piece, title="Better guide", dimension="budget")
        entry = AuditEntry.objects.get(action="content.update")
        assert entry.detail == {"fields": ["title", "dimension"]}

    def test_what_somebody_changed_meanwhile_is_not_overwritten(self, marketer: User) -> None:
        piece = save(marketer)
        content = PieceContent(title="Mine", kind="article", url="https://example.com/")
        with pytest.raises(Conflict):
            save_piece(piece=piece, content=content, by=marketer, now=NOW, seen_at=NOW - timedelta(hours=1))
        assert ContentPiece.objects.get().title == "Guide"

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://example.com/",
            "//example.com",
            "example.com",
            "https://",
            "https://user@example.com/",
            "https://example.com/a b",
            "https://[",
            "HTTPS:example.com",
        ],
    )
    def test_a_link_is_a_web_address_or_refused(self, marketer: User, url: str) -> None:
        with pytest.raises(Invalid) as refused:
            save(marketer, url=url)
        assert refused.value.problems[0].where == "url"
        assert not ContentPiece.objects.exists()

    @pytest.mark.parametrize(
        ("where", "given"),
        [
            ("title", {"title": "  "}),
            ("url", {"url": "", "text": " "}),
            ("kind", {"kind": "poem"}),
            ("dimension", {"dimension": "luck"}),
            ("stage", {"stage": "heaven"}),
            ("title", {"title": "x" * 161}),
            ("text", {"text": "x" * 5_001}),
            ("text", {"text": "a\0b"}),
        ],
    )
    def test_what_cant_be_used_is_named(self, marketer: User, where: str, given: dict[str, Any]) -> None:
        with pytest.raises(Invalid) as refused:
            save(marketer, **given)
        assert refused.value.problems[0].where == where

    def test_a_text_alone_is_enough(self, marketer: User) -> None:
        assert save(marketer, url="", text="Hello\r\nyou").text == "Hello\nyou"

    def test_the_database_refuses_a_piece_of_nothing_and_a_link_that_is_none(self, db: None) -> None:
        for fields in ({"url": ""}, {"url": "javascript:alert(1)"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                make_piece(**fields)

    def test_retiring_and_bringing_back_may_repeat(self, marketer: User) -> None:
        piece = save(marketer)
        for _ in range(2):
            retire_piece(piece=piece, by=marketer, now=NOW)
        for _ in range(2):
            restore_piece(piece=piece, by=marketer, now=NOW)
        assert ContentPiece.objects.get().retired_at is None
        actions = AuditEntry.objects.filter(action__startswith="content.re").values_list("action", flat=True)
        assert sorted(actions) == ["content.restore", "content.retire"]


class TestUsing:
    def use(
        self, rep: User, lead: Lead, how: str = "link", *, minutes: float = 0, **piece: Any
    ) -> ContentUse:
        given = ContentPiece.objects.first() or make_piece(**piece)
        return use_piece(piece=given, lead=lead, how=how, by=rep, now=NOW + timedelta(minutes=minutes))

    def test_it_counts_who_used_it_on_which_lead_in_which_episode(self, rep: User) -> None:
        row = assigned(rep)
        use = self.use(rep, row.handoff.lead)
        assert (use.by, use.lead, use.handoff, use.how, use.at) == (
            rep,
            row.handoff.lead,
            row.handoff,
            "link",
            NOW,
        )
        assert AuditEntry.objects.get(action="content.use").detail == {"use": use.pk, "lead": use.lead_id}

    def test_it_is_no_attempt_and_stops_no_clock(self, rep: User) -> None:
        row = assigned(rep)
        self.use(rep, row.handoff.lead, "mail")
        row.refresh_from_db()
        assert row.responded_at is None
        assert not Attempt.objects.exists()

    def test_a_lead_that_is_in_nobodys_hands_has_no_episode(self, rep: User) -> None:
        assert self.use(rep, make_lead()).handoff is None
        row = assigned(rep)
        Handoff.objects.update(state="rejected", closed_at=NOW)
        assert self.use(rep, row.handoff.lead).handoff is None

    def test_a_second_press_within_a_minute_is_the_same_use(self, rep: User) -> None:
        lead = make_lead()
        first = self.use(rep, lead)
        assert self.use(rep, lead, minutes=0.5) == first
        assert self.use(rep, lead, "mail", minutes=0.5) != first
        assert self.use(rep, lead, minutes=SAME_USE.total_seconds() / 60) != first

    def test_nobody_is_mailed_who_unsubscribed(self, rep: User) -> None:
        lead = make_lead(is_unsubscribed=True)
        with pytest.raises(Invalid, match="must not be written to"):
            self.use(rep, lead, "mail")
        assert self.use(rep, lead, "link")

    def test_that_it_unsubscribed_meanwhile_counts(self, rep: User) -> None:
        lead = make_lead()
        Lead.objects.update(is_unsubscribed=True)
        with pytest.raises(Invalid):
            self.use(rep, lead, "mail")

    @pytest.mark.parametrize(
        ("how", "piece", "lead"),
        [
            ("text", {}, {}),
            ("link", {"url": "", "text": "Hello"}, {}),
            ("mail", {}, {"email": ""}),
            ("pigeon", {}, {}),
        ],
    )
    def test_what_cant_be_is_refused(
        self, rep: User, how: str, piece: dict[str, Any], lead: dict[str, Any]
    ) -> None:
        with pytest.raises(Invalid):
            self.use(rep, make_lead(**lead), how, **piece)
        assert not ContentUse.objects.exists()

    def test_marketing_uses_nothing(self, rep: User, marketer: User) -> None:
        with pytest.raises(Invalid, match="Only sales"):
            self.use(marketer, make_lead())

    def test_a_piece_that_was_retired_meanwhile_is_told(self, rep: User) -> None:
        piece = make_piece()
        ContentPiece.objects.update(retired_at=NOW)
        with pytest.raises(Conflict, match="retired"):
            use_piece(piece=piece, lead=make_lead(), how="link", by=rep, now=NOW)


class TestMail:
    def lead(self, **fields: Any) -> Lead:
        company = Company.objects.create(name="Größe & Co")
        given: dict[str, Any] = {"name": "Rita Vance", "company": company}
        return make_lead(**given | fields)

    def test_it_is_to_the_lead_with_subject_text_and_link(self, db: None) -> None:
        piece = make_piece("Costs & savings", text="Hello {name} of {company},\n\nlook.")
        address = mailto(piece, self.lead(email="rita+a@example.com"))
        to, _, query = address.partition("?")
        asked = parse_qs(query)
        assert unquote(to) == "mailto:rita+a@example.com"
        assert asked["subject"] == ["Costs & savings"]
        assert asked["body"] == [
            "Hello Rita Vance of Größe & Co,\r\n\r\nlook.\r\n\r\nhttps://example.com/guide"
        ]

    def test_an_address_adds_no_other_reader_or_head(self, db: None) -> None:
        lead = self.lead(email="a@example.com?bcc=all@example.com&subject=x", name="x\r\nBcc: b@example.com")
        address = mailto(make_piece(text="Hi {name}"), lead)
        assert address.count("?") == 1
        assert set(parse_qs(address.partition("?")[2])) == {"subject", "body"}

    @pytest.mark.parametrize("letter", ["a", "ä", "€", "\n"])
    def test_a_long_text_is_cut_and_the_link_stays_whole(self, db: None, letter: str) -> None:
        piece = make_piece(text=f"{letter * 9} " * 400)
        address = mailto(piece, self.lead())
        assert len(address) <= LONGEST_MAILTO
        body = parse_qs(address.partition("?")[2])["body"][0]
        assert body.endswith("https://example.com/guide")
        assert "…" in body

    def test_who_is_not_known_is_you(self, db: None) -> None:
        piece = make_piece(text="{name}, {company}, {other}")
        assert text_of(piece, make_lead(name="")) == "you, your company, {other}"
