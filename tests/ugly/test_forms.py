"""Every form with every field filled in badly: a message and the right status, and nothing half-done."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import PASSWORD
from tests.ugly.walk import routes
from tests.ugly.world import World, browser, counts
from users.models import Role

FORM = "application/x-www-form-urlencoded"
ODD = {
    "empty": "",
    "null character": "a\0b",
    "half of a character": "\ud800",
    "hidden direction": "\u202etxet",
    "another head": "x\r\nBcc: all@example.com",
    "1 MB": "x" * 1_000_000,
    "not known": "n/a",
    "zero": "0",
    "negative": "-1",
    "small": "0.001",
    "no number": "NaN",
    "infinite": "Infinity",
    "beyond floats": "1e400",
    "too large for the database": "9" * 30,
    "too long for a number": "9" * 5_000,
    "superscript": "²",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "last moment with zone": "9999-12-31T23:59:59-12:00",
    "skipped hour": "2027-03-28T02:30",
    "markup": "<script>alert(1)</script>",
    "tree": '{"not": ' * 900 + '{"all": []}' + "}" * 900,
}
WORST = ("null character", "too long for a number", "markup")
Values = Callable[[World], Mapping[str, object]]
NAMED = {"name": "Anna", "zone": "Europe/Berlin"}
LEAD = {
    "name": "Tom",
    "email": "tom@example.com",
    "phone": "+49 30 99887766",
    "title": "CTO",
    "country": "DE",
    "city": "Bonn",
    "language": "de",
    "source": "Fair",
    "company_name": "Acme",
    "company_domain": "acme.example",
    "company_industry": "Tools",
    "company_employees": "20",
    "company_country": "DE",
}
CALENDAR = {
    **NAMED,
    "country": "DE",
    "region": "BY",
    "monday": "9:00-12:00, 13:00-18:00",
    "days_off": "2026-12-24 Eve",
}
FORMS: dict[str, tuple[Role | None, Values]] = {
    "sign_in": (None, lambda w: {"username": "a@example.com", "password": PASSWORD, "next": "/"}),
    "forgotten": (None, lambda w: {"email": w.people[Role.REP].email}),
    "join": (None, lambda w: {**NAMED, "password": "quite a long one", "email": "x@example.com"}),
    "change_password": (
        Role.REP,
        lambda w: {
            "old_password": PASSWORD,
            "new_password1": "quite another one",
            "new_password2": "quite another one",
        },
    ),
    "profile": (Role.REP, lambda w: NAMED),
    "tokens": (Role.REP, lambda w: {"name": "Website", "days": 90}),
    "invite": (Role.ADMIN, lambda w: {"email": "b@example.com", "role": "rep", "team": w.team.pk}),
    "teams": (Role.ADMIN, lambda w: {"name": "East"}),
    "team": (Role.ADMIN, lambda w: {"name": "West"}),
    "person": (Role.ADMIN, lambda w: {"role": "rep", "team": w.team.pk}),
    "organisation": (
        Role.ADMIN,
        lambda w: {"name": "Acme", "zone": "Europe/Berlin", "currency": "USD", "is_sure": "on"},
    ),
    "new": (Role.MARKETER, lambda w: LEAD),
    "edit_lead": (Role.MARKETER, lambda w: {**LEAD, "seen_at": w.lead.updated_at.isoformat()}),
    "answer_lead": (
        Role.REP,
        lambda w: {
            "dimension": "timeframe",
            "level": "2",
            "amount": "10",
            "text": "x",
            "purchase_on": "2027-01-01",
            "evidence": "y",
        },
    ),
    "import_start": (
        Role.MARKETER,
        lambda w: {
            "kind": "leads",
            "column-0": "name",
            "column-1": "",
            "system": "crm",
            "date_order": "dmy",
            "numbers_rows": "on",
            "save": "1",
        },
    ),
    "edit": (
        Role.MARKETER,
        lambda w: {
            "revision": w.draft.revision,
            "points_always": "3",
            "is_on_always": "on",
            "floor_a": 80,
            "floor_b": 55,
            "floor_c": 30,
            "gate_grade": "B",
            "gate_bant_count": "3",
            "gate_bant_level": "1",
            **{
                f"cap_{each}": 10
                for each in ("budget", "authority", "need", "timeframe", "fit", "engagement")
            },
        },
    ),
    "propose": (Role.MARKETER, lambda w: {"revision": w.draft.revision, "reason": "Because."}),
    "decline": (Role.SALES_MANAGER, lambda w: {"text": "No."}),
    "comment": (Role.REP, lambda w: {"text": "Hm."}),
    "reject": (
        Role.REP,
        lambda w: {"reason": w.version.reasons.get(key="other").pk, "text": "Not now.", "next": "/"},
    ),
    "attempt": (Role.REP, lambda w: {"kind": "call", "result": "reached", "note": "Hi."}),
    "callback": (Role.REP, lambda w: {"at": "2026-12-01T10:00", "preset": ""}),
    "outcome": (Role.REP, lambda w: {"kind": "won", "amount": "100", "currency": "EUR", "text": ""}),
    "outcome_lost": (Role.REP, lambda w: {"kind": "lost", "amount": "", "currency": "", "text": "Price."}),
    "assign": (
        Role.SALES_MANAGER,
        lambda w: {"handoff": w.undecided.handoff_id, "to": w.outsider.pk, "next": "/queue/"},
    ),
    "rejections_seen": (Role.MARKETER, lambda w: {"decision": 1, "next": "/reasons/"}),
    "calendar_new": (Role.SALES_MANAGER, lambda w: CALENDAR),
    "calendar": (Role.SALES_MANAGER, lambda w: CALENDAR),
    "rep_settings": (Role.SALES_MANAGER, lambda w: {"calendar": w.calendar.pk, "is_away": "on"}),
    "notices_read": (Role.REP, lambda w: {"next": "/notices/"}),
}
"""What each form takes when it is filled in well, and by whom."""
ALIASES = {
    "edit_lead": "leads/<int:pk>/edit/",
    "answer_lead": "leads/<int:pk>/answer/",
    "outcome_lost": "outcome",
}
WITHOUT_FIELDS = {
    *("sign_out", "install", "draft", "discard", "sign", "withdraw", "accept", "claim", "notice"),
    *("import_cancel", "invitation_renew", "invitation_withdraw", "person_deactivate", "person_reactivate"),
    *("token_revoke", "set_up"),
}
ELSEWHERE = {"imports", "answer", "first_run", "password_reset_confirm"}
"""A file: tests/leads/test_import_pages.py; the answer is above as answer_lead; links: tests/users."""


def post(client: Client, url: str, data: Mapping[str, object]) -> Any:
    """As a browser sends a form, with what no browser would send."""
    pairs = (
        f"{quote_plus(name)}={quote_plus(str(value), errors='surrogatepass')}" for name, value in data.items()
    )
    return client.post(url, "&".join(pairs), content_type=FORM)


def address(world: World, name: str) -> str:
    known = {each.name: each for each in routes() if "post" in each.methods}
    if name == "join":
        return f"/join/{world.secret}/"
    wanted = ALIASES.get(name, name)
    if "/" in wanted:
        return f"/{wanted.replace('<int:pk>', str(world.lead.pk))}"
    if wanted == "edit":
        return f"/definition/versions/{world.draft.pk}/edit/"
    return known[wanted].url_in(world)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_filled_in_badly_breaks_nothing(world: World, name: str) -> None:
    fill_in_badly(world, name, WORST)


@pytest.mark.long
@pytest.mark.parametrize("name", FORMS)
def test_a_field_filled_in_with_anything_odd_breaks_nothing(world: World, name: str) -> None:
    fill_in_badly(world, name, tuple(ODD))


def fill_in_badly(world: World, name: str, kinds: tuple[str, ...]) -> None:
    """Each field gets each odd value, the others stay good; what was written is taken back each time."""
    role, values = FORMS[name]
    client, url, good = (
        browser(world.people[role] if role else None),
        address(world, name),
        dict(values(world)),
    )
    before = counts()
    with transaction.atomic():
        assert post(client, url, good).status_code in (200, 302, 409, 422)
        transaction.set_rollback(True)
    for field in good:
        for kind in kinds:
            value = ODD[kind]
            with transaction.atomic():
                response = post(client, url, good | {field: value})
                assert response.status_code < 500, (field, kind)
                assert "<script>alert" not in response.content.decode(), (field, kind)
                if response.status_code >= 400:
                    assert counts() == before, (field, kind, response.status_code)
                transaction.set_rollback(True)


def test_an_empty_form_breaks_nothing(world: World) -> None:
    for name, (role, _) in FORMS.items():
        with transaction.atomic():
            before = counts()
            response = browser(world.people[role] if role else None).post(address(world, name))
            assert response.status_code < 500, name
            assert response.status_code < 400 or counts() == before, name
            transaction.set_rollback(True)


def test_every_form_is_tried() -> None:
    pages = {each.name for each in routes() if "post" in each.methods and not each.path.startswith("api/")}
    reading = {
        *(
            "home",
            "healthz",
            "styleguide",
            "people",
            "invitations",
            "list",
            "lead",
            "timeline",
            "panel",
            "import",
        ),
        *(
            "import_progress",
            "import_problems",
            "definition",
            "history",
            "caps",
            "version",
            "queue",
            "queue_list",
            "pool",
        ),
        *("handoff", "accepted", "sla", "sla_assignments", "reasons", "calendars", "scoreboard", "notices"),
    }
    assert pages - reading - WITHOUT_FIELDS - ELSEWHERE - set(FORMS) == set()
