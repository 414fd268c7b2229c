"""Definitions as files and from templates: who may, what is written, what is refused."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alignment import services
from alignment.document import document_of, file_of
from alignment.document.files import MOST_BYTES
from alignment.models import Definition, Version
from alignment.shipped import CHAMP
from core.models import AuditEntry
from tests.access import FORBIDDEN, NOT_FOUND, AccessTests
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.alignment.pages import DRAFTING, READING
from tests.alignment.test_pages import OnVersion
from tests.factories import UserFactory
from users.models import Role, User

UNPROCESSABLE = 422


class TestExporting(OnVersion):
    __test__ = True
    url_name = "alignment:export"
    expected = READING


class TestExportingADraft(OnVersion):
    __test__ = True
    url_name = "alignment:export"
    status = Version.Status.DRAFT
    expected = DRAFTING | {Role.REP: NOT_FOUND, Role.ADMIN: NOT_FOUND}
    other_team = NOT_FOUND


class TestNew(AccessTests):
    url_name = "alignment:start"
    expected = DRAFTING
    other_team = FORBIDDEN


class TestImporting(AccessTests):
    url_name = "alignment:import_file"
    expected = DRAFTING
    other_team = FORBIDDEN


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(role=Role.MARKETER)


@pytest.fixture
def browser(marketer: User) -> Client:
    client = Client()
    client.force_login(marketer)
    return client


def post_file(client: Client, content: str | bytes, **more: Any) -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("definition.yaml", raw, content_type="application/yaml")
    return client.post(reverse("alignment:import_file"), {"file": file, **more})


def test_a_version_is_downloaded_under_its_name(browser: Client) -> None:
    version = make_version(definition=Definition.objects.create(name="Größere Firmen"))
    response = browser.get(reverse("alignment:export", args=[version.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="groere-firmen-v1.yaml"'
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert response.content.decode() == file_of(Version.objects.get(pk=version.pk))


def test_exporting_takes_a_fixed_number_of_queries(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    version = make_version()
    with django_assert_max_num_queries(10):
        browser.get(reverse("alignment:export", args=[version.pk]))


def test_the_page_of_new_definitions_costs_little(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    make_version()
    with django_assert_max_num_queries(6):
        page = browser.get(reverse("alignment:start")).content.decode()
    for label in ("BANT", "CHAMP", "MEDDIC-lite", "Engagement only", "Empty", "Before Definition 1"):
        assert label in page


def test_a_template_becomes_the_draft_of_a_new_definition(browser: Client, marketer: User) -> None:
    make_version(position=10)
    response = browser.post(reverse("alignment:start"), {"name": " Enterprise ", "template": "champ"})
    draft = Version.objects.get(status=Version.Status.DRAFT)
    assert response["Location"] == reverse("alignment:edit", args=[draft.pk])
    assert (draft.definition.name, draft.number, draft.author, draft.position) == (
        "Enterprise",
        1,
        marketer,
        20,
    )
    assert AuditEntry.objects.get(action="definition.start").target_id == draft.pk
    assert document_of(draft) == document_of(_fresh(CHAMP)) | {"position": 20}


def _fresh(template: Any) -> Version:
    draft = services.start_definition(name="Twin", document=template.document, by=UserFactory(), now=NOW)
    return Version.objects.get(pk=draft.pk)


def test_a_new_definition_may_be_asked_before_another(browser: Client) -> None:
    make_version(position=10)
    second = make_version(position=20)
    values = {"name": "Between", "template": "empty", "before": second.pk}
    browser.post(reverse("alignment:start"), values)
    assert Version.objects.get(definition__name="Between").position == 15


def test_where_there_is_no_place_left_it_says_what_to_do(browser: Client) -> None:
    first = make_version(position=1)
    values = {"name": "Before", "template": "empty", "before": first.pk}
    response = browser.post(reverse("alignment:start"), values)
    assert response.status_code == UNPROCESSABLE
    assert "no place left before it" in response.content.decode()
    assert not Definition.objects.filter(name="Before").exists()


@pytest.mark.parametrize("name", ["Partners", "partners ", "PARTNERS"])
def test_a_name_is_given_once(browser: Client, name: str) -> None:
    Definition.objects.create(name="Partners")
    response = browser.post(reverse("alignment:start"), {"name": name, "template": "bant"})
    assert response.status_code == UNPROCESSABLE
    assert "There is a definition “Partners” already." in response.content.decode()
    assert Definition.objects.count() == 1


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "x" * 81}, {"template": "spin"}, {"before": "99"}])
def test_a_form_that_cant_be_read_writes_nothing(browser: Client, values: dict[str, str]) -> None:
    make_version()
    response = browser.post(reverse("alignment:start"), {"name": "New", "template": "bant"} | values)
    assert response.status_code == UNPROCESSABLE
    assert Definition.objects.count() == 1


def test_a_file_becomes_a_new_definition_named_as_it_says(browser: Client) -> None:
    text = file_of(make_draft(Definition.objects.create(name="Partners"), position=3, reason="Because."))
    Definition.objects.update(name="Other")
    response = post_file(browser, text)
    draft = Version.objects.get(definition__name="Partners")
    assert response["Location"] == reverse("alignment:edit", args=[draft.pk])
    assert file_of(draft) == text


def test_each_label_beside_the_templates_leads_to_its_own_field(browser: Client) -> None:
    html = browser.get(reverse("alignment:start")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    assert {"id_name", "file_name"} <= set(ids)


def test_a_file_whose_place_is_taken_is_asked_after_all_others(browser: Client) -> None:
    text = file_of(make_version(position=10))
    Definition.objects.update(name="Other")
    post_file(browser, text)
    assert Version.objects.get(status=Version.Status.DRAFT).position == 20


def test_a_file_becomes_the_next_draft_of_a_definition(browser: Client, marketer: User) -> None:
    active = make_version(floor_a=70, position=4)
    text = file_of(Version.objects.get(pk=active.pk)).replace("A: 70", "A: 81").replace("position: 4\n", "")
    post_file(browser, text, into=active.definition_id)
    draft = active.definition.versions.get(status=Version.Status.DRAFT)
    assert (draft.number, draft.floor_a, draft.based_on, draft.author) == (2, 81, active, marketer)
    assert draft.position == 4
    assert AuditEntry.objects.get(action="version.import").target_id == draft.pk


def test_ones_open_draft_isnt_overwritten_by_a_file(browser: Client, marketer: User) -> None:
    active = make_version()
    services.copy_to_draft(version=active, by=marketer, now=NOW)
    response = post_file(browser, file_of(active), into=active.definition_id)
    assert response.status_code == UNPROCESSABLE
    assert "You have an open draft of “Definition 1”, version 2." in response.content.decode()
    assert active.definition.versions.count() == 2


def test_a_file_without_a_name_asks_for_one(browser: Client) -> None:
    text = file_of(make_draft()).replace("name: Definition 1\n", "")
    response = post_file(browser, text)
    assert response.status_code == UNPROCESSABLE
    assert "Give it a name" in response.content.decode()
    assert post_file(browser, text, name="Named here").status_code == 302


def test_problems_of_a_file_are_shown_with_line_and_path(browser: Client) -> None:
    text = file_of(make_draft()).replace("points: 20", "points: <b>")
    page = post_file(browser, text)
    assert page.status_code == UNPROCESSABLE
    assert "criteria[0].points" in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    assert Definition.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe", "The file isn&#x27;t text in UTF-8."),
        (b"x" * (MOST_BYTES + 1), "larger than 256 kB"),
        (b"bantam_definition: 7", "later release"),
        (b"a: &a [1]\nb: *a", "aliases (*) aren&#x27;t read"),
    ],
)
def test_a_file_that_is_none_is_refused(browser: Client, content: bytes, said: str) -> None:
    response = post_file(browser, content)
    assert response.status_code == UNPROCESSABLE
    assert said in response.content.decode()
    assert not Definition.objects.exists()


def test_without_a_file_the_form_says_so(browser: Client) -> None:
    response = browser.post(reverse("alignment:import_file"), {})
    assert response.status_code == UNPROCESSABLE
    assert not Definition.objects.exists()


def test_the_first_run_offers_the_templates_that_are_whole(browser: Client) -> None:
    page = browser.get(reverse("alignment:definition")).content.decode()
    assert all(f'value="{key}"' in page for key in ("bant", "champ", "meddic", "engagement"))
    assert 'value="empty"' not in page
    browser.post(reverse("alignment:install"), {"template": "meddic"})
    version = Version.objects.get()
    assert (version.status, version.matrix is not None) == (Version.Status.ACTIVE, True)


@pytest.mark.parametrize("key", ["empty", "spin"])
def test_a_template_that_cant_be_installed_is_refused(browser: Client, key: str) -> None:
    assert browser.post(reverse("alignment:install"), {"template": key}).status_code == 400
    assert not Version.objects.exists()


def test_discarding_the_only_draft_frees_the_name(browser: Client, marketer: User) -> None:
    draft = services.start_definition(name="Brief", document=CHAMP.document, by=marketer, now=NOW)
    services.discard_draft(version_id=draft.pk, revision=draft.revision, by=marketer, now=NOW)
    assert not Definition.objects.exists()


def test_the_definition_page_names_what_isnt_in_force_yet(browser: Client, marketer: User) -> None:
    make_version()
    draft = services.start_definition(name="Enterprise", document=CHAMP.document, by=marketer, now=NOW)
    page = browser.get(reverse("alignment:definition")).content.decode()
    assert (
        "“Enterprise”, which isn&#x27;t in force yet" in page
        or "“Enterprise”, which isn't in force yet" in page
    )
    assert reverse("alignment:edit", args=[draft.pk]) in page


@pytest.mark.parametrize("name", ["start", "import_file"])
@pytest.mark.parametrize("into", ["its", "no", "\0", "9" * 30])
def test_a_query_string_chooses_a_definition_or_nothing(browser: Client, name: str, into: str) -> None:
    definition = make_version().definition
    asked = {"into": str(definition.pk) if into == "its" else into}
    page = browser.get(reverse(f"alignment:{name}"), asked | {"name": "\0", "page": "-1", "": "x"})
    assert page.status_code == 200
    if name == "import_file" and into == "its":
        assert f'<option value="{definition.pk}" selected>' in page.content.decode()
