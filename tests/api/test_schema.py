"""What the API says of itself is true: Schemathesis tries it, and nothing breaks or is undescribed."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation.meta import TestPhase

from alignment.models import Grade, Version
from config.wsgi import application
from feedback.models import Assignment, Handoff, Pause
from feedback.services.decisions import accept
from scoring.services import set_override
from tests.api.asking import Caller
from tests.factories import UserFactory
from tests.feedback.world import NOW, active_version, assigned, judge
from users.models import Role

pytestmark = pytest.mark.alike
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(rf"{DAY.pattern}[Tt ]")
FILTERS_TRIED = {"company.employees", "lead.created", "lead.stage", "lead.title", "score.is_ready"}
ALL_OF = 60
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)


def description() -> dict[str, Any]:
    """The API's description, of whose many filters of leads one of each type is kept."""
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # it has none
    found: dict[str, Any] = json.loads(json.dumps(made))
    listing = found["paths"]["/api/v1/leads/"]["get"]
    listing["parameters"] = [
        each for each in listing["parameters"] if "." not in each["name"] or each["name"] in FILTERS_TRIED
    ]
    return found


schema = schemathesis.openapi.from_dict(description())
schema.app = application
load_all_checks()


@dataclass
class World:
    """A sales manager, who may do most, and rows for each kind of address."""

    authorization: str
    ids: dict[str, list[int]]
    keys: set[str] = field(default_factory=set)
    made: int = 0
    aimed: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    def is_enough(self, case: schemathesis.Case[Any]) -> bool:
        """Whether to pass over a case: of the hundreds of edges every fourth is tried after the first."""
        self.made += 1
        is_edge = case.meta is not None and case.meta.phase.name is TestPhase.COVERAGE
        return is_edge and self.made > ALL_OF and self.made % 4 > 0

    def aim(self, case: schemathesis.Case[Any]) -> None:
        """Point ids that could be at each row in turn, and let a key name one write, as a client would."""
        pk = case.path_parameters.get("id")
        if str(pk).isdecimal() and len(str(pk)) < 19:
            rows = self.ids[case.operation.path.split("/")[3]]
            case.path_parameters["id"] = rows[self.aimed % len(rows)]
            self.aimed += 1
        key = str(case.headers.get("Idempotency-Key", ""))
        if key in self.keys:
            del case.headers["Idempotency-Key"]
        elif key:
            self.keys.add(key)
        self._aim_day(case.body)
        self._aim_moment(case.body)

    def _aim_day(self, body: Any) -> None:
        """Bring every other day on which a grade set by hand ends near, as hardly a drawn one is, and let it
        replace none: so that some are taken."""
        if self.aimed % 2 and isinstance(body, dict) and DAY.fullmatch(str(body.get("until", ""))):
            body["until"] = (timezone.now() + timedelta(days=self.aimed % 300 + 1)).date().isoformat()
            body.pop("replaces", None)

    def _aim_moment(self, body: Any) -> None:
        """Bring every other end of a pause near: a drawn one is past, or years away."""
        if self.aimed % 2 and isinstance(body, dict) and MOMENT.match(str(body.get("until", ""))):
            body["until"] = (timezone.now() + timedelta(days=4)).isoformat()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request doesn't close the connection of the test, as with the client of Django."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None, _one_connection: None) -> Iterator[World]:
    """What the API is tried on; at the end it must have done something, not only refused."""
    version = active_version(grade="A", source="Fair", may_pause=True)
    given = [assigned(UserFactory(role=Role.REP)) for _ in range(4)]
    for row in given:
        judge(row.handoff.lead)
    for row in given[:2]:
        accept(assignment=row, by=row.owner, now=NOW)
    now = timezone.now()
    last_day = (now + timedelta(days=9)).date()
    for row in given[2:]:
        lead, owner = row.handoff.lead, row.owner
        set_override(lead=lead, grade=Grade.A, reason="They called.", ends_on=last_day, by=owner, now=now)
    _let_pause(given, version, now)
    leads, handoffs = [row.handoff.lead_id for row in given], [row.handoff_id for row in given]
    rows = {"leads": leads, "scores": leads, "handoffs": handoffs, "versions": [version.pk]}
    made = World(Caller(role=Role.SALES_MANAGER).authorization, rows)
    yield made
    assert any(200 <= status < 300 for status in made.answers), made.answers


def _let_pause(given: list[Assignment], version: Version, now: datetime) -> None:
    """None is overdue, all may be paused, and the first one is."""
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    Assignment.objects.update(
        response_due_at=now + timedelta(days=9), decision_due_at=now + timedelta(days=9)
    )
    until = now + timedelta(days=5)
    Pause.objects.create(assignment=given[0], starts_at=now, until=until, reason="Away", by=given[0].owner)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_whatever_is_sent_the_api_answers_as_described(case: schemathesis.Case[Any], world: World) -> None:
    if world.is_enough(case):
        return
    cache.clear()  # the throttle has tests of its own
    world.aim(case)
    checks: Any = CHECKS.get_by_names(list(CHECKED))
    answer = case.call_and_validate(headers={"Authorization": world.authorization}, checks=checks)
    world.answers[answer.status_code] += 1
