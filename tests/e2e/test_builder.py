"""The condition builder in a real browser: by keyboard alone, without scripts, at every width."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from leads.models import Activity, Lead
from tests.e2e.pages import assert_fit, sign_in
from tests.factories import UserFactory
from users.models import Role

pytestmark = [pytest.mark.e2e, pytest.mark.urls("tests.e2e.builder_page")]
NESTED = {
    "all": [
        {"field": "lead.title", "op": "matches_any", "value": ["*director*", "*vp*"]},
        {"not": {"field": "company.revenue", "op": "between", "value": [1_000_000, 5_000_000]}},
        {
            "any": [
                {
                    "activity": {"kind": ["page_view", "form"], "detail": "*price*"},
                    "at_least": 2,
                    "within_days": 30,
                },
                {"field": "bant.timeframe.purchase_on", "op": "within_next_days", "value": 90},
                {"field": "lead.country", "op": "in", "value": ["DE", "FR"]},
                {"field": "bant.budget.level", "op": "at_least", "value": "partial"},
            ]
        },
    ]
}
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"


@pytest.fixture
def builder(page: Page, live_server: LiveServer) -> Page:
    """The builder's page, open for a marketer; three directors, one of whom downloaded something."""
    sign_in(page, UserFactory(role=Role.MARKETER))
    leads = [Lead.objects.create(name=f"Lead {place}", title="Director") for place in range(3)]
    Activity.objects.create(lead=leads[0], kind="download", detail="guide.pdf", at_epoch=0, day=0)
    page.goto("/builder-page/")
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    for _ in range(80):
        if page.evaluate(FOCUSED) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to “{name}”; it is at “{page.evaluate(FOCUSED)}”.")


def focus_comes_to(page: Page, name: str) -> None:
    """Wait until what is called so has the focus, as after a fragment was swapped in."""
    page.wait_for_function(f"name => ({FOCUSED}) === name", arg=name)


def ask(page: Page, number: str, search: str) -> None:
    """Choose a field by typing a part of its name; the focus stays there."""
    focus_comes_to(page, f"What to ask, {number}")
    page.keyboard.type(search)
    page.evaluate("document.querySelector('.builder').dataset.isOld = ''")
    page.keyboard.press("Enter")
    page.wait_for_selector(".builder:not([data-is-old])")
    focus_comes_to(page, f"What to ask, {number}")


def test_a_nested_condition_is_built_by_keyboard_alone(builder: Page) -> None:
    page = builder
    tab_to(page, "What to ask, 1")
    ask(page, "1", "job tit")
    tab_to(page, "Value: Job title contains, 1")
    page.keyboard.type("director")
    expect(page.get_by_text("Job title contains “director”", exact=True)).to_be_visible()
    expect(page.locator(".builder-counted")).to_have_text("3 of 3 leads")
    expect(page.locator("#announcer")).to_have_text("3 of 3 leads")

    tab_to(page, "Add a group")
    page.keyboard.press("Enter")
    focus_comes_to(page, "What to ask, 2.1")
    expect(page.locator("#announcer")).to_contain_text("Group added")
    ask(page, "2.1", "employ")
    tab_to(page, "Value: Employees is at least, 2.1")
    page.keyboard.type("2,000")

    tab_to(page, "Add a condition, 2")
    page.keyboard.press("Enter")
    ask(page, "2.2", "downloads")
    tab_to(page, "Which activities, 2.2")
    page.keyboard.press("Enter")
    tab_to(page, "Search the choices")
    page.keyboard.type("downl")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_text("whose file is like")).to_be_visible()
    page.keyboard.press("Escape")
    focus_comes_to(page, "Which activities, 2.2")
    words = "Job title contains “director” and (Employees is at least 2,000 or at least 1 download)"
    expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator(".builder-counted")).to_have_text("1 of 3 leads")

    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).not_to_be_empty()
    saved = json.loads(page.locator("#saved").inner_text())
    assert saved == {
        "all": [
            {"field": "lead.title", "op": "contains", "value": "director"},
            {
                "any": [
                    {"field": "company.employees", "op": "gte", "value": 2000},
                    {"activity": {"kind": "download"}, "at_least": 1},
                ]
            },
        ]
    }


