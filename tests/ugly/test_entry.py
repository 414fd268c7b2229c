"""The way in under attack: made-up hosts, planted sessions, links used twice, names that end a head."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.services import send_outbox
from tests.factories import PASSWORD, UserFactory
from tests.ugly.walk import ELSEWHERE
from tests.ugly.world import browser, make_world
from users.models import Role, User


@pytest.mark.parametrize("page", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(db: None, page: str) -> None:
    person, client = UserFactory(role=Role.MARKETER), browser()
    data = {"username": person.email, "password": PASSWORD, "next": page}
    assert client.post("/sign-in/", data).headers["Location"] == "/"
    assert client.get("/sign-in/", {"next": page}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "evil.example:80",
        "a b",
        "x\\y",
        "[::1",
        "testserver,evil.example",
    ],
)
def test_a_made_up_host_is_refused_before_anything_else(db: None, host: str) -> None:
    person = UserFactory(role=Role.MARKETER)
    for address in ("/", "/sign-in/", "/password/forgotten/", "/api/v1/me/", "/healthz"):
        response = browser().get(address, headers={"Host": host})
        assert response.status_code == 400, address
        assert "Content-Security-Policy" in response.headers, address
        assert host not in response.content.decode()
    browser().post("/password/forgotten/", {"email": person.email}, headers={"Host": host})
    person.refresh_from_db()
    assert person.reset_asked_at is None


def test_behind_https_too(db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    refused = browser().get("/sign-in/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "Content-Security-Policy" in refused.headers
    moved = browser().get("/sign-in/?next=//evil.example")
    assert moved.headers["Location"] == "https://testserver/sign-in/?next=//evil.example"


def test_a_link_in_a_mail_is_the_companys_own_whatever_the_host_says(
    db: None, settings: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BASE_URL = "https://bantam.example"
    person = UserFactory(role=Role.MARKETER)
    monkeypatch.setattr("users.services.passwords.send", lambda *_: False)
    with django_capture_on_commit_callbacks(execute=True):
        browser().post("/password/forgotten/", {"email": person.email}, headers={"Host": "localhost:6666"})
    assert "https://bantam.example/password/new/" in mail.outbox[0].body
    assert "6666" not in mail.outbox[0].body


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(db: None) -> None:
    person, client = UserFactory(role=Role.MARKETER), browser()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key or ""
    client.cookies["sessionid"] = planted
    client.post("/sign-in/", {"username": person.email, "password": PASSWORD})
    assert client.session.session_key != planted
    victim = browser()
    victim.cookies["sessionid"] = planted
    assert victim.get("/profile/").status_code == 302
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "told", ["", "unknown", "1.2.3.4:5678", "999.1.1.1", "x" * 5_000, "1.2.3.4, unknown"]
)
def test_what_a_proxy_says_wrongly_keeps_nobody_from_signing_in(db: None, settings: Any, told: str) -> None:
    settings.PROXIES = 1
    person, headers = UserFactory(role=Role.MARKETER), {"X-Forwarded-For": told}
    data = {"username": person.email, "password": "wrong"}
    assert browser().post("/sign-in/", data, headers=headers).status_code == 422
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"
    assert browser().post("/sign-in/", data | {"password": PASSWORD}, headers=headers).status_code == 302


def reset_link(person: User) -> str:
    token = default_token_generator.make_token(person)
    place = {"uidb64": urlsafe_base64_encode(force_bytes(person.pk)), "token": token}
    return reverse("users:password_reset_confirm", kwargs=place)


def set_password(link: str, *, password: str) -> Any:
    client = browser()
    form = client.get(link, follow=True).redirect_chain[-1:]
    data = {"new_password1": password, "new_password2": password}
    return client.post(form[0][0] if form else link, data)


def test_a_link_to_a_new_password_dies_with_its_use_its_day_and_a_change(db: None) -> None:
    person = UserFactory(role=Role.MARKETER)
    link = reset_link(person)
    assert set_password(link, password="quite another one").status_code == 302
    assert set_password(link, password="yet another password").status_code == 200
    person.refresh_from_db()
    assert person.check_password("quite another one")
    fresh = reset_link(person)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert set_password(fresh, password="yet another password").status_code == 200
    User.objects.filter(pk=person.pk).update(email="new@example.com")
    assert set_password(fresh, password="yet another password").status_code == 200
    person.refresh_from_db()
    assert person.check_password("quite another one")


def test_a_link_to_a_new_password_lets_nobody_in_who_left(db: None) -> None:
    person = UserFactory(role=Role.MARKETER)
    link = reset_link(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    client = browser()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "quite another one", "new_password2": "quite another one"})
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    "place", ["MA/x-y", "%00/%00-%00", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y", "²/²-²", "MQ/set-password"]
)
def test_a_link_that_was_made_up_is_told_so(db: None, place: str) -> None:
    response = browser().get(f"/password/new/{place}/", follow=True)
    assert response.status_code in (200, 404)
    assert "quite" not in response.content.decode()


@pytest.mark.parametrize("name", ["Rita\r\nBcc: all@example.com", "Rita\nX: 1", "Rita\x0bX", "Rita\u2028X"])
def test_a_name_gives_no_mail_another_head(db: None, name: str) -> None:
    world = make_world(name)
    send_outbox(now=timezone.now())
    assert world.lead.name.isprintable()
    sent = [each for each in mail.outbox if "look at it" in str(each.body)]
    assert len(sent) == 1
    for each in mail.outbox:
        assert each.subject.isprintable()
        assert not each.bcc
        assert "\nBcc" not in each.message().as_string().partition("\n\n")[0]
