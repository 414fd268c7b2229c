"""The first run: who becomes the first admin, what is missing, and the organisation's settings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, Invalid
from core.hooks import LandingPage, Recount, SetupStep, hooks
from core.models import AuditEntry
from tests.factories import UserFactory
from users.models import Organisation, Role, User
from users.registered import missing_people
from users.services import change_organisation, finish_set_up
from users.setup import create_first_admin, setup_url

pytestmark = pytest.mark.django_db
BASE = "http://testserver/"
ACCOUNT = {"name": "Ada", "email": "Ada@Example.com", "password": "correct horse"}
COMPANY = {"name": "Kestrel", "zone": "Europe/Berlin", "currency": "CHF"}


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(role=Role.ADMIN)


@pytest.fixture
def browser(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def steps() -> Iterator[list[SetupStep]]:
    kept, hooks.setup = hooks.setup, []
    yield hooks.setup
    hooks.setup = kept


def link() -> str:
    url = setup_url(BASE)
    assert url
    return url


def test_the_link_makes_the_first_admin_once(client: Client) -> None:
    url = link()
    assert client.get(url).status_code == 200
    assert client.post(url, ACCOUNT).headers["Location"] == reverse("users:set_up")
    admin = User.objects.get()
    assert (admin.role, admin.email) == (Role.ADMIN, "ada@example.com")
    assert client.session["_auth_user_id"] == str(admin.pk)
    assert Client().get(url).status_code == 404
    assert Client().post(url, {**ACCOUNT, "email": "eve@example.com"}).status_code == 404
    assert setup_url(BASE) is None
    assert AuditEntry.objects.get().action == "person.joined"


def test_a_repeat_gives_the_same_link_until_it_was_used() -> None:
    assert link() == link()


def test_an_inactive_admin_does_not_count_and_an_old_link_stays_dead() -> None:
    used = link()
    create_first_admin(
        token=used.rstrip("/").rpartition("/")[2],
        email="ada@example.com",
        name="Ada",
        password="correct horse",
        now=timezone.now(),
    )
    User.objects.update(is_active=False)
    assert link() != used
    assert Client().get(used).status_code == 404


def test_a_command_prints_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_link")
    assert capsys.readouterr().out.strip() == setup_url(settings.BASE_URL)
    UserFactory(role=Role.ADMIN)
    with pytest.raises(CommandError, match="active admin"):
        call_command("setup_link")


def test_nobody_gets_in_without_the_link(client: Client) -> None:
    link()
    nonce = Organisation.objects.get().setup_nonce
    for token in ("x", nonce, "0" * 64):
        url = reverse("users:first_run", args=[token])
        assert client.get(url).status_code == 404
        assert client.post(url, ACCOUNT).status_code == 404
    assert not User.objects.exists()


def test_without_a_link_ever_made_an_empty_one_opens_nothing(client: Client) -> None:
    assert client.get(reverse("users:first_run", args=["x"])).status_code == 404
    with pytest.raises(Conflict):
        create_first_admin(token="", email="a@b.cd", name="A", password="correct horse", now=timezone.now())


@pytest.mark.parametrize(
    "wrong", [{"email": "x"}, {"password": "short"}, {"name": ""}, {"email": "a" * 255 + "@example.com"}]
)
def test_a_wrong_first_admin_leaves_the_link_usable(client: Client, wrong: dict[str, str]) -> None:
    url = link()
    assert client.post(url, {**ACCOUNT, **wrong}).status_code == 422
    assert client.post(url, ACCOUNT).status_code == 302


def test_an_admin_starts_on_the_checklist_until_it_is_finished(
    browser: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "landing", [LandingPage(Role.ADMIN, "users:people")])
    assert browser.get("/").headers["Location"] == reverse("users:set_up")
    finish_set_up(by=admin, now=timezone.now())
    assert browser.get("/").headers["Location"] == reverse("users:people")
    assert "Set up Bantam" not in browser.get(reverse("users:people")).content.decode()


def test_the_checklist_says_what_is_missing_and_ends(browser: Client, steps: list[SetupStep]) -> None:
    done: set[str] = set()
    for order, name in enumerate(("first", "second")):
        says = {True: "", False: f"{name} is missing."}
        steps.append(
            SetupStep(name, "users:people", order, lambda name=name, says=says: says[name in done])  # type: ignore[misc]  # the loop's values
        )
    done.add("first")
    text = browser.get(reverse("users:set_up")).content.decode()
    assert "second is missing." in text
    assert "first is missing." not in text
    assert browser.post(reverse("users:set_up")).status_code == 409
    done.add("second")
    for _ in range(2):
        assert browser.post(reverse("users:set_up")).headers["Location"] == "/"
    assert AuditEntry.objects.filter(action="organisation.set_up").count() == 1


def test_managers_read_the_checklist_but_do_not_finish_it(client: Client, steps: list[SetupStep]) -> None:
    steps.append(SetupStep("Company", "users:organisation", 1, lambda: ""))
    client.force_login(UserFactory(role=Role.SALES_MANAGER))
    text = client.get(reverse("users:set_up")).content.decode()
    assert "Company" in text
    assert reverse("users:organisation") not in text
    assert client.post(reverse("users:set_up")).status_code == 403


def test_a_step_whose_page_is_not_there_has_no_link(browser: Client, steps: list[SetupStep]) -> None:
    steps.append(SetupStep("Later", "nowhere:at_all", 1, lambda: "Not yet."))
    assert "Not yet." in browser.get(reverse("users:set_up")).content.decode()


def test_people_are_missing_until_both_sides_can_sign_and_somebody_can_work() -> None:
    assert missing_people() == "Invite a marketing manager, a sales rep and a sales manager."
    UserFactory(role=Role.MARKETING_MANAGER)
    assert missing_people() == "Invite a sales rep and a sales manager."
    UserFactory(role=Role.SALES_MANAGER)
    rep = UserFactory(role=Role.REP)
    assert missing_people() == ""
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert missing_people() == "Invite a sales rep."


def test_the_organisation_is_saved_and_confirmed(browser: Client) -> None:
    data = {**COMPANY, "zone": "europe/berlin", "currency": "chf"}
    for _ in range(2):
        assert browser.post(reverse("users:organisation"), data).status_code == 302
    row = Organisation.objects.get()
    assert (row.name, row.zone, row.currency, row.is_confirmed) == (*COMPANY.values(), True)
    entry = AuditEntry.objects.get()
    assert entry.action == "organisation.changed"
    assert entry.detail["after"]["zone"] == "Europe/Berlin"
    assert "Kestrel" in browser.get(reverse("users:people")).content.decode()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"zone": "Berlin"}, {"currency": "EUT"}, {"currency": "€"}])
def test_a_wrong_organisation_is_refused(browser: Client, admin: User, wrong: dict[str, str]) -> None:
    assert browser.post(reverse("users:organisation"), {**COMPANY, **wrong}).status_code == 422
    with pytest.raises(Invalid):
        change_organisation(**{**COMPANY, **wrong}, by=admin, now=timezone.now(), is_sure=False)
    assert not Organisation.objects.filter(is_confirmed=True).exists()


@pytest.fixture
def recounted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime]]:
    """What was worked out again: the zone at that time, and the moment."""
    runs: list[tuple[str, datetime]] = []

    def run(now: datetime) -> None:
        runs.append((Organisation.objects.get().zone, now))

    monkeypatch.setattr(
        hooks, "zone_changed", [Recount("The days of 3 activities change.", lambda: True, run)]
    )
    monkeypatch.setattr(hooks, "currency_changed", [Recount("Never used.", lambda: False, run)])
    return runs


def test_a_new_zone_is_confirmed_before_days_are_counted_again(
    browser: Client, recounted: list[tuple[str, datetime]]
) -> None:
    asked = browser.post(reverse("users:organisation"), COMPANY)
    assert asked.status_code == 422
    assert "The days of 3 activities change." in asked.content.decode()
    assert not recounted
    assert Organisation.objects.get().zone == "UTC"
    assert browser.post(reverse("users:organisation"), {**COMPANY, "is_sure": "on"}).status_code == 302
    assert [zone for zone, _ in recounted] == ["Europe/Berlin"]


def test_the_service_asks_too_and_a_name_alone_needs_no_counting(
    admin: User, recounted: list[tuple[str, datetime]]
) -> None:
    now = timezone.now()
    with pytest.raises(Conflict, match="3 activities"):
        change_organisation(**COMPANY, by=admin, now=now, is_sure=False)
    change_organisation(name="Other", zone="UTC", currency="CHF", by=admin, now=now)
    assert not recounted
    change_organisation(**COMPANY, by=admin, now=now, is_sure=True)
    assert recounted == [("Europe/Berlin", now)]


def test_a_count_that_fails_leaves_the_zone_as_it_was(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: datetime) -> None:
        raise RuntimeError

    Organisation.current()
    monkeypatch.setattr(hooks, "zone_changed", [Recount("Days change.", lambda: True, fail)])
    with pytest.raises(RuntimeError):
        change_organisation(**COMPANY, by=admin, now=timezone.now(), is_sure=True)
    assert Organisation.objects.get().zone == "UTC"
    assert not AuditEntry.objects.exists()


def test_there_is_one_organisation() -> None:
    assert Organisation.current() == Organisation.current()
    with pytest.raises(IntegrityError, match="organisation_is_one_row"), transaction.atomic():
        Organisation.objects.create(pk=2)


def test_every_role_is_led_to_a_page_that_opens(
    client: Client, people: dict[Role, User], monkeypatch: Any
) -> None:
    finish_set_up(by=people[Role.ADMIN], now=timezone.now())
    for person in people.values():
        client.force_login(person)
        assert client.get("/", follow=True).status_code == 200
    monkeypatch.setattr(hooks, "landing", [])
    assert "has no first page yet" in client.get("/").content.decode()