def test_after_a_removal_and_a_move_the_focus_stays_near(builder: Page) -> None:
    page = builder
    page.goto(f"/builder-page/?tree={quote(json.dumps(NESTED))}")
    tab_to(page, "Move condition down, 1")
    page.keyboard.press("Enter")
    focus_comes_to(page, "Move condition down, 2")
    expect(page.locator("#announcer")).to_contain_text("Moved down: now 2 of 3.")
    tab_to(page, "Remove condition, 2")
    page.keyboard.press("Enter")
    focus_comes_to(page, "How many must hold, 2")
    expect(page.locator("#announcer")).to_contain_text("Condition removed. 2 left here.")


def test_what_cannot_be_read_is_said_at_its_input_while_one_types(builder: Page) -> None:
    page = builder
    tab_to(page, "What to ask, 1")
    ask(page, "1", "employ")
    value = page.get_by_label("Value: Employees is at least, 1")
    value.fill("many")
    expect(value).to_have_accessible_description("“Employees” needs a number, not “many”.")
    expect(value).to_have_attribute("aria-invalid", "true")
    value.fill("12")
    expect(value).to_have_accessible_description("")
    page.get_by_label("Value: Employees is at least, 1").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(value).to_have_value("many")
    expect(value).to_have_attribute("aria-invalid", "true")


def test_choices_are_searched_and_come_with_counts(builder: Page) -> None:
    page = builder
    for country in ("DE", "DE", "DE", "FR"):
        Lead.objects.create(name="Anna", country=country)
    page.goto(f"/builder-page/?tree={quote(json.dumps(NESTED))}")
    page.get_by_label("Value: Country is one of, 3.3").click()
    expect(page.get_by_text("Germany 3")).to_be_visible()
    page.get_by_label("Search the choices").last.fill("osterr")
    page.get_by_label("Search the choices").last.fill("austr")
    page.get_by_role("checkbox", name="Austria").check()
    expect(page.get_by_label("Value: Country is one of, 3.3").locator("span span")).to_have_text(
        ["Germany", "France", "Austria"]
    )
    expect(page.locator(".builder-sentence")).to_contain_text("Country is Germany, France or Austria")


def test_everything_works_without_scripts(plain: Page) -> None:
    page = plain
    sign_in(page, UserFactory(role=Role.MARKETER))
    page.goto("/builder-page/")
    page.get_by_label("What to ask, 1").select_option(label="Employees")
    page.get_by_role("button", name="Update").click()
    page.get_by_label("Value: Employees is at least, 1").fill("1,000")
    page.get_by_role("button", name="Add a group").click()
    page.get_by_label("What to ask, 2.1").select_option(label="Country")
    page.get_by_role("button", name="Update").nth(1).click()
    page.get_by_label("Value: Country is one of, 2.1").click()
    page.get_by_role("checkbox", name="Germany").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saved")).not_to_be_empty()
    saved = json.loads(page.locator("#saved").inner_text())
    assert saved["all"][0] == {"field": "company.employees", "op": "gte", "value": 1000}
    assert saved["all"][1] == {"any": [{"field": "lead.country", "op": "in", "value": ["DE"]}]}


def test_enter_in_an_input_saves_and_presses_no_other_button(builder: Page) -> None:
    page = builder
    page.goto(f"/builder-page/?tree={quote(json.dumps(NESTED))}")
    page.get_by_label(re.compile("Value: Planned purchase")).press("Enter")
    expect(page.locator("#saved")).to_contain_text('{"all":')
    assert json.loads(page.locator("#saved").inner_text()) == NESTED


def test_the_builder_has_no_barrier_at_any_width_in_any_colour(builder: Page) -> None:
    builder.goto(f"/builder-page/?tree={quote(json.dumps(NESTED))}")
    expect(builder.locator(".builder-counted")).to_contain_text("of 3 leads")
    assert_fit(builder)
