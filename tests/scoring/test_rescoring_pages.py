"""An activation on screen: how far it is, who can stop it and start it again."""

import datetime as dt
import re
from typing import ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment.models import Version
from scoring import services
from scoring.models import Generation
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.alignment.factories import make_version
from tests.alignment.pages import DRAFTING
from tests.factories import UserFactory
from tests.scoring.previewing import in_force
from users.models import Role, User

pytestmark = pytest.mark.django_db


class TestRescoringAccess(AccessTests):
    url_name = "scoring:rescoring"
    expected: ClassVar = DRAFTING | {Role.ADMIN: OK, Role.MEDIATOR: FORBIDDEN}
    other_team = FORBIDDEN


class TestStopAccess(AccessTests):
    url_name = "scoring:rescoring_cancel"
    method = "post"
    expected: ClassVar = {
        role: 409 if role in (Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMIN) else FORBIDDEN
        for role in Role
    }
    other_team = FORBIDDEN


class TestStartAgainAccess(TestStopAccess):
    url_name = "scoring:rescoring_restart"


class TestRescoring:
    @pytest.fixture
    def manager(self, client: Client) -> User:
        person = UserFactory(role=Role.SALES_MANAGER)
        client.force_login(person)
        return person

    def text(self, client: Client, name: str = "alignment:definition", **headers: str) -> str:
        answer = client.get(reverse(name), headers=headers)
        assert answer.status_code == OK
        return re.sub(r"\s+", " ", answer.content.decode())

    def test_it_says_how_far_it_is_on_the_pages_of_the_definition(
        self, client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        in_force()
        Generation.objects.update(live_at=timezone.now() - dt.timedelta(hours=1))
        assert 'id="rescoring"' not in self.text(client)
        monkeypatch.setattr(services.activating, "RANGE", {connection.vendor: 20})
        make_version(position=5)
        services.activate_due(now=timezone.now())
        services.build_range(now=timezone.now())
        text = self.text(client)
        assert "20 of 60" in text
        assert "Stop rescoring" in text
        assert "20 of 60" in self.text(client, "scoring:rescoring", **{"HX-Request": "true"})

    def test_stopped_it_says_so_and_can_be_started_again(self, client: Client, manager: User) -> None:
        in_force()
        make_version(position=5)
        services.activate_due(now=timezone.now())
        assert client.post(reverse("scoring:rescoring_cancel")).status_code == MOVED
        assert "was stopped at" in self.text(client)
        assert client.post(reverse("scoring:rescoring_restart")).status_code == MOVED
        assert Generation.objects.latest("pk").state == "building"
        assert client.post(reverse("scoring:rescoring_restart")).status_code == MOVED
        assert Generation.objects.filter(state="building").count() == 1

    def test_done_it_says_so_for_a_while(self, client: Client, manager: User) -> None:
        in_force()
        Generation.objects.update(live_at=timezone.now() - dt.timedelta(minutes=5))
        assert "60 leads rescored" in self.text(client)
        Generation.objects.update(live_at=timezone.now() - dt.timedelta(minutes=16))
        assert "rescored" not in self.text(client)

    def test_several_versions_are_told_of_in_the_plural(self, client: Client, manager: User) -> None:
        in_force()
        make_version(position=5)
        services.activate_due(now=timezone.now())
        assert " goes live when all leads are judged" in self.text(client)
        assert client.post(reverse("scoring:rescoring_cancel")).status_code == MOVED
        make_version(position=6)
        services.activate_due(now=timezone.now())
        assert " go live when all leads are judged" in self.text(client)

    def test_what_was_just_signed_takes_the_place_of_what_went_live_before(
        self, client: Client, manager: User
    ) -> None:
        in_force()
        Generation.objects.update(live_at=timezone.now())
        tomorrow = timezone.now() + dt.timedelta(days=1)
        make_version(Version.Status.SIGNED, position=5, activate_at=tomorrow)
        assert "60 leads rescored" in self.text(client)
        version = make_version(Version.Status.SIGNED, position=6)
        text = self.text(client)
        assert f"{version} is signed: judging every lead by it begins in a moment." in text
        assert "rescored" not in text

    def test_what_was_signed_is_told_of_however_long_ago_the_last_activation_was(
        self, client: Client, manager: User
    ) -> None:
        in_force()
        Generation.objects.update(live_at=timezone.now() - dt.timedelta(days=30))
        assert "Nothing is being rescored" in self.text(client, "scoring:rescoring")
        version = make_version(Version.Status.SIGNED, position=6)
        text = self.text(client, "scoring:rescoring")
        assert f"{version} is signed: judging every lead by it begins in a moment." in text
        assert 'hx-trigger="every 2s"' in text
        assert "Nothing is being rescored" not in text

    def test_the_first_version_that_was_signed_is_told_of_too(self, client: Client, manager: User) -> None:
        version = make_version(Version.Status.SIGNED)
        text = self.text(client, "scoring:rescoring")
        assert f"{version} is signed: judging every lead by it begins in a moment." in text

    def test_who_only_reads_is_not_bothered(self, client: Client) -> None:
        client.force_login(UserFactory(role=Role.REP))
        in_force()
        make_version(position=5)
        services.activate_due(now=timezone.now())
        assert 'id="rescoring"' not in self.text(client)

    def test_a_marketer_sees_it_but_does_not_stop_it(self, client: Client) -> None:
        client.force_login(UserFactory(role=Role.MARKETER))
        in_force()
        make_version(position=5)
        services.activate_due(now=timezone.now())
        text = self.text(client)
        assert 'id="rescoring"' in text
        assert "Stop rescoring" not in text
