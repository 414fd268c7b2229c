"""The pages on which a proposal is discussed and signed."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment import services
from alignment.models import Comment, Version
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.alignment.factories import make_version
from tests.alignment.pages import DRAFTERS, READING, Queries, make_proposal, signed_in, text_of
from tests.factories import UserFactory
from users.models import Role, User

SPEAKING = READING | {Role.ADMIN: FORBIDDEN}
Status = Version.Status


class OnVersion(AccessTests):
    """A page of one version, ``status`` of which is made first."""

    __test__ = False
    status: ClassVar[str] = Status.PROPOSED
    other_team = OK

    def url(self) -> str:
        return reverse(self.url_name, args=[make_version(self.status).pk])


class TestDiscussion(OnVersion):
    __test__ = True
    url_name = "alignment:discussion"
    expected = READING


class TestPeople(TestDiscussion):
    url_name = "alignment:mention"
    method = "post"
    data: ClassVar[dict[str, object]] = {"text": "@P"}
    expected = SPEAKING


class TestDraftDiscussed(OnVersion):
    """Those who don't draft are not told that there is one."""

    __test__ = True
    url_name = "alignment:discussion"
    status = Status.DRAFT
    expected = {
        role: OK if role in DRAFTERS else FORBIDDEN if role == Role.EXECUTIVE else NOT_FOUND for role in Role
    }
    other_team = NOT_FOUND


class OnObjection(AccessTests):
    """What becomes of the rep's objection."""

    __test__ = False
    method = "post"
    data: ClassVar[dict[str, object]] = {"text": "Enough."}
    other_team = FORBIDDEN

    def url(self) -> str:
        version = make_version(Status.PROPOSED)
        said = services.comment(
            version_id=version.pk, text="No.", by=self.rep, now=timezone.now(), is_objection=True
        )
        return reverse(self.url_name, args=[said.pk])


class TestSettling(OnObjection):
    __test__ = True
    url_name = "alignment:resolve"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED}


class TestReopening(OnObjection):
    __test__ = True
    url_name = "alignment:reopen"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED}

    def url(self) -> str:
        address = super().url()
        pk = Comment.objects.latest("pk").pk
        services.resolve(comment_id=pk, by=self.rep, now=timezone.now())
        return address


class TestOverruling(OnObjection):
    __test__ = True
    url_name = "alignment:overrule"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.MEDIATOR: MOVED}


@pytest.fixture
def proposal(db: None) -> Version:
    return make_proposal()


def test_a_comment_comes_back_to_the_page_that_sent_it(
    client: Client, proposal: Version, marketer: User
) -> None:
    url, sign = (reverse(f"alignment:{name}", args=[proposal.pk]) for name in ("comment", "sign"))
    assert client.post(url, {"text": "Hm.", "next": sign}).headers["Location"] == sign
    landed = client.post(url, {"text": "Hm.", "next": "//evil.example"}).headers["Location"]
    assert landed.startswith(reverse("alignment:discussion", args=[proposal.pk]) + "#comment-")


