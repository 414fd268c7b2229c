"""The buying centre: what may be said of it, who said it, and how it reaches criteria, files and programs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from leads import services
from leads.buying import BY_KEY, FACTS
from leads.buying_page import panel
from leads.facts import CompanyFacts, LeadFacts
from leads.imports import jobs
from leads.models import ChangedLead, Company, FactSource, Lead
from leads.suggesting import may_suggest
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.fields import Use, registry
from rules.tree import parse
from tests.factories import UserFactory
from users.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CTX = Context(NOW, ZoneInfo("Europe/Berlin"))


@pytest.fixture
def ana() -> User:
    return UserFactory(name="Ana")


@pytest.fixture
def rita(ana: User) -> Lead:
    return make("Rita", ana)


def make(name: str, by: User, company: str = "Acme", **facts: Any) -> Lead:
    given = LeadFacts(name=name, company=CompanyFacts(name=company, **facts))
    return services.create_lead(facts=given, by=by, now=NOW)


def say(lead: Lead, by: User, *, seen: dict[str, str] | None = None, **said: str) -> int:
    """Facts by the end of their keys, such as ``by_rfp``; ``own_driver`` is the person's."""
    keys = {name: "lead.driver" if name == "own_driver" else f"company.{name}" for name in said}
    facts = {keys[name]: text for name, text in said.items()}
    return services.update_buying(lead=lead, said=facts, seen=seen or {}, by=by, now=LATER)


def matching(**condition: Any) -> set[str]:
    node = parse(condition, use=Use.CRITERION)
    return set(
        prepare(Lead.objects.all(), node, CTX).filter(compile_q(node, CTX)).values_list("name", flat=True)
    )


class TestSaying:
    def test_a_fact_is_kept_with_who_said_it_and_when(self, rita: Lead, ana: User) -> None:
        assert say(rita, ana, buying="central", by_rfp="no", own_driver="Wants peace") == 3
        company, lead = Company.objects.get(), Lead.objects.get()
        assert (company.buying, company.by_rfp, lead.driver) == ("central", False, "Wants peace")
        said = FactSource.objects.values_list("fact", "by__name", "source", "at", "lead__name")
        assert set(said) == {
            ("buying", "Ana", "rep", LATER, None),
            ("by_rfp", "Ana", "rep", LATER, None),
            ("driver", "Ana", "rep", LATER, "Rita"),
        }

    def test_the_last_who_said_it_stands_there(self, rita: Lead, ana: User) -> None:
        say(rita, ana, politics="Finance is against it")
        say(rita, UserFactory(name="Ben"), politics="Finance came round")
        assert FactSource.objects.get().by.name == "Ben"  # type: ignore[union-attr]

    def test_what_was_taken_away_says_who_did(self, rita: Lead, ana: User) -> None:
        say(rita, ana, buying="mixed")
        say(rita, UserFactory(name="Ben"), buying="")
        line = next(line for line in panel(Lead.objects.get()).lines if line.fact.key == "company.buying")
        assert (line.raw, line.word, line.who) == ("", "", "Ben")

    def test_the_folded_copy_follows(self, rita: Lead, ana: User) -> None:
        say(rita, ana, incumbent="Größe & Söhne", own_driver="Ruhe für ALLE")
        assert Company.objects.get().incumbent_folded == "grosse & sohne"
        assert Lead.objects.get().driver_folded == "ruhe fur alle"

    def test_a_repeat_writes_nothing(self, rita: Lead, ana: User) -> None:
        say(rita, ana, buying="central")
        entries = AuditEntry.objects.count()
        assert say(rita, UserFactory(), buying="central") == 0
        assert AuditEntry.objects.count() == entries
        assert FactSource.objects.get().by == ana

    def test_all_leads_of_the_company_are_judged_anew(self, rita: Lead, ana: User) -> None:
        tom, other = make("Tom", ana), make("Uma", ana, company="Other")
        ChangedLead.objects.all().delete()
        say(rita, ana, by_rfp="yes")
        assert set(ChangedLead.objects.values_list("lead", flat=True)) == {rita.pk, tom.pk}
        assert other.pk not in {rita.pk, tom.pk}

    def test_what_drives_a_person_marks_that_lead_alone(self, rita: Lead, ana: User) -> None:
        make("Tom", ana)
        ChangedLead.objects.all().delete()
        say(rita, ana, own_driver="A promotion")
        assert list(ChangedLead.objects.values_list("lead", flat=True)) == [rita.pk]

    def test_the_change_is_audited_with_both_values(self, rita: Lead, ana: User) -> None:
        say(rita, ana, incumbent_relationship="strong")
        say(rita, ana, incumbent_relationship="at_risk")
        entry = AuditEntry.objects.filter(action="company.update").order_by("-pk")[0]
        assert (entry.actor, entry.detail) == (ana, {"fields": ["incumbent_relationship"]})
        assert [(each.before, each.after) for each in entry.values.all()] == [("strong", "at_risk")]

    def test_a_lead_without_a_company_has_a_driver_alone(self, ana: User) -> None:
        lead = services.create_lead(facts=LeadFacts(name="Solo"), by=ana, now=NOW)
        assert [line.fact.key for line in panel(lead).lines] == ["lead.driver"]
        assert say(lead, ana, own_driver="Peace") == 1
        with pytest.raises(Invalid, match="No company is known"):
            say(lead, ana, buying="central")


