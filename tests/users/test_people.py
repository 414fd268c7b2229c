"""Roles, teams and access of colleagues."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, Invalid
from core.models import AuditEntry, AuditValue
from tests.factories import TeamFactory, UserFactory
from users.models import ApiToken, Role, Team, User
from users.services import (
    add_person,
    change_profile,
    change_role,
    create_team,
    create_token,
    deactivate,
    reactivate,
    rename_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(role=Role.ADMIN, name="Ada Admin")


@pytest.fixture
def browser(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_role_is_changed_once(admin: User) -> None:
    person, team = UserFactory(role=Role.MARKETER), TeamFactory()
    for _ in range(2):
        change_role(person=person, role=Role.REP, team=team, by=admin, now=timezone.now())
    person.refresh_from_db()
    assert (person.role, person.team) == (Role.REP, team)
    assert actions() == ["person.role_changed"]


def test_a_rep_needs_a_team_in_form_service_and_database(browser: Client, admin: User) -> None:
    person = UserFactory(role=Role.MARKETER)
    page = browser.post(reverse("users:person", args=[person.pk]), {"role": Role.REP})
    assert page.status_code == 422
    assert "A sales rep needs a team" in page.content.decode()
    with pytest.raises(Invalid):
        change_role(person=person, role=Role.REP, team=None, by=admin, now=timezone.now())
    with pytest.raises(IntegrityError, match="rep_has_a_team"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(role=Role.REP)


def test_addresses_are_stored_in_lower_case() -> None:
    with pytest.raises(IntegrityError, match="user_email_is_lower"), transaction.atomic():
        UserFactory(role=Role.MARKETER, email="Ana@example.com")


def test_the_last_active_admin_stays(browser: Client, admin: User) -> None:
    UserFactory(role=Role.ADMIN, is_active=False)
    with pytest.raises(Conflict, match="last active admin"):
        change_role(person=admin, role=Role.MARKETER, team=None, by=admin, now=timezone.now())
    with pytest.raises(Conflict, match="last active admin"):
        deactivate(person=admin, by=admin, now=timezone.now())
    assert browser.post(reverse("users:person_deactivate", args=[admin.pk])).status_code == 409
    page = browser.post(reverse("users:person", args=[admin.pk]), {"role": Role.MARKETER})
    assert page.status_code == 422
    assert "last active admin" in page.content.decode()
    UserFactory(role=Role.ADMIN)
    assert deactivate(person=admin, by=admin, now=timezone.now()).is_active is False


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_demote_each_other_at_once(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite lets one writer in at a time")
    pair = [UserFactory(role=Role.ADMIN), UserFactory(role=Role.ADMIN)]
    start, errors = threading.Barrier(2), []

    def demote(by: User, person: User) -> None:
        try:
            start.wait(5)
            change_role(person=person, role=Role.MARKETER, team=None, by=by, now=timezone.now())
        except Conflict as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert User.objects.filter(role=Role.ADMIN).count() == 1
    assert len(errors) == 1


def test_deactivating_revokes_tokens_and_is_recorded_once(admin: User) -> None:
    person, now = UserFactory(), timezone.now()
    create_token(person=person, name="Form", days=30, now=now)
    for _ in range(2):
        deactivate(person=person, by=admin, now=now)
    assert not ApiToken.objects.filter(user=person).exists()
    for _ in range(2):
        reactivate(person=person, by=admin, now=now)
    person.refresh_from_db()
    assert person.is_active
    assert actions() == ["token.created", "person.deactivated", "person.reactivated"]


def test_an_address_has_one_account(admin: User) -> None:
    UserFactory(email="ana@example.com")
    with pytest.raises(Conflict, match="has an account already"):
        _add(admin, email=" ANA@example.com")


def test_somebody_faster_is_a_conflict_and_no_failure(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="new@example.com")
    create_team(name="West", by=admin, now=timezone.now())
    for model in (User, Team):  # as it is for the second of two at once: checked before the first has saved
        monkeypatch.setattr(model, "full_clean", lambda self: None)
    monkeypatch.setattr(User.objects, "filter", lambda **given: User.objects.none())
    with pytest.raises(Conflict, match="has an account already"):
        _add(admin)
    with pytest.raises(Conflict, match="a team West already"):
        create_team(name="West", by=admin, now=timezone.now())


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"name": " "}, {"role": "king"}, {"zone": "Mars/Base"}, {"role": "rep"}]
)
def test_what_cannot_be_used_makes_nobody(admin: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        _add(admin, **wrong)
    assert caught.value.problems
    assert not User.objects.exclude(pk=admin.pk).exists()
    assert actions() == []


def _add(admin: User, **given: Any) -> User:
    fields: dict[str, Any] = {"email": "new@example.com", "name": "New", "role": Role.MARKETER, "team": None}
    return add_person(**{**fields, **given}, password="correct horse", by=admin, now=timezone.now())


def test_ones_own_settings_keep_the_values_apart_from_the_log() -> None:
    person = UserFactory(role=Role.MARKETER, name="Ana")
    for _ in range(2):
        change_profile(person=person, name=" Anna ", zone="Europe/Berlin", now=timezone.now())
    entry = AuditEntry.objects.get()
    assert entry.detail == {"fields": ["name", "zone"]}
    assert list(AuditValue.objects.order_by("field").values_list("field", "before", "after")) == [
        ("name", "Ana", "Anna"),
        ("zone", "", "Europe/Berlin"),
    ]


@pytest.mark.parametrize(("asked", "stored"), [("europe/berlin", "Europe/Berlin"), ("", ""), ("utc", "UTC")])
def test_a_zone_is_found_in_any_case(client: Client, asked: str, stored: str) -> None:
    person = UserFactory(role=Role.MARKETER)
    client.force_login(person)
    assert client.post(reverse("users:profile"), {"name": "Ana", "zone": asked}).status_code == 302
    person.refresh_from_db()
    assert person.zone == stored


@pytest.mark.parametrize(
    "data", [{"name": "", "zone": ""}, {"name": "Ana", "zone": "Berlin"}, {"name": "A" * 121}]
)
def test_wrong_settings_are_refused(client: Client, data: dict[str, str]) -> None:
    client.force_login(UserFactory(role=Role.MARKETER))
    assert client.post(reverse("users:profile"), data).status_code == 422
    assert actions() == []


def test_teams_are_made_and_renamed(browser: Client, admin: User) -> None:
    assert browser.post(reverse("users:teams"), {"name": " North "}).status_code == 302
    team = Team.objects.get(name="North")
    assert browser.post(reverse("users:team", args=[team.pk]), {"name": "West"}).status_code == 302
    rename_team(team=team, name="West", by=admin, now=timezone.now())
    assert actions() == ["team.created", "team.renamed"]
    create_team(name="South", by=admin, now=timezone.now())
    for url in (reverse("users:teams"), reverse("users:team", args=[team.pk])):
        for name in ("South", "", "x" * 81):
            assert browser.post(url, {"name": name}).status_code == 422
    assert browser.get(reverse("users:team", args=[999])).status_code == 404
    with pytest.raises(Invalid):
        create_team(name="South", by=admin, now=timezone.now())


def test_the_list_is_filtered_and_sorted(browser: Client, admin: User) -> None:
    team = TeamFactory(name="South")
    ana = UserFactory(name="Ana", role=Role.REP, team=team)
    ben = UserFactory(name="Ben", role=Role.MARKETER, is_active=False)
    everybody = ["Ada Admin", "Ana", "Ben"]
    for query, names in {
        "": everybody,
        "sort=-name": everybody[::-1],
        "sort=nonsense": everybody,
        "q=AN": ["Ana"],
        f"q={ben.email}": ["Ben"],
        "role=rep": ["Ana"],
        f"team={team.pk}": ["Ana"],
        "state=inactive": ["Ben"],
        "role=king&team=x&state=y": everybody,
        "page=999": everybody,
        "q=%00": everybody,
        f"team={10**30}": everybody,
        "q=nobody": [],
    }.items():
        page = browser.get(f"{reverse('users:people')}?{query}")
        assert [row.name for row in page.context["page"]] == names, query
    assert "Nobody is like this" in page.content.decode()
    assert ana.team == team


def test_the_list_takes_as_many_queries_for_many(browser: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        UserFactory(role=Role.MARKETER, team=TeamFactory() if number % 2 else None)
    with django_assert_max_num_queries(10):
        page = browser.get(reverse("users:people"))
    assert len(page.context["page"].object_list) == 50


def test_a_persons_page_tells_what_changed(
    browser: Client, admin: User, django_assert_max_num_queries: Any
) -> None:
    person = UserFactory(role=Role.MARKETER)
    change_role(person=person, role=Role.EXECUTIVE, team=None, by=admin, now=timezone.now())
    create_token(person=person, name="Form", days=30, now=timezone.now())
    with django_assert_max_num_queries(9):
        text = browser.get(reverse("users:person", args=[person.pk])).content.decode()
    assert "From marketer to executive" in text
    assert "API token made" in text
    for number in (10**6, 10**30):
        assert browser.get(reverse("users:person", args=[number])).status_code == 404
