"""The way in and out under attack: made-up hosts, planted sessions, links used twice, the back button."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests.factories import PASSWORD, UserFactory
from tests.ugly.walk import routes
from tests.ugly.world import World, browser
from users.models import Role, User

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\x08//evil.example",
    " //evil.example",
    "http://testserver@evil.example/",
    "http://testserver:80@evil.example/",
    "//[",
    "data:text/html,x",
)


@pytest.mark.parametrize("page", ELSEWHERE)
def test_no_form_leads_to_another_site(world: World, page: str) -> None:
    sends: list[tuple[Role, str, dict[str, object]]] = [
        (Role.REP, "/notices/read/", {}),
        (Role.MARKETER, "/reasons/seen/", {"decision": "1"}),
        (
            Role.SALES_MANAGER,
            "/queue/assign/",
            {"handoff": world.undecided.handoff_id, "to": world.outsider.pk},
        ),
        (Role.REP, f"/tokens/{world.people[Role.REP].pk}/{world.token.token_key}/revoke/", {}),
    ]
    for role, address, data in sends:
        response = world.client(role).post(address, {**data, "next": page})
        assert response.status_code == 302, address
        assert re.fullmatch(r"/[^/\\].*", response.headers["Location"]), response.headers["Location"]


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


def test_nobody_gives_themselves_more_than_the_form_offers(world: World) -> None:
    rep = world.people[Role.REP]
    more = {
        "role": "admin",
        "is_active": "0",
        "team": "",
        "email": "x@example.com",
        "is_staff": "1",
        "password": "x",
    }
    browser(rep).post("/profile/", {"name": "Ann", "zone": "", **more})
    joining = browser()
    data = {"name": "Bea", "password": "quite a long one", "zone": "", **more, "is_superuser": "1"}
    joining.post(f"/join/{world.secret}/", data | {"password": "quite a long one"})
    rep.refresh_from_db()
    joined = User.objects.get(name="Bea")
    assert (rep.name, rep.role, rep.is_active, rep.email != "x@example.com") == ("Ann", Role.REP, True, True)
    assert (joined.role, joined.email, joined.team) == (Role.REP, "new@example.com", world.team)
    form = {
        "name": "Eve",
        "stage": "customer",
        "owner": world.outsider.pk,
        "team": world.outsider.team_id,
        "id": world.lead.pk,
    }
    address = world.client(Role.MARKETER).post("/leads/new/", form).headers["Location"]
    made = type(world.lead).objects.get(pk=int(address.strip("/").rpartition("/")[2]))
    assert (made.stage, made.owner, made.team) == ("inquiry", None, None)
    assert made.pk != world.lead.pk


def test_the_back_button_shows_nothing_after_signing_out(world: World) -> None:
    for role in (Role.ADMIN, Role.MARKETER, Role.REP, Role.SALES_MANAGER):
        client = world.client(role)
        for route in routes():
            if "get" in route.methods and route.name not in ("sign_out", "api-schema", "styleguide"):
                response = client.get(route.url_in(world))
                kept = response.headers.get("Cache-Control", "")
                allowed = ("no-store", "no-cache") if route.name == "queue_list" else ("no-store",)
                assert any(word in kept for word in allowed), (route.path, kept)
                assert "private" in kept, (route.path, kept)


def test_every_answer_says_what_a_browser_may_load(world: World, settings: Any) -> None:
    client = world.client(Role.ADMIN)
    asked = [
        *(
            "/",
            "/leads/",
            "/nowhere/",
            "/leads/0/",
            "/api/v1/leads/",
            "/api/nowhere",
            "/api/docs/",
            "/api/schema/",
        ),
        *("/admin/", "/admin/nowhere/", "/admin/leads/lead/", "/healthz", "/sign-in/", "/reasons/?by=x"),
    ]
    for address in asked:
        policy = client.get(address).headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
    for response in (Client(enforce_csrf_checks=True).post("/sign-in/"), browser().get("/leads/")):
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
