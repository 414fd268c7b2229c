"""The inherited test of who may do what: subclass it, say what each person gets, and add the set-up."""

from collections.abc import Mapping
from typing import ClassVar

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.caches import empty_caches
from tests.factories import TeamFactory, UserFactory
from users.models import Role, User

OK, MOVED, FORBIDDEN, NOT_FOUND = 200, 302, 403, 404


class AccessTests:
    """Each role, a rep of another team and a stranger ask for one page; all share the set-up.

    ``expected`` has a status for every role. ``url`` may be overridden as a method where the address
    needs a row: make the row for ``self.rep``, who is in the team North. ``other_team`` is what a rep
    of the team South gets, ``stranger`` what somebody gets who isn't signed in.
    """

    url_name: ClassVar[str] = ""
    method: ClassVar[str] = "get"
    data: ClassVar[Mapping[str, object]] = {}
    expected: ClassVar[Mapping[Role, int]]
    other_team: ClassVar[int] = NOT_FOUND
    stranger: ClassVar[int] = MOVED

    rep: User

    def url(self) -> str:
        return reverse(self.url_name)

    @pytest.fixture(autouse=True)
    def _set_up(self, db: None) -> None:
        self.rep = UserFactory(role=Role.REP)

    def status_for(self, person: User | None, address: str) -> int:
        """What they get; what they did is taken back, so that the next one finds all as it was."""
        client = Client()
        with transaction.atomic():
            if person is not None:
                client.force_login(person)
            status = int(getattr(client, self.method)(address, self.data).status_code)
            transaction.set_rollback(True)
        empty_caches()
        return status

    @pytest.mark.alike
    def test_everybody_gets_what_they_may(self) -> None:
        people: dict[str, User | None] = {role.value: UserFactory(role=role) for role in Role}
        people[Role.REP.value] = self.rep
        people["other team"] = UserFactory(team=TeamFactory(name="South"))
        people["stranger"] = None
        address = self.url()
        found = {who: self.status_for(person, address) for who, person in people.items()}
        expected = {role.value: status for role, status in self.expected.items()}
        assert found == {**expected, "other team": self.other_team, "stranger": self.stranger}
