"""The agreement changes hands: drafted, argued over, signed by both sides, in force, and rolled back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import assert_fit, reload_until

pytestmark = pytest.mark.e2e
WHY = "Too many leads were an A that sales did not call one."
SIGN = re.compile("^(Sign|Confirm) for")


def changed(page: Page, by: int) -> None:
    """The first criterion of the open draft gets other points, saved at once."""
    page.wait_for_url(re.compile("/edit/$"))
    points = page.locator("input[name=points]").first
    points.fill(str(int(points.input_value()) + by))
    points.press("Enter")
    expect(page.locator(".steps li").first).to_contain_text("Points of")


def proposed(page: Page, why: str = WHY) -> str:
    """The address where the open draft, now proposed, is signed."""
    page.get_by_role("link", name=re.compile("^Propose version")).click()
    page.wait_for_url(re.compile("/propose/$"))
    page.get_by_role("button", name=re.compile("^Propose version")).click()
    expect(page.locator(".is-wrong").first.or_(page.locator(":invalid").first)).to_be_attached()
    page.get_by_label("Why should both teams want this?").fill(why)
    page.get_by_role("button", name=re.compile("^Propose version")).click()
    page.wait_for_url(re.compile(r"/definition/versions/\d+/sign/$"))
    return page.url


def said(page: Page, text: str) -> Locator:
    return page.locator("#discussion .comment").filter(has_text=text)


def object_to(page: Page, address: str, text: str) -> None:
    page.goto(address)
    page.get_by_label("Comment").fill(text)
    page.get_by_label("This is an objection").check()
    page.locator("#discussion").get_by_role("button", name="Comment").click()
    expect(said(page, text[:20])).to_contain_text("Objection")
    page.wait_for_load_state()


def signs(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_role("button", name=SIGN)).to_have_count(0)


def comes_into_force(page: Page, number: int) -> None:
    """Workers judge all leads first."""
    state = page.get_by_text(re.compile(f"Version {number}, active since .* signed by"))
    page.goto("/definition/")
    reload_until(page, state)


def test_both_teams_change_what_they_agreed(visit: Visits) -> None:
    marketer, marketing, sales = visit("jonas"), visit("marta"), visit("samuel")
    rep, mediator = visit("robert"), visit("miriam")
    marketer.goto("/definition/")
    marketer.get_by_role("button", name="Draft a change").click()
    changed(marketer, by=-9)
    first = proposed(marketer)
    expect(marketer.get_by_role("button", name=SIGN)).to_have_count(0)

    sales.goto("/notices/")
    sales.get_by_role("button", name=re.compile("waits for signatures")).first.click()
    sales.wait_for_url(first)
    expect(sales.get_by_text(WHY)).to_be_visible()
    sales.get_by_label("What should be different?").fill("Nine points are too many.")
    sales.locator("#ask").get_by_role("button", name="Ask for changes").click()
    expect(said(sales, "Nine points are too many.")).to_contain_text("Asks for changes")
    expect(sales.get_by_role("button", name=SIGN)).to_have_count(0)

    marketer.goto(first.replace("/sign/", "/"))
    marketer.get_by_role("button", name="Draft a change").click()
    changed(marketer, by=5)
    second = proposed(marketer, "Four points less are enough, says sales.")

    object_to(rep, second, "@Leila, my region asks for budgets last. @Miriam?")
    expect(rep.get_by_text("Told: Leila Haddad, Miriam Adler.")).to_be_visible()
    marketing.goto(second)
    expect(marketing.get_by_text("It can’t be signed while an objection is open.")).to_be_visible()
    expect(marketing.get_by_role("button", name=SIGN)).to_have_count(0)
    mediator.goto(second)
    mediator.get_by_text("Overrule", exact=True).first.click()
    mediator.get_by_label("Why it is overruled").fill("Tried for a month, then we look again.")
    mediator.get_by_role("button", name="Overrule").click()
    expect(said(mediator, "my region")).to_contain_text("Overruled by Miriam Adler")

    signs(marketing, second)
    signs(sales, second)
    comes_into_force(sales, 3)
    sales.goto("/leads/?score.grade=A")
    sales.locator(".lead-table a.row-link").first.click()
    expect(sales.get_by_text(re.compile(r"\bv3\b|Version 3")).first).to_be_visible()
    sales.goto("/definition/versions/")
    history = sales.get_by_role("main")
    expect(history).to_contain_text("1 proposal that came to nothing: version 2")
    expect(history).to_contain_text("objected: Robert Keller (overruled)")


def test_both_managers_roll_back_in_an_emergency(visit: Visits) -> None:
    marketing, sales = visit("marta"), visit("samuel")
    sales.goto("/definition/versions/")
    sales.get_by_role("link", name="Roll back to it").last.click()
    sales.wait_for_url(re.compile("/roll-back/"))
    assert_fit(sales)
    sales.get_by_role("button", name="Start an emergency rollback").click()
    expect(sales.locator(":invalid").first).to_be_attached()
    sales.get_by_label("Why should it count again?").fill("Nobody gets a lead any more.")
    sales.get_by_role("button", name="Start an emergency rollback").click()
    sales.wait_for_url(re.compile("/sign/$"))
    expect(sales.get_by_role("button", name=SIGN)).to_have_count(0)
    assert_fit(sales)
    signs(marketing, sales.url)
    comes_into_force(marketing, 4)
    marketing.goto("/definition/versions/")
    expect(marketing.get_by_role("main")).to_contain_text("Emergency rollback to version 1")
    assert_fit(marketing)


def test_people_are_offered_while_a_name_is_typed(visit: Visits) -> None:
    page = visit("leila")
    page.goto("/definition/")
    page.get_by_role("link", name="Discussion").click()
    page.wait_for_url(re.compile("/discussion/$"))
    page.get_by_label("Comment").press_sequentially("Look, @Mar")
    page.get_by_role("checkbox", name=re.compile("Marta Lorenz")).check()
    page.locator("#discussion").get_by_role("button", name="Comment").click()
    expect(page.get_by_text("Told: Marta Lorenz.")).to_be_visible()
    comment = said(page, "Look, @Mar")
    comment.get_by_text("Settle", exact=True).first.click()
    assert_fit(page)
    comment.get_by_role("button", name="Settle").click()
    expect(comment).to_contain_text("Resolved by Leila Haddad")


def test_the_discussion_and_the_glossary_work_without_scripts(visit: Visits) -> None:
    page = visit("samuel", scripts=False)
    page.goto("/definition/")
    page.get_by_role("link", name="Discussion").click()
    page.wait_for_url(re.compile("/discussion/$"))
    page.get_by_label("Comment").fill("No scripts here.")
    page.get_by_label("About").select_option(index=1)
    page.locator("#discussion").get_by_role("button", name="Comment").click()
    expect(said(page, "No scripts here.")).to_be_visible()
    page.goto("/definition/glossary/")
    page.get_by_role("link", name=re.compile("^Name Handoff")).click()
    page.get_by_label("You call it").fill("Pass")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#term-handoff")).to_contain_text("Pass")
