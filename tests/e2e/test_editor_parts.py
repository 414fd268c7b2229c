"""A draft's parts are changed in the drawer: bands, matrix, reasons, terms, conditions, commitments."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import assert_accessible, in_colours

pytestmark = pytest.mark.e2e


def draft(page: Page) -> str:
    """The editor of a draft, made now if there is none; its address."""
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/"))  # loaded whole: rows are counted at once
    return page.url


def section(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def drawer(page: Page) -> Locator:
    return page.locator("#drawer")


def opened(page: Page, name: str, verb: str = "Edit") -> Locator:
    """The drawer with the form of a part."""
    section(page, name).get_by_role("link", name=re.compile(f"^{verb}")).first.click()
    expect(drawer(page).get_by_role("button", name="Save", exact=True).last).to_be_visible()
    return drawer(page)


def save(page: Page) -> None:
    drawer(page).get_by_role("button", name="Save", exact=True).last.click()
    expect(drawer(page)).to_be_hidden()


@pytest.fixture
def editor(visit: Visits) -> Page:
    page = visit("jonas")
    draft(page)
    return page


def test_raising_a_floor_moves_the_edge_of_both_bands(editor: Page) -> None:
    form = opened(editor, "grades")
    form.get_by_label("A begins at").fill("66")
    expect(form.locator(".bands-legend")).to_contain_text("66 or more")
    expect(form.locator(".bands-legend")).to_contain_text("45 to 65")
    form.get_by_label("B begins at").fill("70")
    expect(form.get_by_text("B must begin below A, which begins at 66.")).to_be_visible()
    form.get_by_role("button", name="Save", exact=True).last.click()
    expect(form.locator(".field.is-wrong")).to_have_count(1)
    form.get_by_label("B begins at").fill("45")
    save(editor)
    expect(section(editor, "grades")).to_contain_text("45 to 65")
    expect(editor.locator(".steps li").first).to_contain_text("A begins at 60 → 66")
    editor.get_by_role("button", name="Undo").click()
    expect(section(editor, "grades")).to_contain_text("45 to 59")


def test_the_matrix_takes_the_place_of_the_bands_and_gives_it_back(editor: Page) -> None:
    form = opened(editor, "grades")
    form.get_by_label("A begins at").fill("64")
    form.get_by_role("radio", name="Fit and engagement").check()
    expect(form.get_by_label("A begins at")).to_be_hidden()
    cell = form.get_by_label("Grade for the second part of fit, the first of engagement")
    cell.select_option("B")
    form.get_by_role("radio", name="The total").check()
    expect(form.get_by_label("A begins at")).to_have_value("64")
    form.get_by_role("radio", name="Fit and engagement").check()
    expect(cell).to_have_value("B")
    in_colours(editor, "light")
    assert_accessible(editor)
    save(editor)
    expect(section(editor, "grades")).to_contain_text("fit and engagement")
    expect(section(editor, "grades").locator("td.cell").nth(4)).to_have_text("B")
    form = opened(editor, "grades")
    form.get_by_role("radio", name="The total").check()
    save(editor)
    expect(section(editor, "grades")).to_contain_text("64 or more")


def test_a_reason_is_added_moved_and_deleted_and_comes_back(editor: Page) -> None:
    rows = section(editor, "reasons").locator("li")
    count = rows.count()
    form = opened(editor, "reasons", "Add")
    form.get_by_label("Reason").fill("Budget was cut")
    form.get_by_label("Speaks against").select_option("budget")
    form.get_by_label("Criterion").select_option(label="Budget is planned")
    form.get_by_label("Suggested points").fill("-3")
    save(editor)
    expect(rows).to_have_count(count + 1)
    expect(rows.last).to_contain_text("Speaks against budget, “Budget is planned”.")
    rows.last.get_by_label("More for “Budget was cut”").click()
    rows.last.get_by_role("button", name="Move up").click()
    expect(rows.nth(count - 1)).to_contain_text("Budget was cut")
    rows.nth(count - 1).get_by_label("More for “Budget was cut”").click()
    rows.nth(count - 1).get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(count)
    editor.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(count + 1)


def test_a_term_for_a_source_has_a_ladder_of_its_own(editor: Page) -> None:
    form = opened(editor, "terms", "Add")
    form.get_by_label("Source").fill("Webinar")
    form.get_by_label("Response in").fill("30")
    form.get_by_label("Unit of the response").select_option("minutes")
    form.get_by_label("Step 3, percent of the time").fill("150")
    form.get_by_label("Step 3 tells the manager").check()
    save(editor)
    row = section(editor, "terms").locator("li", has_text="from Webinar")
    expect(row).to_contain_text("Response in 30 working minutes")
    expect(row).to_contain_text("at 150 % of the time the manager")


def test_a_disqualifier_is_built_and_counted(editor: Page) -> None:
    form = opened(editor, "disqualifiers", "Add")
    form.get_by_label("Name").fill("Works for us")
    form.get_by_role("combobox", name=re.compile("^What to ask")).fill("Employees")
    form.get_by_role("option", name=re.compile("^Employees")).first.click()
    form.locator("[name=disqualifier_condition-0-value]").fill("20,000")
    expect(form.get_by_text(re.compile(r"of [\d,]+ leads"))).to_be_visible()
    save(editor)
    expect(section(editor, "disqualifiers")).to_contain_text("Works for us")


def test_both_sides_owe_something(editor: Page) -> None:
    form = opened(editor, "commitments")
    form.get_by_label("In all").fill("50")
    form.get_by_label("Grade A").fill("60")
    form.get_by_role("button", name="Save", exact=True).last.click()
    expect(form.get_by_text("The grades add up to")).to_be_visible()
    form.get_by_label("Grade A").fill("20")
    form.get_by_label("Followed up in time").fill("95")
    save(editor)
    expect(section(editor, "commitments")).to_contain_text("50 a month")
    expect(section(editor, "commitments")).to_contain_text("95 %")


def test_the_caps_show_how_the_points_are_shared_as_they_are_typed(editor: Page) -> None:
    editor.get_by_role("link", name="Edit the caps").click()
    form = drawer(editor)
    form.get_by_label("Budget").fill("25")
    expect(form.get_by_text("that is 10 too many")).to_be_visible()
    save(editor)
    expect(section(editor, "caps")).to_contain_text("10 too many")


def test_two_people_change_one_part_and_both_texts_are_shown(visit: Visits) -> None:
    jonas, leila = visit("jonas"), visit("leila")
    address = draft(jonas)
    leila.goto(address)
    form = opened(leila, "gate")
    mine = opened(jonas, "gate")
    mine.get_by_label("Least grade").select_option("A")
    save(jonas)
    form.get_by_label("Least grade").select_option("C")
    form.get_by_role("button", name="Save", exact=True).last.click()
    expect(form.get_by_text("Somebody changed what sales-ready needs")).to_be_visible()
    expect(form.get_by_role("row", name="Least grade C A")).to_be_visible()
    save(leila)
    expect(section(leila, "gate")).to_contain_text("Grade C or better")


def test_every_part_is_changed_without_scripts(visit: Visits) -> None:
    page = visit("leila", scripts=False)
    draft(page)
    section(page, "grades").get_by_role("link", name="Edit").click()
    page.get_by_label("C begins at").fill("28")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(section(page, "grades")).to_contain_text("28 to")
    section(page, "gate").get_by_role("link", name="Edit").click()
    page.get_by_label("BANT dimensions").select_option("2")
    page.get_by_role("button", name=re.compile("^Add a condition")).first.click()
    expect(page.get_by_label("BANT dimensions")).to_have_value("2")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(section(page, "gate")).to_contain_text("2 of the 4 BANT dimensions")


def test_a_moment_to_count_from_is_part_of_the_proposal(visit: Visits) -> None:
    page = visit("leila")
    address = draft(page)
    opened(page, "commitments").get_by_label("Decided in time").fill("83")
    save(page)
    page.goto(address.split("edit/")[0] + "propose/")
    page.get_by_label("Why should both teams want this?").fill("So that both know.")
    page.get_by_label("Counts from").fill("2020-01-01T08:00")
    page.get_by_role("button", name=re.compile("^Propose version")).click()
    expect(page.get_by_text("This moment is past")).to_be_visible()
    expect(page.get_by_label("Counts from")).to_have_value("2020-01-01T08:00")