def test_with_htmx_the_discussion_alone_is_drawn_anew(
    client: Client, proposal: Version, marketer: User
) -> None:
    url, htmx = reverse("alignment:comment", args=[proposal.pk]), {"HX-Request": "true"}
    response = client.post(url, {"text": "Hm.", "about": "always"}, headers=htmx)
    assert response.content.decode().lstrip().startswith("<section")
    assert "Everybody" in response.content.decode()
    assert client.post(url, {"text": " "}, headers=htmx).status_code == 422
    objecting = client.post(url, {"text": "No.", "is_objection": "on"}, headers=htmx)
    assert objecting.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": ""}, "This field is required"),
        ({"text": "x" * 1001}, "at most 1000 characters"),
        ({"text": "a\0b"}, "Null characters are not allowed"),
        ({"text": "Hm.", "about": "gone"}, "Select a valid choice"),
    ],
)
def test_what_can_not_be_said_keeps_what_was_typed(
    client: Client, proposal: Version, marketer: User, data: dict[str, str], message: str
) -> None:
    response = client.post(reverse("alignment:comment", args=[proposal.pk]), data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("ids", [["n/a", "²", "-1"], ["9" * 30], ["0", "999999"], ["0"] * 500])
def test_odd_ids_of_people_name_nobody(
    client: Client, proposal: Version, marketer: User, ids: list[str]
) -> None:
    url = reverse("alignment:comment", args=[proposal.pk])
    assert client.post(url, {"text": "Hm.", "mention": ids}).status_code == 302
    assert not Comment.objects.get().mentions.exists()


def test_a_person_ticked_is_told_and_so_is_the_author_of_the_comment(
    client: Client, proposal: Version, marketer: User
) -> None:
    marta = UserFactory(role=Role.MARKETING_MANAGER, name="Marta Lorenz")
    people = client.post(reverse("alignment:mention", args=[proposal.pk]), {"text": "Ask @mar"})
    assert f'value="{marta.pk}"' in people.content.decode()
    url = reverse("alignment:comment", args=[proposal.pk])
    response = client.post(url, {"text": "Look.", "mention": [marta.pk]}, follow=True)
    assert "Told: Marta Lorenz." in response.content.decode()


def test_a_name_that_several_have_is_said_to_be_unclear(
    client: Client, proposal: Version, marketer: User
) -> None:
    for name in ("Grace Berg", "Grace Moor"):
        UserFactory(name=name)
    url = reverse("alignment:comment", args=[proposal.pk])
    response = client.post(url, {"text": "Ask @Grace"}, follow=True)
    assert "There are several people called Grace: write the whole name." in response.content.decode()


def test_a_criterion_shows_how_much_was_said_of_it(client: Client, proposal: Version, marketer: User) -> None:
    for is_objection in (False, True):
        services.comment(
            version_id=proposal.pk,
            text="Hm.",
            criterion_key="always",
            is_objection=is_objection,
            by=marketer,
            now=timezone.now(),
        )
    assert "2 comments, 1 open objection" in " ".join(text_of(client, "version", proposal).split())


def test_a_comment_on_a_criterion_begins_there(client: Client, proposal: Version, marketer: User) -> None:
    assert '<option value="always" selected>' in text_of(client, "discussion", proposal, "?criterion=always")
    text_of(client, "discussion", proposal, "?criterion=gone")


# The sign page


def test_an_open_objection_takes_the_button_away_and_says_whose_it_is(
    client: Client, proposal: Version, marketer: User
) -> None:
    said = services.comment(
        version_id=proposal.pk, text="Too few.", by=marketer, now=timezone.now(), is_objection=True
    )
    signed_in(client, Role.SALES_MANAGER)
    text = text_of(client, "sign", proposal)
    assert "It can’t be signed while an objection is open." in text
    assert "Leila Haddad</a>: Too few." in text
    assert "Sign for sales" not in text
    assert client.post(reverse("alignment:sign", args=[proposal.pk])).status_code == 409
    services.resolve(comment_id=said.pk, by=marketer, now=timezone.now())
    assert "Sign for sales" in text_of(client, "sign", proposal)


def test_the_mediator_overrules_on_the_page(client: Client, proposal: Version, marketer: User) -> None:
    said = services.comment(
        version_id=proposal.pk, text="Too few.", by=marketer, now=timezone.now(), is_objection=True
    )
    signed_in(client, Role.MEDIATOR)
    assert "Overrule" in text_of(client, "sign", proposal)
    url = reverse("alignment:overrule", args=[said.pk])
    assert client.post(url, {"text": ""}).status_code == 400
    assert client.post(url, {"text": "Both teams agreed."}).status_code == 302
    assert "Both teams agreed." in text_of(client, "sign", proposal)


@pytest.mark.parametrize(("text", "status"), [("", 422), ("x" * 1001, 422), ("Not like this.", 302)])
def test_asking_for_changes_needs_words(client: Client, proposal: Version, text: str, status: int) -> None:
    signed_in(client, Role.SALES_MANAGER)
    response = client.post(reverse("alignment:decline", args=[proposal.pk]), {"text": text})
    assert response.status_code == status
    proposal.refresh_from_db()
    assert (proposal.status == Status.DECLINED) == (status == 302)


def test_every_page_of_the_version_says_from_when_it_counts(client: Client, marketer: User) -> None:
    moment = timezone.now() + timedelta(days=9)
    version = make_version(Status.PROPOSED, activate_at=moment, expires_at=moment)
    for name in ("sign", "version"):
        text = text_of(client, name, version)
        assert "The time is part of what is signed and can’t be moved." in text
        assert "It can be signed until" in text


def test_what_both_have_signed_says_that_the_leads_are_judged_first(client: Client, marketer: User) -> None:
    version = make_version(Status.SIGNED)
    for name in ("sign", "version"):
        text = text_of(client, name, version)
        assert "Both sides have signed. It counts as soon as all leads are judged by it." in text


def test_a_proposal_past_its_date_says_so_before_it_is_marked(client: Client, db: None) -> None:
    signed_in(client, Role.SALES_MANAGER)
    version = make_version(Status.PROPOSED, expires_at=timezone.now() - timedelta(minutes=1))
    text = text_of(client, "sign", version)
    assert "It expired" in text
    assert "Sign for sales" not in text


def test_a_proposal_overtaken_by_another_says_so(client: Client, marketer: User) -> None:
    now = timezone.now()
    version = make_version(Status.PROPOSED, proposed_at=now - timedelta(days=3))
    assert "came into force after" not in text_of(client, "sign", version)
    make_version(definition=version.definition, activated_at=now)
    assert "came into force after" in text_of(client, "sign", version)


def test_the_sign_page_costs_the_same_however_much_was_said(
    client: Client, proposal: Version, django_assert_max_num_queries: Queries
) -> None:
    signed_in(client, Role.SALES_MANAGER)
    for by in UserFactory.batch(6, role=Role.MARKETER):
        services.comment(version_id=proposal.pk, text="Hm.", by=by, now=timezone.now())
    with django_assert_max_num_queries(31):
        text_of(client, "sign", proposal)
    with django_assert_max_num_queries(10):
        text_of(client, "discussion", proposal)
    with django_assert_max_num_queries(7):
        text_of(client, "edits", proposal)


def test_an_emergency_says_that_an_objection_does_not_stop_it(client: Client, marketer: User) -> None:
    version = make_version(Status.PROPOSED, kind=Version.Kind.EMERGENCY)
    assert "stop an emergency rollback" in text_of(client, "discussion", version)
    assert "Nobody can sign until" in text_of(client, "discussion", make_version(Status.PROPOSED))
