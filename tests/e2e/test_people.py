"""People: an invitation by link, the way in, a forgotten password, and a door that locks."""

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.pages import assert_fit, sign_in
from tests.factories import PASSWORD, UserFactory, north
from users.models import Role
from users.tasks import send_reset_link

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SENTENCE = "a hen in a small ring"


def enter(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_an_invited_rep_joins_signs_in_and_lands_on_the_queue(page: Page) -> None:
    north()
    sign_in(page, UserFactory(role=Role.ADMIN))
    page.goto("/people/invite/")
    page.get_by_label("E-mail").fill("Rosa@Example.com")
    page.get_by_label("Role").select_option(label="Sales rep")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("A sales rep needs a team").first).to_be_visible()
    page.get_by_label("Team").select_option(label="North")
    page.get_by_role("button", name="Send invitation").click()
    link = page.get_by_label("The link of the invitation").input_value()
    page.context.clear_cookies()
    page.goto(link)
    assert_fit(page)
    expect(page.get_by_text("as sales rep in North")).to_be_visible()
    page.get_by_label("Your name").fill("Rosa Lind")
    page.get_by_label("Password").fill(SENTENCE)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(re.compile("/queue/$"))
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_label("Your name")).to_have_count(0)
    enter(page, "rosa@example.com", SENTENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")


def test_a_forgotten_password_is_set_anew_by_mail_once(page: Page, live_server: LiveServer) -> None:
    person = UserFactory(role=Role.MARKETER)
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    assert_fit(page)
    send_reset_link(person.pk, live_server.url)  # as a worker does
    found = re.search(r"https?://\S+?(/password/new/\S+)", str(mail.outbox[0].body))
    assert found
    page.goto(found[1])
    page.get_by_label("New password", exact=False).first.fill(SENTENCE)
    page.get_by_label(re.compile("confirmation|again", re.IGNORECASE)).fill(SENTENCE)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.context.clear_cookies()
    page.goto(found[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    assert_fit(page)
    enter(page, person.email, PASSWORD)
    expect(page.get_by_text("don't match an account")).to_be_visible()
    enter(page, person.email, SENTENCE)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_after_too_many_wrong_passwords_the_door_says_when_it_opens(page: Page) -> None:
    person = UserFactory()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        enter(page, person.email, "wrong")
        expect(page.get_by_text("don't match an account")).to_be_visible()
    enter(page, person.email, "wrong")
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many attempts")
    assert_fit(page)
    enter(page, person.email, PASSWORD)
    expect(page.get_by_text("Try again in")).to_be_visible()
    expect(page.get_by_role("link", name="Reset the password")).to_be_visible()


def test_each_role_lands_on_its_own_first_page(page: Page) -> None:
    first = {
        Role.REP: "Queue",
        Role.MARKETER: "Leads",
        Role.MARKETING_MANAGER: "Reasons",
        Role.SALES_MANAGER: "Follow-up",
        Role.MEDIATOR: "Follow-up",
        Role.EXECUTIVE: "Scoreboard",
        Role.ADMIN: "Set up Bantam",
    }
    assert first.keys() == set(Role)
    for role, title in first.items():
        sign_in(page, UserFactory(role=role))
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
