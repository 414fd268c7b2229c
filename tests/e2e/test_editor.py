"""A draft is edited in place: added to with the keyboard, put into order, undone, by two people."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import NARROW, assert_accessible, at_width, in_colours

pytestmark = pytest.mark.e2e
NEW = "Large and in Austria"


@pytest.fixture
def editor(visit: Visits) -> Iterator[Page]:
    """The editor of a fresh draft, which is discarded in the end."""
    page = visit("leila")
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/"))
    # The rail has asked: from here on a link opens the drawer and no page of its own.
    expect(page.get_by_text("No lead changes its grade")).to_be_visible()
    yield page
    page.goto(page.url.partition("?")[0].partition("#")[0])
    page.get_by_role("button", name="Discard", exact=True).click()
    page.get_by_role("button", name="Discard draft").click()
    page.wait_for_url(lambda address: "/edit/" not in address)  # else the next test may find the draft


def step(page: Page) -> Locator:
    """The last change, as the rail tells it."""
    return page.locator(".steps li").first


def keys(page: Page, dimension: str) -> list[str]:
    rows = page.locator(f"#{dimension} [data-key-of]").all()
    return [row.get_attribute("data-key-of") or "" for row in rows]


def row(page: Page, key: str) -> Locator:
    return page.locator(f"#criterion-{key}")


def choose(page: Page, item: str, key: str) -> None:
    """Pick ``item`` from the menu of a criterion."""
    row(page, key).locator("summary").click()
    row(page, key).get_by_role("button", name=item, exact=True).click()


def test_a_criterion_is_added_by_keyboard_alone(editor: Page) -> None:
    add = editor.locator("#fit").get_by_role("link", name="Add a criterion")
    add.focus()
    editor.keyboard.press("Enter")
    drawer = editor.locator("#drawer")
    expect(drawer.get_by_label("Name")).to_be_focused()
    editor.keyboard.type(NEW)
    editor.keyboard.press("Tab")
    expect(drawer.get_by_label("Dimension")).to_have_value("fit")
    editor.keyboard.press("Tab")
    editor.keyboard.press("ControlOrMeta+a")
    editor.keyboard.type("8")
    field = drawer.get_by_role("combobox", name="What to ask, 1")
    field.focus()
    editor.keyboard.type("Employees")
    editor.keyboard.press("Enter")
    value = drawer.locator("#condition-0-value")
    expect(value).to_be_visible()
    value.focus()
    editor.keyboard.press("ControlOrMeta+a")
    editor.keyboard.type("1000")
    effect = drawer.locator("#criterion-effect")
    expect(effect).to_contain_text("Employees")
    expect(effect).to_contain_text("+8")
    expect(effect).to_contain_text(re.compile(r"\d+ of \d+ leads match now"))
    in_colours(editor, "light")
    assert_accessible(editor)
    value.press("Enter")
    expect(drawer).to_be_hidden()
    expect(step(editor)).to_contain_text(f"Added “{NEW}”")
    expect(row(editor, "large_and_in_austria").get_by_role("link", name=NEW).first).to_be_focused()


def test_points_are_saved_when_the_field_is_left_and_undone_by_a_key(editor: Page) -> None:
    points = editor.get_by_label("Points for “Budget is planned”")
    points.fill("7")
    points.press("Tab")
    expect(step(editor)).to_contain_text("Points of “Budget is planned”: +9 → +7")
    editor.get_by_role("heading", level=1).click()
    editor.keyboard.press("z")
    expect(editor.locator("#toasts")).to_contain_text("Undid: Points of “Budget is planned”")
    expect(editor.get_by_label("Points for “Budget is planned”")).to_have_value("9")
    expect(editor.get_by_text("Nothing was changed yet")).to_be_visible()


def test_criteria_are_put_into_order_by_buttons_and_by_dragging(editor: Page) -> None:
    before = keys(editor, "budget")
    choose(editor, "Move down", before[0])
    expect(step(editor)).to_contain_text("to another place")
    assert keys(editor, "budget") == [before[1], before[0], *before[2:]]
    grip = row(editor, before[0]).locator("[data-grip]").bounding_box()
    target = row(editor, "title_decides").bounding_box()
    assert grip
    assert target
    editor.mouse.move(grip["x"] + 5, grip["y"] + 5)
    editor.mouse.down()
    editor.mouse.move(target["x"] + 60, target["y"] + 3, steps=10)
    editor.mouse.up()
    expect(step(editor)).to_contain_text("to Authority")
    assert before[0] not in keys(editor, "budget")
    assert keys(editor, "authority").index(before[0]) + 1 == keys(editor, "authority").index("title_decides")


def test_switched_off_copied_and_deleted_then_all_undone(editor: Page) -> None:
    switch = editor.get_by_role("switch", name="“Budget is planned” counts")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(switch).to_be_focused()
    choose(editor, "Copy", "budget_planned")
    expect(row(editor, "budget_is_planned_copy")).to_be_visible()
    choose(editor, "Delete", "budget_planned")
    expect(row(editor, "budget_planned")).to_have_count(0)
    undo = editor.get_by_role("button", name=re.compile("^Undo"))
    expect(undo).to_be_focused()
    for left in (2, 1):
        editor.keyboard.press("Enter")
        expect(editor.locator(".steps li")).to_have_count(left)
        expect(undo).to_be_focused()
    undo.click()
    expect(switch).to_have_attribute("aria-checked", "true")


def test_what_was_typed_is_not_lost_by_closing_or_by_another_person(editor: Page, visit: Visits) -> None:
    row(editor, "budget_planned").get_by_role("link", name="Budget is planned").first.click()
    drawer = editor.locator("#drawer")
    drawer.get_by_label("Name").fill("As I typed it")
    editor.keyboard.press("Escape")
    expect(drawer.get_by_text("What you typed isn’t saved.")).to_be_visible()
    drawer.get_by_role("button", name="Keep editing").click()
    other = visit("marta")
    other.goto(editor.url)
    points = other.get_by_label("Points for “Budget is planned”")
    points.fill("4")
    points.press("Enter")
    expect(step(other)).to_contain_text("+9 → +4")
    drawer.get_by_role("button", name="Save", exact=True).last.click()
    expect(drawer.get_by_text("Somebody changed “Budget is planned”")).to_be_visible()
    expect(drawer.get_by_role("row", name=re.compile("Name"))).to_contain_text("As I typed it")
    expect(drawer.get_by_role("row", name=re.compile("Points"))).to_contain_text("+4")
    drawer.get_by_role("button", name="Save", exact=True).last.click()
    expect(drawer).to_be_hidden()
    expect(row(editor, "budget_planned")).to_contain_text("As I typed it")


def test_an_activity_shows_what_is_left_with_age(editor: Page) -> None:
    editor.locator("#engagement").get_by_role("link", name="Webinars").first.click()
    drawer = editor.locator("#drawer")
    drawer.get_by_label("With age it").select_option("half_life")
    drawer.get_by_label("Days").fill("30")
    expect(drawer.locator("#criterion-effect")).to_contain_text("Halves every 30 days.")
    expect(drawer.locator("#criterion-effect tbody tr").first).to_contain_text("50")
    for scheme in ("light", "dark"):
        in_colours(editor, scheme)
        assert_accessible(editor)


def test_without_scripts_every_change_is_a_form(visit: Visits, editor: Page) -> None:
    plain = visit("leila", scripts=False)
    plain.goto(editor.url)
    points = plain.get_by_label("Points for “Budget is planned”")
    points.fill("7")
    points.press("Enter")
    expect(step(plain)).to_contain_text("+9 → +7")
    row(plain, "budget_planned").get_by_role("link", name="Budget is planned").first.click()
    plain.get_by_label("Name").fill("Planned at least")
    plain.get_by_role("button", name="Add a condition").click()
    expect(plain.get_by_label("Name")).to_have_value("Planned at least")
    plain.get_by_role("button", name=re.compile("^Remove condition")).last.click()
    plain.get_by_role("button", name="Save", exact=True).last.click()
    expect(step(plain)).to_contain_text("Name of “Planned at least”")
    choose(plain, "Move down", "budget_planned")
    expect(step(plain)).to_contain_text("to another place")
    plain.get_by_role("button", name=re.compile("^Undo")).click()
    expect(plain.get_by_text("Undid: Moved “Planned at least”")).to_be_visible()


def test_a_narrow_window_reads_well_and_says_that_editing_wants_a_wide_one(editor: Page) -> None:
    at_width(editor, NARROW)
    expect(editor.get_by_text("to change it, use a wider screen")).to_be_visible()
    expect(row(editor, "budget_planned").locator("summary")).to_be_hidden()
    expect(row(editor, "budget_planned")).to_contain_text("Budget is planned")
