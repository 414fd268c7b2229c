"""Our words and the company's: kept by both teams, nobody's work lost."""

import pytest
from django.http import Http404

from alignment.models import GlossaryEntry
from alignment.services.glossary import add_term, forget_term, name_term
from alignment.services.locking import StaleEdit
from alignment.terms import GROUPS, TERMS
from core.errors import Conflict, Invalid, NotAllowed
from core.models import AuditEntry
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from tests.paths import ROOT
from users.models import Role, User


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(role=Role.MARKETER)


def named(by: User, revision: int = 0, name: str = "MQL", term: str = "sales-ready") -> GlossaryEntry:
    return name_term(term=term, name=name, meaning="Ours.", revision=revision, by=by, now=NOW)


def wrong(caught: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.where for problem in caught.value.problems]


def test_the_docs_and_the_page_say_the_same() -> None:
    """A term that is new in docs/glossary.md is added to alignment/terms/, and the other way round."""
    lines = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    rows = [line.removeprefix("## ") for line in lines if line.startswith(("## ", "| **"))]
    ours: list[str] = []
    for group in GROUPS:
        ours += [group.title, *(f"| {term.marked} | {term.marked_meaning} |" for term in group.terms)]
    assert ours == rows


def test_each_term_has_a_key_of_its_own() -> None:
    assert len(TERMS) == sum(len(group.terms) for group in GROUPS)


def test_words_are_kept_changed_and_removed(marketer: User) -> None:
    entry = named(marketer)
    assert (entry.revision, entry.by, entry.at) == (1, marketer, NOW)
    assert named(marketer, 1).revision == 1  # a repeat is no edit
    other = UserFactory(role=Role.SALES_MANAGER)
    assert (named(other, 1, "SQL").revision, GlossaryEntry.objects.get().by) == (2, other)
    forget_term(term="sales-ready", revision=2, by=marketer, now=NOW)
    assert not GlossaryEntry.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="glossary.").order_by("id")
    assert [each.action for each in actions] == ["glossary.add", "glossary.edit", "glossary.remove"]


@pytest.mark.parametrize("role", [Role.REP, Role.ADMIN, Role.EXECUTIVE])
def test_who_only_reads_keeps_nothing(marketer: User, role: Role) -> None:
    reader = UserFactory(role=role)
    named(marketer)
    with pytest.raises(NotAllowed):
        named(reader, 1, "Mine")
    with pytest.raises(NotAllowed):
        add_term(name="Mine", meaning="Mine.", by=reader, now=NOW)
    with pytest.raises(NotAllowed):
        forget_term(term="sales-ready", revision=1, by=reader, now=NOW)


def test_words_saved_meanwhile_are_shown_and_kept(marketer: User) -> None:
    named(marketer)
    named(marketer, 1, "SQL")
    with pytest.raises(StaleEdit) as caught:
        named(marketer, 1, "Lead")
    assert caught.value.part.name == "SQL"
    with pytest.raises(StaleEdit):
        named(marketer, 0, "Lead")
    with pytest.raises(StaleEdit):
        forget_term(term="sales-ready", revision=1, by=marketer, now=NOW)


def test_words_removed_meanwhile_are_a_conflict(marketer: User) -> None:
    with pytest.raises(Conflict, match="removed these words"):
        named(marketer, 3)


@pytest.mark.parametrize(
    ("name", "meaning", "where"),
    [("  \0", "", ["name"]), ("x" * 81, "", ["name"]), ("MQL", "x" * 1001, ["meaning"])],
)
def test_words_that_can_not_be_are_refused(marketer: User, name: str, meaning: str, where: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        name_term(term="lead", name=name, meaning=meaning, revision=0, by=marketer, now=NOW)
    assert wrong(caught) == where


def test_one_name_means_one_thing(marketer: User) -> None:
    named(marketer)
    with pytest.raises(Invalid, match="can't be saved") as caught:
        named(marketer, 0, "mql", "lead")
    assert wrong(caught) == ["name"]


def test_a_term_that_nobody_has_is_not_found(marketer: User) -> None:
    with pytest.raises(Http404):
        named(marketer, 0, "Shoe size", "shoe-size")
    with pytest.raises(Http404):
        forget_term(term="lead", revision=1, by=marketer, now=NOW)


def test_the_company_adds_terms_of_its_own(marketer: User) -> None:
    entry = add_term(name="Golden hour", meaning="The first one.", by=marketer, now=NOW)
    assert entry.term == "golden-hour"
    assert named(marketer, 1, "Golden hour", "golden-hour").revision == 2


def test_a_term_of_its_own_is_new_and_means_something(marketer: User) -> None:
    with pytest.raises(Invalid) as caught:
        add_term(name="Lead", meaning="A person.", by=marketer, now=NOW)
    assert "stands in the list above" in caught.value.problems[0].message
    with pytest.raises(Invalid) as caught:
        add_term(name="Golden hour", meaning=" ", by=marketer, now=NOW)
    assert wrong(caught) == ["meaning"]


def test_names_in_other_scripts_get_keys_of_their_own(marketer: User) -> None:
    first = add_term(name="見込み客", meaning="A lead.", by=marketer, now=NOW)
    second = add_term(name="商談", meaning="A talk.", by=marketer, now=NOW)
    assert first.term != second.term
