"""Export and import from the command line."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alignment.document import file_of
from alignment.models import Definition, Version
from tests.alignment.factories import make_draft, make_version
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def author() -> str:
    return str(UserFactory(role=Role.MARKETER, email="leila@firm.test").email)


def test_what_is_exported_is_imported_alike(tmp_path: Path, author: str) -> None:
    version = make_version(definition=Definition.objects.create(name="Partners"))
    path = tmp_path / "partners.yaml"
    assert run("export_definition", output=path) == ""
    assert path.read_text() == run("export_definition", "Partners") == file_of(version)
    said = run("import_definition", str(path), by=author, name="Twins")
    assert said.startswith("Twins v1 is a draft of")
    run("import_definition", str(path), by=author, into="Partners")
    drafts = Version.objects.filter(status=Version.Status.DRAFT).order_by("pk")
    assert [(each.definition.name, each.number) for each in drafts] == [("Twins", 1), ("Partners", 2)]
    assert file_of(drafts[1]) == path.read_text()


def test_a_version_is_named_where_there_are_several() -> None:
    make_version(definition=Definition.objects.create(name="A"))
    draft = make_draft(definition=Definition.objects.create(name="B"), number=2)
    make_version(definition=Definition.objects.create(name="C"))
    with pytest.raises(CommandError, match=r"several versions like this\. Name one of “A”, “C”\."):
        run("export_definition")
    with pytest.raises(CommandError, match=r"no version of “B” like this\. Name one of “A”, “C”\."):
        run("export_definition", "B")
    assert run("export_definition", "B", number=2) == file_of(Version.objects.get(pk=draft.pk))


def test_a_file_that_cant_be_read_names_every_problem(tmp_path: Path, author: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("bantam_definition: 1\nstuff: 2\n")
    with pytest.raises(CommandError) as caught:
        run("import_definition", str(path), by=author)
    assert "- line 2, stuff: “stuff” is unknown here." in str(caught.value)
    assert "“dimensions” is missing." in str(caught.value)
    assert not Definition.objects.exists()


@pytest.mark.parametrize("path", ["missing.yaml", "."])
def test_a_path_that_is_no_file_is_an_error(tmp_path: Path, author: str, path: str) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        run("import_definition", str(tmp_path / path), by=author)


def test_a_folder_cant_be_written_over(tmp_path: Path) -> None:
    make_version()
    with pytest.raises(CommandError, match="can't be written"):
        run("export_definition", output=tmp_path)


def test_the_draft_needs_somebody_who_drafts(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(file_of(make_draft()))
    UserFactory(role=Role.REP, email="rep@firm.test")
    for email in ("rep@firm.test", "nobody@firm.test"):
        with pytest.raises(CommandError, match="Nobody who drafts"):
            run("import_definition", str(path), by=email, name="New")


def test_a_definition_that_isnt_there_takes_no_draft(tmp_path: Path, author: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(file_of(make_draft()))
    with pytest.raises(CommandError, match="no definition “Elsewhere”"):
        run("import_definition", str(path), by=author, into="Elsewhere")
