"""A marketer brings in files: what is recognised is shown and corrected, what can't be used is told."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import reload_until
from tests.paths import SHARED, needs_shared

pytestmark = pytest.mark.e2e
# UTF-16 with a mark, semicolons, quoting over two lines, a formula, a value that can't be, an empty row.
UGLY = (
    "Full name;E-Mail;Land;Mitarbeiter;Note\r\n"
    '"Óskar ""Ossi"" Þór";oskar@fjord.example;Iceland;120;"two\r\nlines"\r\n'
    "=SUM(A1);formula@fjord.example;Atlantis;n/a;-\r\n"
    ";;;;only a note\r\n"
)


def upload(page: Page, path: Path) -> None:
    page.goto("/leads/imports/")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it read right?")


def carried(page: Page) -> dict[str, int]:
    """Start, wait for the worker, and read the four figures of the result."""
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("link", name="See the leads")).to_be_visible()
    page.wait_for_load_state()
    labels = [text.strip() for text in page.locator(".tile-label").all_inner_texts()]
    figures = [int(text) for text in page.locator(".tile-figure").all_inner_texts()]
    return dict(zip(labels, figures, strict=True))


def test_an_ugly_file_is_mapped_by_hand_imported_and_graded(visit: Visits, tmp_path: Path) -> None:
    file = tmp_path / "ugly.csv"
    file.write_text(UGLY, encoding="utf-16", newline="")
    page = visit("jonas")
    upload(page, file)
    expect(page.get_by_text("3 rows, 5 columns")).to_be_visible()
    expect(page.get_by_label("E-Mail")).to_have_value("email")
    page.get_by_label("Mitarbeiter").select_option("company.employees")
    page.get_by_label("Land").select_option("country")
    result = carried(page)
    assert result["Created"] == 2
    assert result["Left out"] == 1
    expect(page.get_by_role("region", name="What couldn't be used")).to_contain_text("Atlantis")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("All .* as CSV")).click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as left_out:
        rows = list(csv.reader(left_out))
    assert any("Atlantis" in row for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    page.goto("/leads/?q=Ossi")
    graded = page.locator(".lead-table .grade", has_text=re.compile(r"Grade\s+[ABCD]"))
    reload_until(page, graded)  # a worker grades it within seconds
    page.locator(".lead-table a.row-link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text('Óskar "Ossi" Þór')
    expect(page.get_by_role("main")).to_contain_text("two")


@needs_shared
def test_an_export_of_a_known_system_needs_no_correction(visit: Visits) -> None:
    page = visit("leila")
    folder = SHARED / "data" / "crm_exports" / "samples"
    upload(page, folder / "hubspot-crm-exports-all-contacts-2026-11-01.csv")
    expect(page.get_by_label("Email", exact=True)).to_have_value("email")
    result = carried(page)
    assert result["Created"] > 0
    page.goto("/leads/imports/")
    expect(page.get_by_role("region", name="Imports so far")).to_contain_text("hubspot")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    visit: Visits, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    page = visit("jonas")
    page.goto("/leads/imports/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("main form")).to_contain_text(says)
    expect(page.get_by_role("heading", level=1)).to_have_text("Import")
