"""Two definitions side by side: which one judges a lead, and what a lead that none judges is told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alignment import services as alignment
from alignment.models import Version
from alignment.shipped import BANT, MEDDIC
from leads.models import Company, Lead
from scoring import services
from scoring.querysets import live_scores
from tests.alignment.test_checking import broken_version
from tests.factories import UserFactory
from tests.scoring.world import NOW
from users.models import Role, User

pytestmark = pytest.mark.django_db
LARGE = {"field": "company.employees", "op": "gte", "value": 1_000}
SMALL = {"field": "company.employees", "op": "lt", "value": 50}


def lead(employees: int) -> Lead:
    company = Company.objects.create(name=f"Firm of {employees}", employees=employees)
    return Lead.objects.create(name=f"Of {employees}", company=company, title="Director", email="a@firm.test")


@pytest.fixture
def leads() -> tuple[Lead, Lead, Lead]:
    """One of a small firm, one of a middling one, one of a large one."""
    return lead(20), lead(300), lead(4_000)


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


def go_live() -> None:
    assert services.activate_due(now=NOW)
    while services.build_range(now=NOW):
        pass
    assert services.finish_build(now=NOW)


def agree(draft: Version, managers: tuple[User, User], scope: Any) -> Version:
    """Both sides sign ``draft`` for the leads in ``scope``, and it comes into force."""
    Version.objects.filter(pk=draft.pk).update(scope=scope)
    by = UserFactory(role=Role.MARKETER)
    alignment.propose(version_id=draft.pk, revision=draft.revision, reason="For them.", by=by, now=NOW)
    for manager in managers:
        alignment.sign(version_id=draft.pk, by=manager, now=NOW)
    go_live()
    return Version.objects.get(pk=draft.pk)


def start(name: str, before: Version | None = None) -> Version:
    template = MEDDIC if name == "Enterprise" else BANT
    return alignment.start_definition(
        name=name,
        document=template.document,
        before=None if before is None else before.pk,
        by=UserFactory(role=Role.MARKETER),
        now=NOW,
    )


def versions_of(leads: tuple[Lead, ...]) -> list[str]:
    names = dict(live_scores().values_list("lead_id", "version__definition__name"))
    return [names[each.pk] or "" for each in leads]


def test_leads_move_to_a_second_definition_once_both_sides_have_signed_it(
    leads: tuple[Lead, ...], managers: tuple[User, User]
) -> None:
    first = alignment.install_template(by=None, now=NOW)
    go_live()
    assert versions_of(leads) == ["Sales-ready lead"] * 3
    draft = start("Enterprise", before=first)
    assert not services.activate_due(now=NOW)
    second = agree(draft, managers, LARGE)
    assert (first.position, second.position) == (10, 5)
    assert versions_of(leads) == ["Sales-ready lead", "Sales-ready lead", "Enterprise"]
    assert Version.objects.filter(status=Version.Status.ACTIVE).count() == 2


def test_a_definition_behind_one_for_all_leads_judges_nobody(
    leads: tuple[Lead, ...], managers: tuple[User, User]
) -> None:
    alignment.install_template(by=None, now=NOW)
    go_live()
    agree(start("Enterprise"), managers, LARGE)
    assert versions_of(leads) == ["Sales-ready lead"] * 3


@pytest.fixture
def apart(leads: tuple[Lead, ...], managers: tuple[User, User]) -> tuple[Lead, ...]:
    """Two definitions, for small and for large firms: nobody judges the one between."""
    agree(start("Small firms"), managers, SMALL)
    agree(start("Enterprise"), managers, LARGE)
    return leads


def test_a_lead_in_no_scope_has_no_grade(apart: tuple[Lead, ...]) -> None:
    assert versions_of(apart) == ["Small firms", "", "Enterprise"]
    score = live_scores().get(lead=apart[1])
    assert (score.grade, score.total, score.is_sales_ready) == (None, 0, False)


def test_a_lead_in_no_scope_says_so_on_its_page_and_in_the_list(apart: tuple[Lead, ...]) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETING_MANAGER))
    page = client.get(reverse("leads:lead", args=[apart[1].pk])).content.decode()
    assert "In no definition" in page
    assert "This lead is in no definition's scope" in page
    assert "In no definition" not in client.get(reverse("leads:lead", args=[apart[0].pk])).content.decode()
    assert client.get(reverse("leads:list")).content.decode().count("In no definition") == 1


def test_the_definition_page_has_a_tab_for_each(apart: tuple[Lead, ...]) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.REP))
    page = client.get(reverse("alignment:definition")).content.decode()
    assert 'aria-label="Definitions"' in page
    assert "Small firms" in page
    second = Version.objects.get(definition__name="Enterprise")
    shown = client.get(reverse("alignment:definition"), {"version": second.pk}).content.decode()
    assert "Grades by fit and engagement" in shown


def test_leads_are_judged_although_a_field_of_the_active_version_is_gone(leads: tuple[Lead, ...]) -> None:
    broken_version()
    services.judge_marked(now=NOW)
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETING_MANAGER))
    go_live()
    score = live_scores().get(lead=leads[0])
    assert (score.fit, score.need, score.grade) == (7, 0, "D")
    page = client.get(reverse("leads:lead", args=[leads[0].pk]))
    assert page.status_code == 200
    assert "This can no longer be read: a field of it is gone" in page.content.decode()
