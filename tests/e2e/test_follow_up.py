"""From the rep's desk to the manager's and back to marketing: decisions, clocks and reasons."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from feedback.models import Assignment
from feedback.services.sla import sweep
from tests.e2e.conftest import Visits
from tests.e2e.pages import sign_in
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned, judge, make_lead
from users.models import Role

pytestmark = pytest.mark.e2e
WORDS = "Bought from a competitor last week, asks us to call again in spring."


def busiest(manager: Page) -> str:
    """The first name of the rep with the most undecided leads."""
    manager.goto("/queue/")
    cells = manager.get_by_role("region", name="Undecided leads").locator(
        "td:nth-child(4) > .cut:first-child"
    )
    (name, _count), *_ = Counter(cells.all_inner_texts()).most_common(1)
    return name.split()[0].lower()


def test_a_rejection_reaches_marketing_in_the_reps_words(visit: Visits) -> None:
    manager, marketer = visit("samuel"), visit("jonas")
    rep = visit(busiest(manager))
    rep.goto("/queue/")
    who = rep.locator(".opened-who h2").inner_text()
    rep.keyboard.press("r")
    rep.get_by_role("radio", name=re.compile("^Other")).check()
    rep.keyboard.press("Enter")
    expect(rep.get_by_text("needs a few words")).to_be_visible()
    rep.keyboard.press("t")
    rep.keyboard.type(WORDS)
    rep.get_by_role("button", name="Reject lead").click()
    expect(rep.get_by_text(f"Rejected {who}. Marketing sees the reason.")).to_be_visible()
    marketer.goto("/reasons/")
    row = marketer.get_by_role("region", name="Rejected leads").locator("tr", has_text=WORDS)
    expect(row).to_contain_text(who)
    expect(row).to_contain_text("Other")
    row.get_by_role("button", name="Mark as seen").click()
    expect(row).to_contain_text("Seen by Jonas Hartwig")
    expect(row.get_by_role("button")).to_have_count(0)


def test_an_accepted_lead_is_qualified_and_won_with_its_amount(visit: Visits) -> None:
    manager = visit("samuel")
    rep = visit(busiest(manager))
    rep.goto("/queue/")
    who = rep.locator(".opened-who h2").inner_text()
    rep.keyboard.press("l")
    rep.keyboard.press("1")
    expect(rep.get_by_text(f"Logged for {who}.")).to_be_visible()
    rep.keyboard.press("a")
    expect(rep.get_by_text(f"Accepted {who}.")).to_be_visible()
    rep.goto("/accepted/")
    row = rep.get_by_role("region", name="Accepted leads").locator("tr", has_text=who)
    row.get_by_role("button", name=f"{who} is qualified").click()
    expect(row.get_by_text("Qualified", exact=True)).to_be_visible()
    row.get_by_role("button", name=f"Won {who}").click()
    rep.get_by_label("Amount").filter(visible=True).fill("12,500.50")
    rep.get_by_role("button", name="Mark as won").filter(visible=True).click()
    expect(rep.get_by_text(re.compile(rf"Won {re.escape(who)}: €12,500"))).to_be_visible()
    expect(row).to_have_count(0)


def assert_leads_to_its_rows(page: Page, link: Locator) -> None:
    """The figure is the number of rows that it leads to; a lead's time may run out between the pages."""
    for is_last in (False, True):
        page.goto("/sla/")
        figure = int(link.inner_text())
        link.click()
        page.wait_for_url("**/sla/leads/**")
        expect(page.get_by_role("heading", level=1)).to_have_text("Leads behind the figures")
        rows = page.locator("main tbody tr").count()
        if figure == rows:
            return
        assert not is_last, f"{figure} led to {rows} rows"


def test_every_figure_of_the_manager_leads_to_its_rows(visit: Visits) -> None:
    page = visit("samuel")
    for label in ("At risk", "Overdue", "Never touched"):
        assert_leads_to_its_rows(page, page.get_by_role("link", name=re.compile(f"^{label}: ")))
    grades = page.get_by_role("region", name="Compliance and delays by grade")
    assert_leads_to_its_rows(page, grades.locator("tbody tr").first.locator("a").first)


def test_the_page_stays_fresh_and_leaves_an_opened_table_open(visit: Visits) -> None:
    page = visit("samuel")
    page.goto("/sla/")
    table = page.locator("#sla-period figure").first
    expect(table.locator("canvas")).to_be_visible()
    table.locator("summary").click()
    for part, element in (("now", "#sla-now"), ("period", "#sla-period")):
        with page.expect_response(lambda answer, part=part: f"/sla/{part}/" in answer.url) as unchanged:  # type: ignore[misc]
            page.evaluate(
                "where => htmx.trigger(document.querySelector(where), 'refresh')", f"{element} > div"
            )
        assert unchanged.value.status == 304
    page.evaluate("document.querySelector('#sla-period > div').setAttribute('hx-headers', '{}')")
    with page.expect_response(lambda answer: "/sla/period/" in answer.url) as drawn:
        page.evaluate("htmx.trigger(document.querySelector('#sla-period > div'), 'refresh')")
    assert drawn.value.status == 200
    expect(page.locator("#sla-period figure").first.locator("canvas")).to_be_visible()
    expect(page.locator("#sla-period figure").first.locator("table")).to_be_visible()


def test_a_manager_reassigns_from_behind_a_figure(visit: Visits) -> None:
    page = visit("samuel")
    page.goto("/sla/leads/?show=open")
    row = page.locator("main tbody tr", has=page.get_by_role("checkbox")).first
    who = row.locator("a.row-link").inner_text()
    owner = row.locator("td").nth(2).inner_text()
    row.get_by_role("checkbox").check()
    to = "Robert Keller" if owner != "Robert Keller" else "Sabine Vogt"
    page.get_by_label("Assign to").select_option(label=f"{to}, Team Berlin")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text(f"Assigned 1 lead to {to}.")).to_be_visible()
    moved = page.locator("main tbody tr", has_text=who)
    expect(moved.locator("td").nth(2)).to_have_text(to)
    theirs = visit(to.split()[0].lower())
    theirs.goto("/queue/")
    expect(theirs.get_by_role("main")).to_contain_text(who)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_followed_up_is_flagged_to_owner_and_manager(page: Page) -> None:
    active_version()
    rep, manager = UserFactory(name="Ana"), UserFactory(role=Role.SALES_MANAGER)
    lead = make_lead(1, name="Johanna Klein")
    judge(lead)
    assigned(rep, lead, at=timezone.now() - timedelta(days=8))
    for person in (rep, manager):
        sign_in(page, person)
        page.goto("/notices/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
        expect(page.get_by_text("is overdue")).to_have_count(0)
    sweep(now=timezone.now())  # as the beat has a worker do
    for person, whose in ((rep, ""), (manager, f" by {rep}")):
        sign_in(page, person)
        page.goto("/notices/")
        expect(page.get_by_text(f"Johanna Klein: the first response{whose} is overdue")).to_be_visible()
    page.goto("/sla/")
    overdue = page.get_by_role("link", name="Overdue: 1")
    overdue.click()
    expect(page.locator("main tbody tr")).to_contain_text("Johanna Klein")
    expect(page.locator("main tbody tr")).to_contain_text("overdue")
    assert Assignment.objects.get().owner == rep
