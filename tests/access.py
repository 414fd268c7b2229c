"""The inherited test of who may do what: subclass it, say what each person gets, and add the set-up."""

from collections.abc import Mapping
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse

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

    def status_for(self, person: User | None) -> int:
        client = Client()
        if person is not None:
            client.force_login(person)
        return int(getattr(client, self.method)(self.url(), self.data).status_code)

    @pytest.mark.parametrize("role", list(Role))
    def test_each_role_gets_what_it_may(self, role: Role) -> None:
        person = self.rep if role == Role.REP else UserFactory(role=role)
        assert self.status_for(person) == self.expected[role]

    def test_a_rep_of_another_team_gets_what_it_may(self) -> None:
        assert self.status_for(UserFactory(team=TeamFactory(name="South"))) == self.other_team

    def test_a_stranger_is_kept_out(self) -> None:
        assert self.status_for(None) == self.stranger
