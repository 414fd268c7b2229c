"""How people wish to be told, and the channels of teams: what is written, refused and posted."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core.models import OutboxMessage
from feedback.models import Channel, NoticeSettings, Notification
from feedback.services import decisions, sla
from feedback.services.notices import Notice, notify
from feedback.services.telling import set_wishes
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.core.test_folding import Receiver
from tests.factories import TeamFactory, UserFactory, north
from tests.feedback.world import NOW, SOON, assigned
from users.models import Role, Team, User

pytestmark = pytest.mark.django_db
UNPROCESSABLE, CONFLICT = 422, 409
EVERYBODY = dict.fromkeys(Role, OK)
EDITORS_ONLY = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: OK, Role.ADMIN: OK}
ADDRESS = "https://hooks.slack.com/services/T0/B0/secret"


def make_channel(team: Team | None = None, **fields: Any) -> Channel:
    values = {"name": f"#sales-{Channel.objects.count()}", "shape": "slack", "address": ADDRESS}
    return Channel.objects.create(team=team, **values | fields)


class TestWhoSetsTheirWishes(AccessTests):
    url_name = "feedback:notice_settings"
    expected = EVERYBODY
    other_team = OK


class TestWhoSeesChannels(AccessTests):
    url_name = "feedback:channels"
    expected = EDITORS_ONLY
    other_team = FORBIDDEN


class TestWhoAddsAChannel(TestWhoSeesChannels):
    url_name = "feedback:channel_new"


class TestWhoChangesAChannel(TestWhoSeesChannels):
    def url(self) -> str:
        return reverse("feedback:channel", args=[make_channel().pk])


class TestWhoRemovesAChannel(AccessTests):
    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: MOVED, Role.ADMIN: MOVED}
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse("feedback:channel_remove", args=[make_channel().pk])


@pytest.fixture
def manager(client: Client) -> User:
    person = UserFactory(role=Role.SALES_MANAGER, team=north(), name="Mona")
    client.force_login(person)
    return person


def told(user: User, key: str = "once") -> OutboxMessage | None:
    with transaction.atomic():
        notify([Notice(user.pk, key, "Look at this", "/queue/")], now=NOW)
    return OutboxMessage.objects.filter(to=user).first()


class TestWishes:
    def test_without_any_a_mail_goes_at_once(self, manager: User) -> None:
        message = told(manager)
        assert message is not None
        assert (message.send_after, message.is_folded) == (NOW, True)

    def test_once_a_day_waits_for_the_hour_in_the_persons_zone(self, manager: User) -> None:
        User.objects.filter(pk=manager.pk).update(zone="America/New_York")
        set_wishes(user=manager, mail="daily", daily_at=time(7), now=NOW)
        message = told(manager)
        assert message is not None
        assert message.send_after == datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("America/New_York"))

    def test_who_wants_no_mail_is_told_in_the_app_alone(self, manager: User) -> None:
        set_wishes(user=manager, mail="never", now=NOW)
        assert told(manager) is None
        assert Notification.objects.filter(user=manager).exists()

    def test_the_page_keeps_them_and_shows_them_again(self, client: Client, manager: User) -> None:
        typed = {"mail": "daily", "daily_at": "07:15", "quiet_from": "20:00", "quiet_until": "07:00"}
        address = reverse("feedback:notice_settings")
        assert client.post(address, typed).status_code == MOVED
        row = NoticeSettings.objects.get(user=manager)
        assert (row.mail, row.daily_at, row.quiet_from) == ("daily", time(7, 15), time(20))
        assert 'value="20:00"' in client.get(address).content.decode()

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"mail": "weekly"}, "Select a valid choice"),
            ({"quiet_from": "20:00"}, "Quiet hours have a beginning and an end"),
            ({"quiet_until": "20:00"}, "Quiet hours have a beginning and an end"),
            ({"quiet_from": "20:00", "quiet_until": "20:00"}, "end where they begin"),
            ({"daily_at": "25:00"}, "Give a time of day"),
        ],
    )
    def test_what_cant_be_is_told_and_nothing_changes(
        self, client: Client, manager: User, typed: dict[str, str], said: str
    ) -> None:
        response = client.post(reverse("feedback:notice_settings"), {"mail": "at_once"} | typed)
        assert response.status_code == UNPROCESSABLE
        assert said in response.content.decode()
        assert not NoticeSettings.objects.exists()


class TestChannels:
    def test_what_a_manager_is_told_its_channel_and_that_of_all_teams_hear(
        self, rep: User, manager: User
    ) -> None:
        own, every = make_channel(north()), make_channel()
        make_channel(TeamFactory(name="South"))
        make_channel(north(), is_active=False)
        row = assigned(rep)
        sla.sweep(now=NOW + timedelta(hours=2))
        posts = OutboxMessage.objects.filter(channel="slack").order_by("key")
        assert {post.key.split(":")[1] for post in posts} == {str(own.pk), str(every.pk)}
        assert f"{row.handoff.lead}: the first response by {rep} is overdue" in {
            post.subject for post in posts
        }
        before = posts.count()
        sla.sweep(now=NOW + timedelta(hours=2))
        assert posts.count() == before

    def test_a_return_that_is_taken_back_is_never_posted(self, rep: User, manager: User) -> None:
        make_channel()
        decision = decisions.give_back(assignment=assigned(rep), text="Not mine.", by=rep, now=NOW + SOON)
        post = OutboxMessage.objects.get(channel="slack")
        assert post.send_after == NOW + SOON + decisions.UNDO_FOR
        decisions.undo(decision=decision, by=rep, now=NOW + SOON)
        assert not OutboxMessage.objects.filter(channel="slack").exists()

    def test_one_is_added_changed_and_removed(self, client: Client, manager: User) -> None:
        typed = {
            "name": "#north",
            "shape": "teams",
            "address": ADDRESS,
            "team": north().pk,
            "is_active": "on",
        }
        assert client.post(reverse("feedback:channel_new"), typed).status_code == MOVED
        row = Channel.objects.get()
        page = reverse("feedback:channel", args=[row.pk])
        assert "B0/secret" not in client.get(page).content.decode()
        assert "hooks.slack.com" in client.get(page).content.decode()
        client.post(page, typed | {"name": "#all", "address": "", "team": ""})
        row.refresh_from_db()
        assert (row.name, row.address, row.team) == ("#all", ADDRESS, None)
        client.post(reverse("feedback:channel_remove", args=[row.pk]))
        assert not Channel.objects.exists()

    def test_what_waits_for_one_that_is_paused_is_dropped(
        self, client: Client, rep: User, manager: User
    ) -> None:
        row = make_channel()
        assigned(rep)
        sla.sweep(now=NOW + timedelta(hours=2))
        assert OutboxMessage.objects.filter(channel="slack").exists()
        client.post(reverse("feedback:channel", args=[row.pk]), {"name": row.name, "shape": "slack"})
        assert not OutboxMessage.objects.filter(channel="slack").exists()

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"name": ""}, "This field is required"),
            ({"name": "#taken"}, "There is a channel of this name."),
            ({"shape": "pigeon"}, "Select a valid choice"),
            ({"address": ""}, "begins with https://"),
            ({"address": "http://hooks.slack.com/x"}, "begins with https://"),
            ({"team": "99999"}, "Select a valid choice"),
        ],
    )
    def test_what_cant_be_is_told_and_nothing_is_saved(
        self, client: Client, manager: User, typed: dict[str, str], said: str
    ) -> None:
        make_channel(name="#taken")
        good = {"name": "#north", "shape": "slack", "address": ADDRESS, "is_active": "on"}
        response = client.post(reverse("feedback:channel_new"), good | typed)
        assert response.status_code == UNPROCESSABLE
        assert said in response.content.decode()
        assert Channel.objects.count() == 1

    def test_trying_one_posts_a_line_at_once(self, client: Client, manager: User, settings: Settings) -> None:
        settings.WEBHOOKS_TO_LOOPBACK = True
        with Receiver() as receiver:
            row = make_channel(address=receiver.address)
            response = client.post(reverse("feedback:channel_try", args=[row.pk]), follow=True)
            assert "A line was posted to" in response.content.decode()
            assert "Mona tries this channel" in receiver.posted[0]["text"]

    def test_trying_one_that_is_private_or_down_says_why(self, client: Client, manager: User) -> None:
        row = make_channel(address="https://127.0.0.1/hook")
        response = client.post(reverse("feedback:channel_try", args=[row.pk]))
        assert response.status_code == CONFLICT
        assert "could not be reached" in response.content.decode()
