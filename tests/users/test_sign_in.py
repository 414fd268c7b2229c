"""Sign-in, throttling, sign-out, and forgotten or changed passwords."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from tests.factories import PASSWORD, UserFactory
from users.models import Role, User
from users.services import ask_for_reset
from users.services.passwords import PAUSE
from users.tasks import send_reset_link

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"
LIMIT = 8


@pytest.fixture
def ana() -> User:
    return UserFactory(email="ana@example.com", role=Role.MARKETER)


def sign_in(client: Client, email: str, password: str, **extra: Any) -> "TestResponse":
    return client.post(SIGN_IN, {"username": email, "password": password, **extra})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["ana@example.com", "Ana@Example.COM", "  ANA@example.com "])
def test_the_address_is_folded(client: Client, ana: User, email: str) -> None:
    response = sign_in(client, email, PASSWORD)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert is_signed_in(client)


def test_the_same_answer_whether_or_not_the_account_exists_or_is_active(client: Client, ana: User) -> None:
    UserFactory(email="gone@example.com", role=Role.MARKETER, is_active=False)
    tries = [("ana@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("gone@example.com", PASSWORD)]
    pages = []
    for email, password in tries:
        response = sign_in(client, email, password)
        assert response.status_code == 422
        assert not is_signed_in(client)
        text = response.content.decode().replace(email, "")
        pages.append(re.sub(r'(csrfmiddlewaretoken" value="|CSRFToken": ")[^"]+', "", text))
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_next_never_leads_to_another_site(client: Client, ana: User, page: str) -> None:
    assert sign_in(client, ana.email, PASSWORD, next=page).headers["Location"] == "/"


def test_next_leads_to_a_page_of_ours(client: Client, ana: User) -> None:
    assert sign_in(client, ana.email, PASSWORD, next="/profile/").headers["Location"] == "/profile/"


def test_too_many_failures_lock_and_say_until_when(client: Client, ana: User) -> None:
    for _ in range(LIMIT - 1):
        assert sign_in(client, ana.email, "wrong").status_code == 422
    response = sign_in(client, ana.email, "wrong")
    assert response.status_code == 429
    assert 14 * 60 <= int(response.headers["Retry-After"]) <= 15 * 60
    assert "15 minutes" in " ".join(response.content.decode().split())
    assert sign_in(client, "ANA@example.com", PASSWORD).status_code == 429
    assert not is_signed_in(client)


def test_the_lock_is_for_one_address_from_one_place(client: Client, ana: User) -> None:
    other = UserFactory(email="ben@example.com", role=Role.MARKETER)
    for _ in range(LIMIT):
        sign_in(client, ana.email, "wrong")
    assert sign_in(client, other.email, PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere, ana.email, PASSWORD).status_code == 302


def test_a_made_up_header_does_not_get_around_the_lock(client: Client, ana: User) -> None:
    for number in range(LIMIT):
        data = {"username": ana.email, "password": "wrong"}
        client.post(SIGN_IN, data, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert sign_in(client, ana.email, PASSWORD).status_code == 429


def test_behind_a_proxy_the_address_that_it_saw_counts(settings: Any, client: Client, ana: User) -> None:
    settings.PROXIES = 1
    for number in range(LIMIT):
        data = {"username": ana.email, "password": "wrong"}
        client.post(SIGN_IN, data, headers={"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.7"})
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"198.51.100.7"}
    assert sign_in(client, ana.email, PASSWORD).status_code == 302


def test_trying_while_locked_does_not_make_it_longer(client: Client, ana: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(LIMIT):
            sign_in(client, ana.email, "wrong")
        clock.shift(timedelta(minutes=14))
        assert sign_in(client, ana.email, PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=2))
        assert sign_in(client, ana.email, PASSWORD).status_code == 302


def test_signing_out_takes_a_post(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert client.get(reverse("users:sign_out")).status_code == 405
    assert is_signed_in(client)
    assert client.post(reverse("users:sign_out")).headers["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_the_admin_site_signs_in_on_our_page(client: Client, ana: User) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    client.force_login(ana)
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(UserFactory(role=Role.ADMIN))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/").headers["Location"] == reverse("users:change_password")
    assert client.post("/admin/logout/").headers["Location"] == SIGN_IN


def test_the_audit_log_is_read_only_in_the_admin_site(client: Client) -> None:
    entry = AuditEntry.objects.create(action="x.done", target_type="user", target_id=1)
    client.force_login(UserFactory(role=Role.ADMIN))
    assert client.get(f"/admin/core/auditentry/{entry.pk}/change/").status_code == 200
    for page in (f"{entry.pk}/delete/", "add/"):
        assert client.post(f"/admin/core/auditentry/{page}", {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_a_forgotten_password_is_set_anew_by_the_link(
    client: Client, ana: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(reverse("users:forgotten"), {"email": " ANA@example.com"})
    assert len(callbacks) == 1
    send_reset_link(ana.pk, "http://testserver/")
    link = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    form = page.redirect_chain[-1][0]
    response = client.post(form, {"new_password1": "quite another one", "new_password2": "quite another one"})
    assert response.status_code == 302
    assert is_signed_in(client)
    ana.refresh_from_db()
    assert ana.check_password("quite another one")
    assert AuditEntry.objects.filter(action="password.changed", target_id=ana.pk).exists()
    assert "no longer works" in Client().get(link[1], follow=True).content.decode()


def test_the_answer_to_a_forgotten_password_tells_nothing(
    client: Client, ana: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        known = client.post(reverse("users:forgotten"), {"email": ana.email})
        unknown = client.post(reverse("users:forgotten"), {"email": "no@example.com"})
    texts = [page.content.decode() for page in (known, unknown)]
    assert "no@example.com" in texts[1]
    assert texts[0].count("is on its way") == texts[1].count("is on its way") == 1
    assert len(callbacks) == 1


def test_a_mailbox_is_not_flooded(ana: User, django_capture_on_commit_callbacks: Any) -> None:
    now = timezone.now()
    with django_capture_on_commit_callbacks() as callbacks:
        for later in (timedelta(0), PAUSE / 2, PAUSE):
            ask_for_reset(email=ana.email, base_url="http://x/", now=now + later)
    assert len(callbacks) == 2


def test_nobody_inactive_gets_a_link(ana: User) -> None:
    ana.is_active = False
    ana.save()
    send_reset_link(ana.pk, "http://x/")
    assert not mail.outbox


def test_without_a_worker_the_link_is_sent_at_once(
    ana: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("users.services.passwords.send", lambda task, args: False)
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_reset(email=ana.email, base_url="http://x/", now=timezone.now())
    assert mail.outbox[0].to == [ana.email]


def test_a_changed_password_ends_the_other_sessions(client: Client, ana: User) -> None:
    other = Client()
    for browser in (client, other):
        browser.force_login(ana)
    data = {
        "old_password": PASSWORD,
        "new_password1": "quite another one",
        "new_password2": "quite another one",
    }
    wrong = client.post(reverse("users:change_password"), {**data, "old_password": "no"})
    assert wrong.status_code == 422
    assert other.get(reverse("users:profile")).status_code == 200
    assert client.post(reverse("users:change_password"), data).status_code == 302
    assert client.get(reverse("users:profile")).status_code == 200
    assert other.get(reverse("users:profile")).status_code == 302


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "ana@example"])
def test_a_weak_password_is_refused(client: Client, ana: User, password: str) -> None:
    client.force_login(ana)
    data = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post(reverse("users:change_password"), data).status_code == 422


def test_sign_in_says_when_nobody_can(client: Client) -> None:
    assert "set up yet" in client.get(SIGN_IN).content.decode()
    UserFactory(role=Role.ADMIN)
    assert "set up yet" not in client.get(SIGN_IN).content.decode()
