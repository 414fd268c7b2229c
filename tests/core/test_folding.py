"""A flood is folded into one: messages that may be folded go out together, to people and to channels."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import Settings

from core.errors import Invalid
from core.models import OutboxMessage
from core.sending import NotSent, checked_address, post
from core.services import FOLD_FOR, send_outbox
from tests.factories import UserFactory
from users.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLACK, TEAMS = OutboxMessage.Channel.SLACK, OutboxMessage.Channel.TEAMS


def write(number: int, to: User | None = None, *, at: datetime = NOW, **fields: Any) -> OutboxMessage:
    values = {
        "is_folded": True,
        "subject": f"Lead {number} is overdue",
        "body": f"https://b.example/{number}/",
    }
    return OutboxMessage.objects.create(
        key=f"k{number}", to=to, send_after=at, created_at=at, **values | fields
    )


def unsent() -> int:
    return OutboxMessage.objects.filter(sent_at=None).count()


class TestMail:
    def test_what_waits_for_one_person_goes_out_as_one(self) -> None:
        ana, ben = UserFactory(), UserFactory()
        for number in range(3):
            write(number, ana)
        write(9, ben)
        assert send_outbox(now=NOW) == 4
        found = {letter.to[0]: letter for letter in mail.outbox}
        assert found[ana.email].subject == "3 notices: Lead 0 is overdue"
        assert all(f"https://b.example/{number}/" in str(found[ana.email].body) for number in range(3))
        assert found[ben.email].subject == "Lead 9 is overdue"

    def test_the_first_goes_at_once_and_what_follows_within_minutes_together(self) -> None:
        ana = UserFactory()
        write(0, ana)
        assert send_outbox(now=NOW) == 1
        for number in range(1, 200):
            write(number, ana, at=NOW + timedelta(seconds=number))
        assert send_outbox(now=NOW + timedelta(minutes=4)) == 0
        assert send_outbox(now=NOW + FOLD_FOR) == 199
        assert [letter.subject for letter in mail.outbox] == [
            "Lead 0 is overdue",
            "199 notices: Lead 1 is overdue",
        ]
        assert "And 149 more." in str(mail.outbox[1].body)

    def test_a_message_that_may_not_be_folded_never_waits_for_others(self) -> None:
        ana = UserFactory()
        write(0, ana)
        send_outbox(now=NOW)
        write(1, ana, is_folded=False, subject="Your new password")
        write(2, ana)
        assert send_outbox(now=NOW + timedelta(seconds=5)) == 1
        assert mail.outbox[1].subject == "Your new password"

    def test_ten_thousand_at_once_are_a_mail_a_person(self) -> None:
        people = [UserFactory() for _ in range(10)]
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                key=f"n{number}",
                to=people[number % 10],
                is_folded=True,
                subject="New lead",
                body=".",
                send_after=NOW,
            )
            for number in range(10_000)
        )
        for minute in range(0, 30, 5):
            send_outbox(now=NOW + timedelta(minutes=minute))
        assert unsent() == 0
        assert len(mail.outbox) <= 30

    def test_a_letter_that_was_refused_is_tried_again_whole(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "tests.core.test_outbox.Refuses"
        ana = UserFactory(email="full@example.com")
        for number in range(2):
            write(number, ana)
        assert send_outbox(now=NOW) == 0
        rows = list(OutboxMessage.objects.all())
        assert {row.tries for row in rows} == {1}
        assert all("mailbox is full" in row.last_error for row in rows)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert send_outbox(now=rows[0].send_after) == 2
        assert len(mail.outbox) == 1


@pytest.fixture
def receiver(settings: Settings) -> Iterator["Receiver"]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with Receiver() as found:
        yield found


class Receiver:
    """A webhook on this machine that keeps what is posted to it; ``status`` is its answer."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.status = 200
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.posted.append(json.loads(body))
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("Location", outer.address)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class TestChannels:
    def test_slack_gets_a_line_with_a_link_for_each(self, receiver: Receiver) -> None:
        write(0, channel=SLACK, address=receiver.address, subject="A <b> & c|d is overdue")
        write(1, channel=SLACK, address=receiver.address)
        assert send_outbox(now=NOW) == 2
        assert receiver.posted == [
            {
                "text": "<https://b.example/0/|A &lt;b&gt; &amp; c¦d is overdue>\n"
                "<https://b.example/1/|Lead 1 is overdue>"
            }
        ]

    def test_teams_gets_a_card_with_a_button(self, receiver: Receiver) -> None:
        write(0, channel=TEAMS, address=receiver.address)
        send_outbox(now=NOW)
        card = receiver.posted[0]["attachments"][0]["content"]
        assert card["body"] == [{"type": "TextBlock", "text": "Lead 0 is overdue", "wrap": True}]
        assert card["actions"][0]["url"] == "https://b.example/0/"

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_a_receiver_that_refuses_is_tried_again(self, receiver: Receiver, status: int) -> None:
        receiver.status = status
        message = write(0, channel=SLACK, address=receiver.address)
        assert send_outbox(now=NOW) == 0
        message.refresh_from_db()
        assert (message.tries, message.sent_at) == (1, None)
        assert len(receiver.posted) == 1
        receiver.status = 200
        assert send_outbox(now=message.send_after) == 1

    def test_what_went_wrong_never_names_the_secret_of_the_address(self, receiver: Receiver) -> None:
        for address in ("http://127.0.0.1:9/very-secret", "https://10.0.0.7/very-secret"):
            with pytest.raises(NotSent) as told:
                post(address, {})
            assert "secret" not in str(told.value)
            assert told.value.__cause__ is None

    def test_one_that_is_down_never_holds_up_the_others(self, receiver: Receiver) -> None:
        write(0, channel=SLACK, address="http://127.0.0.1:9/hook")
        write(1, UserFactory())
        assert send_outbox(now=NOW) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "https://127.0.0.1/hook",
            "https://localhost/hook",
            "https://10.0.0.7/hook",
            "https://192.168.1.1/hook",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/hook",
            "https://[::ffff:10.0.0.7]/hook",
            "https://100.64.0.1/hook",
            "https://0.0.0.0/hook",
        ],
    )
    def test_nothing_is_ever_sent_into_our_own_network(self, address: str) -> None:
        with pytest.raises(NotSent, match="InvalidIPAddress"):
            post(address, {})

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "hooks.slack.com/services/x",
            "http://hooks.slack.com/services/x",
            "ftp://hooks.slack.com/x",
            "https://",
            "https://user:secret@hooks.slack.com/x",
            "https://hooks.slack.com:99999/x",
            "https://hooks.slack.com/a b",
            "https://hooks.slack.com/\n",
            "https://hööks.example/x",
            "https://hooks.slack.com/" + "x" * 500,
            "javascript:alert(1)",
        ],
    )
    def test_what_is_no_address_of_a_webhook_is_refused(self, address: str) -> None:
        if address.endswith("\n"):
            address = "https://hooks.slack.com/\nx"
        with pytest.raises(Invalid) as refused:
            checked_address(address, where="address")
        assert refused.value.problems[0].where == "address"

    @pytest.mark.parametrize("wrong", [{"channel": SLACK}, {"address": "https://x.example/"}])
    def test_a_message_has_a_receiver(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError, match="message_has_a_receiver"), transaction.atomic():
            write(0, **wrong)