class TestRefusing:
    @pytest.mark.parametrize(
        ("key", "text"),
        [
            ("company.buying", "somewhere"),
            ("company.by_rfp", "perhaps"),
            ("company.incumbent", "x" * 201),
            ("company.politics", "x" * 501),
            ("lead.name", "Eve"),
        ],
    )
    def test_what_cant_be_used_is_named_and_nothing_is_written(
        self, rita: Lead, ana: User, key: str, text: str
    ) -> None:
        said = {"company.driver": "Growth", key: text}
        with pytest.raises(Invalid) as refused:
            services.update_buying(lead=rita, said=said, seen={}, by=ana, now=NOW)
        assert [problem.where for problem in refused.value.problems] == [key]
        assert Company.objects.get().driver == ""

    def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(self, rita: Lead, ana: User) -> None:
        say(rita, ana, buying="central", driver="Growth")
        with pytest.raises(Conflict, match="“Buying”"):
            say(rita, ana, seen={"company.buying": ""}, buying="mixed", driver="Cost")
        company = Company.objects.get()
        assert (company.buying, company.driver) == ("central", "Growth")

    def test_that_both_say_the_same_is_no_conflict(self, rita: Lead, ana: User) -> None:
        say(rita, ana, buying="central")
        assert say(rita, ana, seen={"company.buying": ""}, buying="central") == 0

    def test_the_database_knows_the_choices(self, rita: Lead) -> None:
        for column in ("buying", "incumbent_relationship"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Company.objects.update(**{column: "else"})

    def test_a_source_is_of_a_company_or_of_a_lead(self, rita: Lead) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            FactSource.objects.create(lead=rita, company=rita.company, fact="x", source="rep", at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            FactSource.objects.create(fact="x", source="rep", at=NOW)


class TestCriteria:
    def test_each_fact_may_be_part_of_a_criterion_a_list_and_a_file(self) -> None:
        for fact in FACTS:
            assert {*Use} <= registry.get(fact.key).uses, fact.key

    def test_rfp_driven_companies_are_found_and_unknown_is_neither(self, ana: User) -> None:
        make("Yes", ana, "A", by_rfp=True)
        make("No", ana, "B", by_rfp=False)
        make("Unknown", ana, "C")
        assert matching(field="company.by_rfp", op="is", value=True) == {"Yes"}
        assert matching(field="company.by_rfp", op="is", value=False) == {"No"}
        assert matching(**{"not": {"field": "company.by_rfp", "op": "is", "value": True}}) == {
            "No",
            "Unknown",
        }

    def test_choices_and_texts_are_asked_for(self, ana: User) -> None:
        make("Central", ana, "A", buying="central", incumbent="SAP SE", politics="The CFO is a friend")
        make("Local", ana, "B", buying="decentral", incumbent_relationship="at_risk")
        assert matching(field="company.buying", op="is", value="central") == {"Central"}
        assert matching(field="company.incumbent_relationship", op="in", value=["at_risk", "weak"]) == {
            "Local"
        }
        assert matching(field="company.incumbent", op="contains", value="sap") == {"Central"}
        assert matching(field="company.politics", op="contains", value="cfo") == {"Central"}

    def test_what_sales_noted_of_people_is_never_suggested_as_a_value(self) -> None:
        noted = ("lead.driver", "company.driver", "company.department_driver", "company.politics")
        assert not any(may_suggest(registry.get(key)) for key in noted)
        assert may_suggest(registry.get("company.buying"))


class TestComingIn:
    CSV = (
        b"Name,Email,Company,Buying Centre,RFP-driven,Current supplier,Company driver,Person driver\n"
        b"Rita,rita@a.test,Acme,zentral,Ja,Old Ltd,Growth,Wants peace\n"
        b"Tom,tom@b.test,Bolt,somewhere,maybe,,,\n"
    )

    def run(self, content: bytes) -> Any:
        job = jobs.upload(content=content, file_name="a.csv", by=None, now=NOW)
        jobs.start(job=job, by=None, now=NOW)
        jobs.run(job_id=job.pk, clock=lambda: NOW)
        return job

    def test_a_file_brings_it_under_the_usual_headers(self) -> None:
        self.run(self.CSV)
        acme = Company.objects.get(name="Acme")
        assert (acme.buying, acme.by_rfp, acme.incumbent) == ("central", True, "Old Ltd")
        assert (acme.driver, Lead.objects.get(name="Rita").driver) == ("Growth", "Wants peace")

    def test_it_says_that_an_import_said_it(self) -> None:
        self.run(self.CSV)
        who = {line.who for line in panel(Lead.objects.get(name="Rita")).lines if line.raw}
        assert who == {"An import"}
        assert FactSource.objects.filter(company__name="Bolt").count() == 0

    def test_what_cant_be_read_is_named_and_the_row_goes_on(self) -> None:
        job = self.run(self.CSV)
        bolt = Company.objects.get(name="Bolt")
        assert (bolt.buying, bolt.by_rfp) == ("", None)
        reasons = set(job.problems.values_list("reason", flat=True))
        assert {"is none of central, decentral, mixed", "is neither yes nor no"} <= reasons

    def test_a_repeated_file_changes_nothing(self) -> None:
        self.run(self.CSV)
        before = list(FactSource.objects.order_by("pk").values())
        ChangedLead.objects.all().delete()
        self.run(self.CSV)
        assert list(FactSource.objects.order_by("pk").values()) == before
        assert not ChangedLead.objects.exists()

    def test_a_file_that_says_nothing_leaves_what_sales_learned(self, rita: Lead, ana: User) -> None:
        say(rita, ana, buying="central", by_rfp="yes")
        self.run(b"Name,Email,Company,Buying,RFP\nTom,Acme,,\n")
        company = Company.objects.get()
        assert (company.buying, company.by_rfp) == ("central", True)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.key))
def test_what_is_stored_is_what_a_form_sends_again(fact: Any) -> None:
    for raw in [choice for choice, _ in fact.choices] or ["Some text"]:
        assert fact.raw(fact.read(raw)) == raw
        assert fact.word(fact.read(raw))
    assert fact.raw(fact.read("")) == ""


@pytest.mark.parametrize(
    ("key", "word", "stored"),
    [
        ("company.buying", "Centralised", "central"),
        ("company.buying", "by each site", "decentral"),
        ("company.incumbent_relationship", "at risk", "at_risk"),
        ("company.incumbent_relationship", "Firm", "strong"),
        ("company.incumbent_relationship", "none", "none"),
    ],
)
def test_choices_are_known_by_other_words(key: str, word: str, stored: str) -> None:
    assert BY_KEY[key].read(word) == stored


def test_the_panel_takes_one_query(
    rita: Lead, ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    say(rita, ana, buying="central", politics="Quiet", own_driver="Peace")
    lead = Lead.objects.select_related("company").get()
    with django_assert_num_queries(1):
        assert [line.who for line in panel(lead).lines if line.raw] == ["Ana"] * 3
