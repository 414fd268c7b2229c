"""An import in the browser and on the command line, and files that are no good."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.errors import Conflict, Invalid
from leads.imports import decoding, jobs
from leads.models import Activity, ImportJob, Lead
from leads.tasks import resume_imports
from leads.views.imports import harmless
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = b"Name,Email,Country,Shoe size\nRita,rita@a.test,Germany,38\nTom,no address,Atlantis,45\n,,,44\n"


@pytest.fixture
def marketer(client: Client) -> User:
    user = UserFactory(role=Role.MARKETER)
    client.force_login(user)
    return user


def upload(content: bytes, name: str = "leads.csv") -> ImportJob:
    return jobs.upload(content=content, file_name=name, by=None, now=NOW)


def carry(content: bytes, **options: Any) -> ImportJob:
    job = upload(content)
    if options:
        mapping = {int(place): key for place, key in job.mapping.items()}
        jobs.set_mapping(job=job, kind=job.kind, mapping=mapping, system="", options=options)
    jobs.start(job=job, by=None, now=NOW)
    jobs.run(job_id=job.pk, clock=lambda: NOW)
    return ImportJob.objects.get(pk=job.pk)


def send(client: Client, content: bytes) -> Any:
    return client.post(reverse("leads:imports"), {"file": SimpleUploadedFile("leads.csv", content)})


def test_a_marketer_carries_a_file_from_upload_to_result(
    client: Client, marketer: User, django_capture_on_commit_callbacks: Any
) -> None:
    page = client.get(send(client, PLAIN)["Location"])
    assert "Shoe size" in page.content.decode()
    assert "1 of 3 can&#x27;t be used: “Atlantis” is no country" in page.content.decode()
    job = page.context["job"]
    chosen = {f"column-{column.place}": column.target for column in page.context["columns"]}
    with django_capture_on_commit_callbacks():
        client.post(reverse("leads:import_start", args=[job.pk]), {"kind": "leads", **chosen})
    waiting = client.get(reverse("leads:import", args=[job.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    jobs.run(job_id=job.pk, clock=lambda: NOW)
    done = client.get(reverse("leads:import_progress", args=[job.pk])).content.decode()
    assert "every 1s" not in done
    assert "is no country" in done
    assert Lead.objects.get(name="Rita").extra == {"Shoe size": "38"}


def test_values_that_cant_be_used_are_named_and_the_row_stays() -> None:
    job = carry(PLAIN)
    assert (job.created, job.left_out) == (2, 1)
    named = job.problems.values_list("row", "column", "value", "is_row_left_out")
    assert set(named) == {
        (3, "Email", "no address", False),
        (3, "Country", "Atlantis", False),
        (4, "", "", True),
    }


def test_what_was_left_out_is_downloaded_without_formulas(client: Client, marketer: User) -> None:
    job = carry(b'Name,Email\nRita,"=HYPERLINK(""http://x"")"\nTom,t@a.test\n')
    response: Any = client.get(reverse("leads:import_problems", args=[job.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_cell_cant_become_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("plain = text") == "plain = text"


def test_a_formula_is_kept_as_text() -> None:
    assert carry(b"Name,Note\nRita,=1+1\n").created == 1
    assert Lead.objects.get().extra == {"Note": "=1+1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"Name,Email\n", "no rows"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "image"),
        (bytes(range(1, 32)) * 40, "text file"),
        (b'Name,Note\nRita,"' + b"x" * 200_000 + b'"\n', "131,072"),
        (",".join(f"c{n}" for n in range(600)).encode() + b"\n" + b"1," * 599 + b"1\n", "at most 500"),
    ],
)
def test_a_file_that_cant_be_read_says_why(
    client: Client, marketer: User, content: bytes, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        upload(content)
    response = send(client, content)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not ImportJob.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_BYTES", 10)
    with pytest.raises(Invalid, match="50 MB"):
        upload(PLAIN)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1250"]
)
def test_each_encoding_is_read(encoding: str) -> None:
    text = "Name,E-mail\nJörg Müller,j@a.test\nŠtefan Dvořák,s@a.test\n" * 3
    if encoding == "cp1252":
        text = text.replace("Dvořák", "Dvorák")
    carry(text.encode(encoding))
    assert Lead.objects.filter(name="Jörg Müller").count() == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
def test_each_delimiter_and_line_end_is_read(delimiter: str, line: str) -> None:
    rows = [["Name", "E-mail", "Note"], ["Rita", "r@a.test", '"a\nb; c, ""d"""'], ["Tom", "t@a.test", ""]]
    text = line.join(delimiter.join(row) for row in rows)
    assert carry(text.encode()).created == 2
    assert Lead.objects.get(name="Rita").extra == {"Note": 'a b; c, "d"'}


def test_a_file_without_header_is_read_from_its_first_row() -> None:
    job = carry(b"Rita,rita@a.test\nTom,tom@a.test\n")
    assert (job.header, job.created) == (["Column 1", "Column 2"], 2)


def test_columns_of_the_same_name_are_told_apart() -> None:
    assert upload(b"Email,email,EMAIL \na@b.test,x,y\n").header == ["Email", "email (2)", "EMAIL (3)"]


