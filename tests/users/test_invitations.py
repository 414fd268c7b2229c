"""Colleagues are invited by a link that works once and for a week."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from tests.factories import TeamFactory, UserFactory
from users.models import Invitation, Role, User
from users.services import accept_invitation, invite, renew_invitation, withdraw_invitation
from users.services.invitations import LIFETIME

pytestmark = pytest.mark.django_db
ACCOUNT = {"name": "Nora New", "password": "correct horse", "zone": "Europe/Berlin"}


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(role=Role.ADMIN, name="Ada Admin")


@pytest.fixture
def browser(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def invited(admin: User) -> tuple[Invitation, str]:
    return invite(email="nora@example.com", role=Role.MARKETER, team=None, by=admin, now=timezone.now())


def join_url(token: str) -> str:
    return reverse("users:join", args=[token])


def test_a_colleague_joins_by_the_link_of_the_mail(browser: Client, client: Client) -> None:
    team = TeamFactory(name="South")
    data = {"email": "Nora@Example.com", "role": Role.REP, "team": team.pk}
    page = browser.post(reverse("users:invite"), data)
    link = page.context["link"]
    assert link in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["nora@example.com"]
    assert "sales rep in South" in " ".join(client.get(link).content.decode().split())
    assert client.post(link, ACCOUNT).status_code == 302
    nora = User.objects.get(email="nora@example.com")
    assert (nora.role, nora.team, nora.zone, nora.name) == (Role.REP, team, "Europe/Berlin", "Nora New")
    assert client.session["_auth_user_id"] == str(nora.pk)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["person.invited", "person.joined", "invitation.accepted"]


def test_the_secret_is_kept_nowhere(invited: tuple[Invitation, str]) -> None:
    invitation, token = invited
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert len(token) >= 40
    assert token not in str(row)


def test_a_link_works_once(client: Client, invited: tuple[Invitation, str]) -> None:
    url = join_url(invited[1])
    assert client.post(url, ACCOUNT).status_code == 302
    again = Client().post(url, {**ACCOUNT, "name": "Second"})
    assert again.status_code == 410
    assert "sign in with your e-mail" in again.content.decode()
    assert User.objects.filter(email="nora@example.com").count() == 1
    with pytest.raises(Conflict, match="used already"):
        accept_invitation(
            invitation=invited[0], name="X", password="correct horse", zone="", now=timezone.now()
        )


def _expire(invitation: Invitation, admin: User) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def _withdraw(invitation: Invitation, admin: User) -> None:
    withdraw_invitation(invitation=invitation, by=admin, now=timezone.now())


@pytest.mark.parametrize("end", [_expire, _withdraw])
def test_a_link_that_ended_makes_no_account(
    client: Client, admin: User, invited: tuple[Invitation, str], end: Callable[[Invitation, User], None]
) -> None:
    invitation, token = invited
    assert client.get(join_url(token)).status_code == 200
    end(invitation, admin)
    for response in (client.get(join_url(token)), client.post(join_url(token), ACCOUNT)):
        assert response.status_code == 410
    with pytest.raises(Conflict):
        accept_invitation(
            invitation=invitation, name="X", password="correct horse", zone="", now=timezone.now()
        )
    assert not User.objects.filter(email="nora@example.com").exists()


def test_an_unknown_link_is_not_found(client: Client, invited: tuple[Invitation, str]) -> None:
    for token in ("x", invited[1][:-1], invited[0].token_hash):
        assert client.get(join_url(token)).status_code == 404


def test_a_new_link_takes_the_place_of_the_old(
    browser: Client, client: Client, invited: tuple[Invitation, str]
) -> None:
    invitation, old = invited
    page = browser.post(reverse("users:invitation_renew", args=[invitation.pk]))
    assert client.get(join_url(old)).status_code == 404
    assert client.get(page.context["link"]).status_code == 200
    assert AuditEntry.objects.filter(action="invitation.renewed").count() == 1


def test_a_new_link_lives_for_a_week_again(admin: User, invited: tuple[Invitation, str]) -> None:
    later = timezone.now() + timedelta(days=30)
    renewed, _ = renew_invitation(invitation=invited[0], by=admin, now=later)
    assert renewed.expires_at == later + LIFETIME


def test_a_withdrawn_address_can_be_invited_again(browser: Client, invited: tuple[Invitation, str]) -> None:
    url = reverse("users:invitation_withdraw", args=[invited[0].pk])
    assert browser.post(url).status_code == 302
    assert browser.post(url).status_code == 409
    data = {"email": "nora@example.com", "role": Role.MARKETER}
    assert browser.post(reverse("users:invite"), data).status_code == 200
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"email": "ada@example.com"}, "has an account already"),
        ({"email": "NORA@example.com"}, "has been invited already"),
        ({"role": "king"}, "valid choice"),
        ({"role": Role.REP}, "A sales rep needs a team"),
        ({"team": "999"}, "valid choice"),
    ],
)
def test_a_wrong_invitation_is_refused_with_its_reason(
    browser: Client, admin: User, invited: tuple[Invitation, str], wrong: dict[str, str], words: str
) -> None:
    User.objects.filter(pk=admin.pk).update(email="ada@example.com")
    page = browser.post(reverse("users:invite"), {"email": "x@example.com", "role": Role.MARKETER, **wrong})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Invitation.objects.count() == 1
    assert not mail.outbox


def test_a_rep_without_a_team_cannot_be_invited(admin: User) -> None:
    with pytest.raises(Invalid, match="needs a team"):
        invite(email="x@example.com", role=Role.REP, team=None, by=admin, now=timezone.now())


def test_one_open_invitation_an_address_holds_in_the_database(invited: tuple[Invitation, str]) -> None:
    row = invited[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email=row.email,
            role=row.role,
            invited_by=row.invited_by,
            token_hash="other",
            expires_at=row.expires_at,
        )


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"password": "short"}, {"password": "nora@example"}, {"zone": "Mars"}]
)
def test_a_wrong_account_is_refused(
    client: Client, invited: tuple[Invitation, str], wrong: dict[str, str]
) -> None:
    assert client.post(join_url(invited[1]), {**ACCOUNT, **wrong}).status_code == 422
    assert not User.objects.filter(email="nora@example.com").exists()
    assert client.post(join_url(invited[1]), ACCOUNT).status_code == 302


def test_who_is_signed_in_is_asked_to_sign_out_first(
    browser: Client, invited: tuple[Invitation, str]
) -> None:
    page = browser.post(join_url(invited[1]), ACCOUNT)
    assert page.status_code == 409
    assert not User.objects.filter(email="nora@example.com").exists()


def test_a_dead_mail_server_loses_nothing(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("users.services.invitations.send_mail", refuse)
    page = browser.post(reverse("users:invite"), {"email": "x@example.com", "role": Role.MARKETER})
    assert page.status_code == 200
    assert "did not take the mail" in page.content.decode()
    assert Client().get(page.context["link"]).status_code == 200


def test_the_page_says_when_mail_reaches_nobody(browser: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = browser.post(reverse("users:invite"), {"email": "x@example.com", "role": Role.MARKETER})
    assert "No mail server is set up" in page.content.decode()


def test_the_mail_cannot_be_given_another_head(admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(name="Ada\nBcc: x@example.com")
    browser = Client()
    browser.force_login(User.objects.get(pk=admin.pk))
    browser.post(reverse("users:invite"), {"email": "x@example.com", "role": Role.MARKETER})
    assert mail.outbox[0].recipients() == ["x@example.com"]


def test_the_list_shows_what_is_open_and_what_expired(
    browser: Client, admin: User, invited: tuple[Invitation, str], django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        invite(email=f"p{number}@example.com", role=Role.MARKETER, team=None, by=admin, now=timezone.now())
    _expire(invited[0], admin)
    with django_assert_max_num_queries(9):
        text = browser.get(reverse("users:invitations")).content.decode()
    assert len(re.findall("nora@example.com</span>", text)) == 1
    assert text.count("Expired") == 1
