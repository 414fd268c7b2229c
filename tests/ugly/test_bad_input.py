"""The issue's list of bad input over HTTP: a clear message, the right status, nothing half-done."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from feedback.models import Decision, WorkingCalendar
from leads.imports import decoding, jobs
from leads.models import ImportJob
from tests.ugly.world import World, counts
from users.models import Role

JSON = "application/json"
REFUSED = (400, 422)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def send(world: World, content: bytes, name: str = "leads.csv") -> Any:
    return world.client(Role.MARKETER).post("/leads/imports/", {"file": SimpleUploadedFile(name, content)})


def nested(depth: int, around: str = "not") -> str:
    opening, closing = ('{"not":', "}") if around == "not" else (f'{{"{around}":[', "]}")
    return opening * depth + '{"all":[]}' + closing * depth


class TestUploads:
    def test_a_field_of_10_mb_is_refused(self, world: World) -> None:
        before = counts()
        response = send(world, b'Name,Note\nRita,"' + b"x" * 10_000_000 + b'"\n')
        assert response.status_code == 422
        assert "131,072 characters" in text_of(response)
        assert counts() == before

    def test_a_file_above_the_limit_is_refused(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(decoding, "MAX_BYTES", 1_000)
        before = counts()
        response = send(world, b"Name\n" + b"Rita\n" * 1_000)
        assert response.status_code == 422
        assert "larger than 50 MB" in text_of(response)
        assert counts() == before

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd", "..\\..\\boot.ini", "x" * 900 + ".csv", "=1+1.csv", "\u202evsc.exe"]
    )
    def test_a_file_name_is_only_a_name(self, world: World, name: str) -> None:
        assert send(world, b"Name\nRita\n", name).status_code == 302
        kept = ImportJob.objects.latest("pk").file_name
        assert "/" not in kept
        assert "\\" not in kept
        assert len(kept) <= 200

    def test_a_form_without_a_file_says_so(self, world: World) -> None:
        for data in ({}, {"file": "not a file"}):
            assert world.client(Role.MARKETER).post("/leads/imports/", data).status_code == 422

    def test_a_form_of_6_mb_is_too_large(self, world: World) -> None:
        before = counts()
        response = world.client(Role.REP).post(
            f"/definition/versions/{world.version.pk}/comment/", {"text": "x" * 6_000_000}
        )
        assert response.status_code == 413
        assert "Shorten it" in text_of(response)
        assert counts() == before

    def test_what_a_mapping_says_of_dates_is_a_choice(self, world: World) -> None:
        client, address = world.client(Role.MARKETER), f"/leads/imports/{world.job.pk}/start/"
        form = {"kind": "leads", "column-0": "name", "save": "1"}
        assert client.post(address, form | {"date_order": "a\0b" * 1_000}).status_code == 422
        assert client.post(address, form | {"date_order": "dmy", "system": "a\0B"}).status_code == 302
        job = ImportJob.objects.get(pk=world.job.pk)
        assert (job.options["date_order"], job.system) == ("dmy", "a b")

    @pytest.mark.parametrize(
        "target", ["bant.none", "company.", "company.id", "activity.at", "__class__", "a\0b"]
    )
    def test_a_mapping_to_what_is_no_field_is_named(self, world: World, target: str) -> None:
        form = {"kind": "leads", "column-0": target, "column-1": "name"}
        response = world.client(Role.MARKETER).post(f"/leads/imports/{world.job.pk}/start/", form)
        assert response.status_code == 422
        assert "is no field of leads" in text_of(response)
        assert ImportJob.objects.get(pk=world.job.pk).state == "uploaded"


class TestNumbers:
    def test_a_cell_that_is_no_number_is_left_out_and_named(self, world: World) -> None:
        now = timezone.now()
        content = b"Name,Employees\nRita,n/a\nTom,many\nAna,20\n"
        job = jobs.upload(content=content, file_name="x.csv", by=None, now=now)
        mapping = {0: "name", 1: "company.employees"}
        jobs.set_mapping(job=job, kind="leads", mapping=mapping, system="", options={})
        response = world.client(Role.MARKETER).get(f"/leads/imports/{job.pk}/")
        assert response.status_code == 200
        jobs.start(job=job, by=None, now=now)
        jobs.run(job_id=job.pk, clock=lambda: now)
        done = ImportJob.objects.get(pk=job.pk)
        assert (done.state, done.created) == ("done", 3)
        assert [problem.value for problem in done.problems.all()] == ["many"]

    @pytest.mark.parametrize("value", ["n/a", "NaN", "Infinity", "1e400", "-1", "9" * 30, "²"])
    def test_a_form_says_what_is_no_number(self, world: World, value: str) -> None:
        before = counts()
        sends = [
            (
                Role.MARKETER,
                "/leads/new/",
                {"name": "Tom", "company_name": "Acme", "company_employees": value},
            ),
            (
                Role.REP,
                f"/leads/{world.lead.pk}/answer/",
                {"dimension": "budget", "level": "2", "amount": value},
            ),
            (Role.REP, f"/accepted/{world.accepted.pk}/outcome/", {"kind": "won", "amount": value}),
        ]
        for role, address, form in sends:
            assert world.client(role).post(address, form).status_code in REFUSED, address
        assert counts() == before

    @pytest.mark.parametrize(
        "value", ['"n/a"', "NaN", "Infinity", "1e400", "-1", "9" * 30, "[]", "true", "1.5"]
    )
    def test_the_api_says_what_is_no_number(self, world: World, value: str) -> None:
        before = counts()
        data = f'{{"name": "Tom", "company": {{"name": "Acme", "employees": {value}}}}}'
        response = world.client(Role.MARKETER).post("/api/v1/leads/", data, content_type=JSON)
        assert response.status_code == 400, text_of(response)
        assert response.json()["error"]["message"]
        assert counts() == before


class TestAddresses:
    @pytest.mark.parametrize("grade", ["E", "AA", "a%00", "²", "A%27--", "null"])
    def test_an_unknown_grade_is_named(self, world: World, grade: str) -> None:
        for address in ("/leads/?score.grade=", "/sla/leads/?grade=", "/api/v1/leads/?score.grade="):
            response = world.client(Role.SALES_MANAGER).get(address + grade)
            assert response.status_code == 400, address
            assert "grade" in text_of(response).lower()


class TestDeepTrees:
    @pytest.mark.parametrize("depth", [100, 100_000])
    @pytest.mark.parametrize("around", ["not", "all"])
    def test_the_api_refuses_them(self, world: World, depth: int, around: str) -> None:
        before, tree = counts(), nested(depth, around)
        client = world.client(Role.MARKETER)
        for data in (tree, f'{{"name": "Tom", "extra": {tree}}}', f'{{"leads": [{tree}]}}'):
            for address in ("/api/v1/leads/", "/api/v1/leads/batch/", "/api/v1/activities/batch/"):
                response = client.post(address, data, content_type=JSON)
                assert response.status_code == 400, address
        assert counts() == before

    @pytest.mark.parametrize("depth", [100, 100_000])
    def test_a_list_takes_none_by_its_address(self, world: World, depth: int) -> None:
        tree = nested(depth)[:60_000]
        for name in ("lead.name", "filter", "scope", "q", "score.grade"):
            response = world.client(Role.MARKETER).get("/leads/", {name: tree})
            assert response.status_code in (200, 400), name

    def test_a_draft_takes_none_by_its_form(self, world: World) -> None:
        scope = world.draft.scope
        address = f"/definition/versions/{world.draft.pk}/parts/scope/"
        form = {"position": "1", "scope": nested(100_000), "scope_scope": nested(100), "seen": ""}
        assert world.client(Role.MARKETER).post(address, form).status_code < 500
        deep = {f"condition{'-0' * depth}-match": "all" for depth in range(100)}
        address = f"/definition/versions/{world.draft.pk}/criteria/"
        assert world.client(Role.MARKETER).post(address, deep).status_code == 400
        world.draft.refresh_from_db()
        assert world.draft.scope == scope


class TestDecisions:
    def test_a_closed_handoff_takes_no_act(self, world: World) -> None:
        closed = Decision.objects.get(kind="reject")
        row = closed.handoff.assignments.get()
        reason = world.version.reasons.get(key="other")
        forms = {
            "accept": {},
            "reject": {"reason": reason.pk, "text": "x"},
            "attempt": {"kind": "call"},
            "callback": {"at": "2027-01-01T10:00"},
        }
        before = counts()
        for act, form in forms.items():
            response = world.client(Role.REP).post(f"/queue/{row.pk}/{act}/", form)
            assert response.status_code == 409, act
            assert "was already rejected by you" in text_of(response)
        response = world.client(Role.REP).post(f"/accepted/{row.pk}/outcome/", {"kind": "qualified"})
        assert response.status_code == 409
        api = world.client(Role.REP).post(
            f"/api/v1/handoffs/{closed.handoff_id}/decision/", {"kind": "accept"}, content_type=JSON
        )
        assert api.status_code == 409
        assert counts() == before

    def test_a_reason_of_another_version_or_of_none_is_refused(self, world: World) -> None:
        before = counts()
        for reason in (world.draft.reasons.first().pk, 0, -1, 10**30, "other", ""):  # type: ignore[union-attr]  # it has some
            form = {"reason": reason, "text": "x"}
            response = world.client(Role.REP).post(f"/queue/{world.undecided.pk}/reject/", form)
            assert response.status_code == 422, reason
        assert counts() == before

    def test_a_calendar_takes_no_name_that_another_has(self, world: World) -> None:
        form = {"name": world.calendar.name, "zone": "Europe/Berlin", "monday": "9-17"}
        response = world.client(Role.SALES_MANAGER).post("/hours/new/", form)
        assert response.status_code == 422
        assert "already" in text_of(response)
        assert WorkingCalendar.objects.count() == 1