def test_ragged_rows_are_filled_or_left_out() -> None:
    job = carry(b"Name,Email,City\nRita,r@a.test\nTom,t@a.test,Bonn,extra\nAnn,a@a.test,Bonn,,\nTotal\n")
    assert (job.created, job.left_out) == (2, 2)


def test_rows_wrapped_in_quotes_are_unwrapped() -> None:
    assert carry(b'"Name,Email"\n"Rita,r@a.test"\n"Tom,t@a.test"\n').created == 2


def test_dates_that_can_be_read_two_ways_are_asked_about() -> None:
    content = b"Name,Email,Created\nRita,r@a.test,1/5/2026\n"
    assert upload(content).options["asks_for_order"]
    job = carry(content)
    assert "say which" in job.problems.get().reason
    Lead.objects.all().delete()
    carry(content, date_order="dmy")
    assert Lead.objects.get().created_at == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_mapping_that_names_a_field_twice_is_refused(client: Client, marketer: User) -> None:
    job = upload(PLAIN)
    data = {"kind": "leads", "column-0": "name", "column-1": "name"}
    response = client.post(reverse("leads:import_start", args=[job.pk]), data)
    assert response.status_code == 422
    assert "Two columns are “Full name”" in response.content.decode()


@pytest.mark.parametrize("key", ["lead.name", "owner", "__class__", "x" * 500])
def test_a_mapping_to_nowhere_is_refused(client: Client, marketer: User, key: str) -> None:
    job = upload(PLAIN)
    data = {"kind": "leads", "column-0": key}
    assert client.post(reverse("leads:import_start", args=[job.pk]), data).status_code == 422


def test_rows_that_nothing_tells_apart_are_not_started() -> None:
    job = upload(b"Shoe size,Colour\n38,red\n")
    assert job.options["numbers_rows"]
    jobs.set_mapping(job=job, kind="leads", mapping={}, system="", options={"numbers_rows": False})
    with pytest.raises(Invalid, match="No column is a name"):
        jobs.start(job=job, by=None, now=NOW)


def test_a_second_start_is_a_conflict() -> None:
    job = upload(PLAIN)
    jobs.start(job=job, by=None, now=NOW)
    with pytest.raises(Conflict):
        jobs.start(job=job, by=None, now=NOW)


def test_an_import_that_died_goes_on_where_it_was_and_counts_each_row_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 10)
    content = b"Name,Email\n" + b"".join(b"P%d,p%d@a.test\n" % (n, n) for n in range(25))
    job = upload(content)
    jobs.start(job=job, by=None, now=NOW)
    chunk = jobs._chunk
    done: list[bool] = []

    def dies(*args: Any) -> bool:
        if done:
            raise KeyboardInterrupt
        done.append(chunk(*args))
        return True

    monkeypatch.setattr(jobs, "_chunk", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job_id=job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.position, job.created) == (11, 10)
    monkeypatch.setattr(jobs, "_chunk", chunk)
    for _ in range(2):
        jobs.run(job_id=job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.created, job.unchanged, Lead.objects.count()) == ("done", 25, 0, 25)


def test_a_cancelled_import_stops_and_what_is_in_stays(client: Client, marketer: User) -> None:
    job = upload(PLAIN)
    jobs.start(job=job, by=None, now=NOW)
    client.post(reverse("leads:import_cancel", args=[job.pk]))
    jobs.run(job_id=job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.content) == (ImportJob.State.CANCELLED, None)
    assert not Lead.objects.exists()


def test_a_failure_of_ours_ends_the_job_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "_chunk", breaks)
    job = carry(PLAIN)
    assert job.state == ImportJob.State.FAILED
    assert "our side" in job.error


def test_an_import_whose_message_was_lost_is_woken() -> None:
    job = upload(PLAIN)
    jobs.start(job=job, by=None, now=NOW.replace(year=2020))
    assert resume_imports() == 1
    assert ImportJob.objects.filter(pk=job.pk, state="queued").exists()


def test_the_command_imports_like_the_page(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(PLAIN)
    out = StringIO()
    call_command("import_leads", str(file), "--map", "Shoe size=-", "--system", "shop", stdout=out)
    assert "2 created" in out.getvalue()
    assert "row 3, Country: “Atlantis”" in out.getvalue()
    assert Lead.objects.get(name="Rita").extra == {}


@pytest.mark.parametrize("arguments", [["missing.csv"], ["{file}", "--map", "Nothing=name"]])
def test_the_command_says_what_is_wrong(tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(PLAIN)
    with pytest.raises(CommandError):
        call_command("import_leads", *[each.format(file=file) for each in arguments])


def test_activities_of_a_file_are_added_once() -> None:
    carry(b"Lead ID,Name\n7,Rita\n")
    content = b"activityDate,leadId,type,page\n2026-11-01 10:00,7,page_view,/pricing\n2026-11-01,8,form,\n"
    job = carry(content)
    assert (job.kind, job.created, job.left_out) == ("activities", 1, 1)
    assert Activity.objects.get().detail == "/pricing"
