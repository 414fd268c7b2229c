"""A definition as a YAML file: exact both ways, read without trust, wrong files answered with the line."""

from typing import Any

import pytest
import time_machine
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.checking import proposal_problems
from alignment.document import file_of, read_file
from alignment.document.files import MOST_BYTES, from_yaml, to_yaml
from alignment.models import Definition, Version
from alignment.services.documents import write_document
from alignment.services.starting import start_definition
from core.errors import Invalid
from tests.alignment.documents import maybe_texts, stored_drafts, texts
from tests.alignment.factories import make_draft
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from tests.paths import ROOT

WORDS = [
    "no",
    "NO",
    "yes",
    "on",
    "off",
    "y",
    "null",
    "~",
    "true",
    "2026-11-22",
    "12:30",
    "010",
    "0x1F",
    "1e3",
]
WORDS += [
    "1_000",
    ".inf",
    "+5",
    "5",
    "-0",
    "=",
    "<<",
    "a: b",
    "- x",
    "#",
    "",
    " ",
    "&a",
    "*a",
    "!x",
    "…",
    "\x85",
]
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
data = st.recursive(
    plain | texts | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts | st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)


def said(content: str | bytes) -> tuple[str, dict[str, str]]:
    """The message of a file that is refused, and its problems by place."""
    with pytest.raises(Invalid) as caught:
        read_file(content if isinstance(content, bytes) else content.encode())
    return caught.value.message, {problem.where: problem.message for problem in caught.value.problems}


@settings(max_examples=200, deadline=None)
@given(data)
def test_whatever_is_written_is_read_back_alike(value: Any) -> None:
    text = to_yaml({"x": value})
    assert from_yaml(text.encode())[0] == {"x": value}


@settings(max_examples=100, deadline=None)
@given(st.lists(maybe_texts | st.sampled_from(WORDS), max_size=5))
def test_other_readers_of_yaml_read_our_words_as_words(words: list[str]) -> None:
    assert yaml.safe_load(to_yaml({"x": words})) == {"x": words}


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_file_to_rows_to_file_is_the_same(data: st.DataObject) -> None:
    with transaction.atomic():
        definition = Definition.objects.create(name="Random")
        text = file_of(data.draw(stored_drafts(definition, 1)))
        other = make_draft(definition, number=2)
        write_document(other, read_file(text.encode()))
        assert file_of(Version.objects.get(pk=other.pk)) == text
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("true", True),
        ("~", "~"),
        ("null", None),
        ("", None),
        ("2026-11-22", "2026-11-22"),
        ("12:30:00", "12:30:00"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("1e3", 1000.0),
        ("-5", -5),
        ("'5'", "5"),
        ("9" * 5_000, "9" * 5_000),
    ],
)
def test_nothing_is_guessed(written: str, read: object) -> None:
    assert from_yaml(f"x: {written}\n".encode())[0] == {"x": read}


def test_a_key_is_always_a_word() -> None:
    assert from_yaml(b"no: 1\n5: 2\n2026-01-01: 3\n<<: 4\n")[0] == {"no": 1, "5": 2, "2026-01-01": 3, "<<": 4}


def bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{now}: &{now} [{', '.join(['*' + last] * 9)}]"
        for last, now in zip("abcdefg", "bcdefgh", strict=True)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("a: 1\nb: &x 2\n", "line 2", "Anchors (&) and aliases (*) aren't read: write it out."),
        ("a: 1\nb: *x\n", "line 2", "Anchors (&) and aliases (*) aren't read: write it out."),
        (bomb(), "line 1", "Anchors (&) and aliases (*) aren't read: write it out."),
        ("a: 1\nb: 2\na: 3\n", "line 3", "“a” stands here twice."),
        ("a: !!python/name:os.system x\n", "line 1", "Tags (!) aren't read: leave it out."),
        ("a: 1\n---\nb: 2\n", "line 2", "The file has more than one document. Keep one a file."),
        ("? [a]\n: 1\n", "line 1", "A key is a plain word."),
        ("[" * 100_000, "line 1", "The file is nested too deep or has too many parts."),
        ("a: " + "[" * 50 + "]" * 50, "line 1", "The file is nested too deep or has too many parts."),
        ("\n".join(["- 1"] * 60_000), "line 50000", "The file is nested too deep or has too many parts."),
        ("a: 1\n b: 2\n", "line 2", "This is no YAML: mapping values are not allowed here."),
        ("a: [1\n", "line 2", "This is no YAML: expected ',' or ']', but got '<stream end>'."),
        ("a: \x07\n", "", "The file has characters that YAML doesn't allow."),
        ("", "", "The file is empty."),
        ("# nothing\n", "", "The file is empty."),
    ],
)  # fmt: skip
def test_a_file_that_could_surprise_is_refused_with_its_line(content: str, line: str, message: str) -> None:
    assert said(content)[1] == {line: message}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x" * (MOST_BYTES + 1), "The file is larger than 256 kB, which no definition is."),
        ("a: ü".encode("latin-1"), "The file isn't text in UTF-8."),
        ("a: 1".encode("utf-16"), "The file isn't text in UTF-8."),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, message: str) -> None:
    assert said(content)[1] == {"": message}


def test_a_mark_of_utf8_at_the_beginning_is_no_matter() -> None:
    assert from_yaml(b"\xef\xbb\xbfa: 1\n")[0] == {"a": 1}


@pytest.mark.django_db
def test_problems_name_line_and_path() -> None:
    text = (
        file_of(make_draft()).replace("points: 20", "points: many").replace("label: Nobody", "lable: Nobody")
    )
    message, found = said(text)
    lines = text.splitlines()
    points = lines.index("    points: many") + 1
    label = lines.index("    lable: Nobody") + 1
    assert found == {
        f"line {points}, criteria[0].points": "Needs a whole number from −100 to 100, not “many”.",
        f"line {label - 1}, disqualifiers[0].label": "“label” is missing.",
        f"line {label}, disqualifiers[0].lable": "“lable” is unknown here. Did you mean “label”?",
    }
    first = next(iter(found))
    assert message == f"This file can't be read. {first}: {found[first]}"


@pytest.mark.django_db
def test_a_file_reads_well() -> None:
    text = file_of(
        make_draft(
            reason="First line.\nSecond line.", scope={"field": "company.employees", "op": "gte", "value": 5}
        )
    )
    assert text.splitlines()[1:12] == [
        "bantam_definition: 1",
        "name: Definition 1",
        "reason: |-",
        "  First line.",
        "  Second line.",
        "position: 1",
        "scope: {field: company.employees, op: gte, value: 5}",
        "grades: {A: 75, B: 55, C: 30}",
        "sales_ready: {grade: B, bant_count: 3, bant_level: partial}",
        "dimensions:",
        "  budget: {cap: 15}",
    ]


@pytest.mark.django_db
def test_the_same_version_is_the_same_file_on_any_day() -> None:
    draft = make_draft()
    with time_machine.travel("2031-02-03"):
        later = file_of(draft)
    assert later == file_of(draft)


@pytest.mark.django_db
def test_the_example_of_the_docs_is_written_as_it_is_read_and_could_be_proposed() -> None:
    page = (ROOT / "docs" / "definition-file.md").read_text()
    example = page.partition("```yaml\n")[2].partition("```")[0]
    document = read_file(example.encode())
    draft = start_definition(name=document.name, document=document, by=UserFactory(), now=NOW)
    draft = Version.objects.get(pk=draft.pk)
    assert file_of(draft).partition("\n")[2] == example
    assert proposal_problems(draft) == ()


def test_the_docs_name_every_key() -> None:
    page = (ROOT / "docs" / "definition-file.md").read_text()
    keys = ["handed_over", "ladder", "daily_cap", "keep", "needs_text", "suggested_points", "must_have"]
    assert all(f"`{key}" in page for key in keys)
