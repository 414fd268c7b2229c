"""A small company with a version in force and a draft of the next, for the tests of previews."""

import datetime as dt
import re

from django.test import Client
from django.urls import reverse

from alignment import services as alignment
from alignment.models import Criterion, Version, VersionDimension
from scoring import services
from scoring.models import Preview
from scoring.previews import Moves
from scoring.services.logging import finish_logging
from tests.access import MOVED, OK
from tests.factories import UserFactory
from tests.scoring.world import NOW, Did, Person, Said, save
from users.models import Role, User

TITLES = ("Founder", "Chief Executive", "Student", "Head of Sales", "Assistant", "")
LATER = NOW + dt.timedelta(days=100)


def crowd(size: int) -> list[Person]:
    """People of every sort: titles, sizes, countries, answers, activities, and decay that stands still."""
    return [
        Person(
            title=TITLES[number % len(TITLES)],
            country=("DE", "US", "")[number % 3],
            employees=None if number % 7 == 0 else number * 37 % 2_000,
            stopped=NOW - dt.timedelta(days=9) if number % 11 == 0 else None,
            said=tuple(
                Said(dimension, (number + place) % 3, NOW - dt.timedelta(days=3), LATER)
                for place, dimension in enumerate(("budget", "authority", "need", "timeframe"))
                if (number + place) % 4
            ),
            did=tuple(
                Did(kind, "/pricing", NOW - dt.timedelta(days=number % 40 + place))
                for place, kind in enumerate(("page_view", "webinar", "form"))
                if number % (place + 2) == 0
            ),
        )
        for number in range(size)
    ]


def go_live(now: dt.datetime = NOW) -> None:
    """Bring what is signed into force, to the end of its history."""
    assert services.activate_due(now=now)
    while services.build_range(now=now):
        pass
    assert services.finish_build(now=now)
    while services.log_activation_range(now=now):
        pass
    assert finish_logging()


def in_force(size: int = 60) -> list[int]:
    """The ids of that many leads, judged under the shipped version."""
    alignment.install_template(by=None, now=NOW)
    ids = save(crowd(size))
    go_live()
    return ids


def draft_of(author: User | None = None) -> Version:
    """A draft of the version in force, unchanged."""
    active = Version.objects.get(status=Version.Status.ACTIVE)
    by = author or UserFactory(role=Role.MARKETER)
    return alignment.copy_to_draft(version=active, by=by, now=NOW)


def change(draft: Version) -> Version:
    """What moves many: titles count more, a market less, A is easier and the gate asks for less."""
    Criterion.objects.filter(version=draft, key="title_decides").update(points=15)
    Criterion.objects.filter(version=draft, key="market_fits").update(is_on=False)
    Criterion.objects.filter(version=draft, key="pricing_views").update(points=9)
    VersionDimension.objects.filter(version=draft, dimension="engagement").update(cap=10)
    draft.floor_a, draft.floor_b, draft.gate_bant_count = 52, 38, 2
    return edited(draft)


def edited(draft: Version) -> Version:
    """The draft, saved once more."""
    draft.revision += 1
    draft.save()
    return draft


def start(draft: Version, by: User) -> Preview:
    return services.start_preview(version_id=draft.pk, by=by, now=NOW)


def step(preview: Preview, now: dt.datetime = NOW) -> bool:
    return services.preview_range(preview_id=preview.pk, now=now)


def moves(preview: Preview) -> Moves:
    assert preview.result is not None
    return Moves.from_json(preview.result)


def page(client: Client, name: str, draft: Version, query: str = "") -> str:
    answer = client.get(reverse(f"scoring:{name}", args=[draft.pk]) + query)
    assert answer.status_code == OK
    return re.sub(r"\s+", " ", answer.content.decode())


def count(client: Client, draft: Version) -> Preview:
    assert client.post(reverse("scoring:preview", args=[draft.pk])).status_code == MOVED
    return Preview.objects.latest("pk")
