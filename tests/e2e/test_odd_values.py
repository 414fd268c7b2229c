"""None, one and many rows; names of 300 characters without a gap, and such as read from right to left."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Notification, RepSettings
from feedback.services import decisions
from feedback.services.sla import sweep
from leads.models import Company, Lead
from tests.e2e.pages import NARROW, WIDE, assert_fit, at_width, sign_in
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned, judge, make_lead
from users.models import Role, Team, User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4
RIGHT_TO_LEFT = "مدير المشتريات في شركة الصناعات الثقيلة والإنشاءات المحدودة"
NAMES = (LONG[:200], RIGHT_TO_LEFT, "<b>&amp;</b>", "O’Neill-Ångström")

# What each role comes to, and what it says when there is nothing.
EMPTY = (
    (Role.REP, "/queue/", "Your queue is clear"),
    (Role.REP, "/queue/pool/", "The pool is empty"),
    (Role.REP, "/accepted/", "Nothing in work"),
    (Role.REP, "/notices/", "Nothing to tell"),
    (Role.MARKETER, "/leads/", "No leads yet"),
    (Role.MARKETER, "/definition/", "What is a sales-ready lead?"),
    (Role.MARKETER, "/reasons/", "Nothing was rejected"),
    (Role.SALES_MANAGER, "/queue/", "Nothing waits for a decision"),
    (Role.SALES_MANAGER, "/sla/", "Nobody has a lead to answer"),
    (Role.SALES_MANAGER, "/sla/leads/", "No lead is here"),
    (Role.SALES_MANAGER, "/hours/", "No calendar yet"),
    (Role.EXECUTIVE, "/scoreboard/", ""),
)


def narrow_and_wide(page: Page) -> None:
    for width in (NARROW, WIDE):
        at_width(page, width)


def test_a_company_that_has_nothing_yet_is_told_what_will_be_where(page: Page) -> None:
    people = {role: UserFactory(role=role) for role in {each[0] for each in EMPTY}}
    for role, address, says in EMPTY:
        sign_in(page, people[role])
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text(says)
        assert_fit(page)


@pytest.fixture
def rep(transactional_db: None) -> User:
    active_version()
    team = Team.objects.create(name="The team for everything between the Weser and the river Oder"[:60])
    rep = UserFactory(name=LONG[:120], team=team)
    RepSettings.objects.create(user=rep)
    return rep


@pytest.fixture
def odd(rep: User) -> list[Lead]:
    """Leads with odd names and values, each on the rep's desk, one of them accepted and one rejected."""
    found = []
    for number, name in enumerate(NAMES):
        company = Company.objects.create(name=f"{name} {LONG}"[:200], industry=LONG[:120])
        extra = {f"{LONG[:90]} {number}": LONG, "x": RIGHT_TO_LEFT}
        lead = make_lead(
            number,
            name=name,
            title=LONG[:200],
            company=company,
            source=LONG[:120],
            city=LONG[:120],
            extra=extra,
        )
        judge(lead)
        found.append(lead)
        row = assigned(rep, lead, at=timezone.now() - timedelta(weeks=1, days=number))
        if number == 1:
            decisions.accept(assignment=row, by=rep, now=timezone.now())
        if number == 2:
            reason = row.handoff.version.reasons.get(key="other").pk
            text = f"{LONG} {RIGHT_TO_LEFT}"
            decisions.reject(assignment=row, reason_id=reason, text=text, by=rep, now=timezone.now())
    return found


def test_odd_names_fit_wherever_they_are_shown(page: Page, rep: User, odd: list[Lead]) -> None:
    manager, marketer = UserFactory(role=Role.SALES_MANAGER), UserFactory(role=Role.MARKETER)
    sweep(now=timezone.now())
    assert Notification.objects.filter(user=manager, text__contains=LONG[:100]).exists()
    lead = f"/leads/{odd[0].pk}/"
    shown = {
        rep: ("/queue/", "/accepted/", "/notices/", lead, f"/leads/{odd[1].pk}/"),
        manager: ("/queue/", "/sla/", "/sla/leads/", "/hours/", "/notices/", "/accepted/"),
        marketer: ("/leads/", "/reasons/", f"{lead}edit/", f"{lead}answer/"),
        UserFactory(role=Role.ADMIN): ("/people/", f"/people/{rep.pk}/", "/people/teams/"),
    }
    for person, addresses in shown.items():
        sign_in(page, person)
        for address in addresses:
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            narrow_and_wide(page)
    sign_in(page, marketer)
    page.goto("/reasons/")
    expect(page.get_by_text("<b>&amp;</b>").first).to_be_visible()
    assert_fit(page)


def test_one_row_and_many_rows_fit(page: Page, rep: User) -> None:
    at, marketer = timezone.now(), UserFactory(role=Role.MARKETER)
    assigned(rep, make_lead(1), at=at)
    for person, address in ((rep, "/queue/"), (marketer, "/leads/")):
        sign_in(page, person)
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("1 ")
        narrow_and_wide(page)
    for number in range(2, 61):
        assigned(rep, make_lead(number), at=at)
    sign_in(page, rep)
    page.goto("/queue/")
    expect(page.get_by_text("60 undecided leads")).to_be_visible()
    expect(page.locator(".queue-rows > li")).to_have_count(60)
    narrow_and_wide(page)
    sign_in(page, marketer)
    page.goto("/leads/")
    expect(page.get_by_text("1–50 of 60 leads")).to_be_visible()
    narrow_and_wide(page)
