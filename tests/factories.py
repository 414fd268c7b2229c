"""People and teams for tests; each app adds factories of its own in ``tests/<app>/factories.py``."""

import factory
from factory.django import DjangoModelFactory

from users.models import Role, Team, User

PASSWORD = "correct horse battery"


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team
        django_get_or_create = ("name",)

    name = "North"


class UserFactory(DjangoModelFactory[User]):
    """A person who can sign in with ``PASSWORD``; reps are in the team North unless told otherwise."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    role = Role.REP
    password = factory.django.Password(PASSWORD)
    team = factory.Maybe(
        factory.LazyAttribute(lambda person: person.role == Role.REP), factory.SubFactory(TeamFactory), None
    )
