"""A company is shared by leads of several teams: who may edit it, and how the others learn of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from leads import services
from leads.facts import CompanyFacts, LeadFacts
from leads.models import ChangedLead, Company, Lead
from tests.access import MOVED, NOT_FOUND
from tests.factories import TeamFactory, UserFactory
from users.models import Role, User

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(name="Ana", team=TeamFactory(name="North"))


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory(name="Ben", team=TeamFactory(name="South"))


def add(name: str, by: User, **company: Any) -> Lead:
    facts = LeadFacts(name=name, company=CompanyFacts(name="Acme", **company))
    return services.create_lead(facts=facts, by=by, now=NOW)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def edit(person: User, lead: Lead, **fields: str) -> Any:
    data = {"name": lead.name, "company_name": "Acme", **fields}
    return as_(person).post(reverse("leads:edit", args=[lead.pk]), data)


def timeline(person: User, lead: Lead) -> str:
    return as_(person).get(reverse("leads:timeline", args=[lead.pk])).content.decode()


def test_a_rep_edits_the_company_of_an_own_lead_and_the_other_team_sees_who_did(ana: User, ben: User) -> None:
    own, foreign = add("Rita", ana, employees=20), add("Tom", ben)
    assert edit(ana, own, company_employees="200", company_industry="Tools").status_code == MOVED
    assert Company.objects.get().employees == 200
    seen = timeline(ben, foreign)
    assert "Facts of Acme changed" in seen
    assert "employees 20 → 200" in seen
    assert "industry – → Tools" in seen
    assert "Ana" in seen


def test_a_colleague_of_the_team_edits_it_too(ana: User) -> None:
    lead, colleague = add("Rita", ana), UserFactory(name="Cleo", team=ana.team)
    assert edit(colleague, lead, company_employees="30").status_code == MOVED
    assert "Cleo" in timeline(ana, lead)


def test_a_lead_of_another_team_is_no_way_to_its_company(ana: User, ben: User) -> None:
    foreign = add("Tom", ben, employees=20)
    assert edit(ana, foreign, company_employees="200").status_code == NOT_FOUND
    assert Company.objects.get().employees == 20


def test_the_change_is_audited_with_both_values_and_all_leads_are_judged_anew(ana: User, ben: User) -> None:
    own, foreign = add("Rita", ana, employees=20), add("Tom", ben)
    ChangedLead.objects.all().delete()
    edit(ana, own, company_employees="200")
    entry = AuditEntry.objects.get(action="company.update")
    assert (entry.actor, entry.target_id, entry.detail) == (ana, own.company_id, {"fields": ["employees"]})
    assert [(each.before, each.after) for each in entry.values.all()] == [("20", "200")]
    assert set(ChangedLead.objects.values_list("lead_id", flat=True)) == {own.pk, foreign.pk}


def test_saving_without_a_change_of_the_company_tells_nothing(ana: User) -> None:
    lead = add("Rita", ana, employees=20)
    edit(ana, lead, company_employees="20", title="CTO")
    assert not AuditEntry.objects.filter(action="company.update").exists()


def test_one_lead_by_a_program_is_told_like_an_edit(ana: User) -> None:
    marketer, lead = UserFactory(name="Mia", role=Role.MARKETER), add("Rita", ana, employees=20)
    Lead.objects.filter(pk=lead.pk).update(email="r@a.test", email_folded="r@a.test")
    facts = LeadFacts(email="r@a.test", company=CompanyFacts(name="Acme", employees=50))
    services.upsert_lead(facts=facts, by=marketer, now=NOW)
    assert "employees 20 → 50" in timeline(ana, lead)


def test_an_import_counts_the_companies_that_it_changed(ana: User) -> None:
    add("Rita", ana, employees=20)
    rows = [LeadFacts(name=f"L{n}", company=CompanyFacts(name="Acme", employees=50)) for n in range(3)]
    services.upsert_leads(rows=rows, by=ana, now=NOW)
    assert not AuditEntry.objects.filter(action="company.update").exists()
    assert AuditEntry.objects.get(action="leads.import").detail["companies"] == 1
