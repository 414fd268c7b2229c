"""The pictures of the documents: a sample company's screens as they really look (``make screenshot``)."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools import sample
from tools.chromium import FLAGS, NoChromiumError, find
from tools.png import reduced

FOLDER = sample.ROOT / "docs" / "img"
LARGEST = 400_000
# People of the sample: these words open nothing else.
REP, MARKETER, MANAGER, PASSWORD = "amira", "leila", "samuel", "bantam-demo"
WIDTH, HEIGHT = 1440, 900
CHANGES = {
    "Looked at the prices lately": "12",
    "Job title of somebody who has a say": "12",
    "Size we serve best": "4",
}
"""Points of a draft, by criterion."""


def main() -> int:
    """Build, serve, take every picture; one line where it can't."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documents.")
    parser.add_argument("--leads", type=int, default=3_000)
    parser.add_argument("--now", default=sample.NOW, help="the moment they show, in ISO 8601")
    options = parser.parse_args()
    try:
        browser = find()
    except NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="bantam-screenshot-") as name:
        folder = Path(name)
        print("Building the sample company ...", flush=True)
        sample.build(folder, leads=options.leads, now=options.now)
        with sample.serving(folder, now=options.now) as address:
            sizes = take_all(browser, address)
    for picture, size in sizes.items():
        print(f"{picture.relative_to(sample.ROOT)}: {size:,} bytes")
    too_large = [picture.name for picture, size in sizes.items() if size > LARGEST]
    if too_large:
        print(f"More than {LARGEST:,} bytes: {', '.join(too_large)}.", file=sys.stderr)
    return int(bool(too_large))


def take_all(browser: str, address: str) -> dict[Path, int]:
    """Every picture in its turn, as each shows what became of the one before; gives the sizes in bytes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for name, (who, show) in PICTURES.items():
            page = _page(chromium, address)
            _sign_in(page, who)
            show(page)
            picture = FOLDER / f"{name}.png"
            picture.write_bytes(reduced(page.screenshot(animations="disabled", caret="hide")))
            sizes[picture] = picture.stat().st_size
            page.context.close()
        chromium.close()
    return sizes


def _page(chromium: Browser, address: str) -> Page:
    """A fresh visitor, light, with two pixels a point."""
    context = chromium.new_context(
        base_url=address,
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=2,
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    return context.new_page()


def _sign_in(page: Page, who: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(f"{who}@feldmark.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")


def _queue(page: Page) -> None:
    page.locator(".opened-who").wait_for()
    page.keyboard.press("j")
    page.locator(".queue-rows > li:nth-child(2) [aria-current]").wait_for()
    page.goto(page.url, wait_until="networkidle")  # as it stands when nobody has just come


def _editor(page: Page) -> None:
    """A draft in which the prices and who has a say count more, and the size of a company less."""
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    for label, points in CHANGES.items():
        field = page.get_by_label(f"Points for “{label}”")
        field.fill(points)
        field.press("Enter")
        page.wait_for_load_state("networkidle")
    page.goto(page.url, wait_until="networkidle")
    _figures(page)
    page.evaluate("window.scrollTo(0, 0)")


def _preview(page: Page) -> None:
    _editor_of_mine(page)
    page.get_by_role("link", name="Preview").first.click()
    page.wait_for_load_state("networkidle")
    _figures(page)


def _proposal(page: Page) -> None:
    _editor_of_mine(page)
    page.get_by_role("link", name="Propose version").first.click()
    page.get_by_label("Why should both teams want this?").fill(
        "Whoever looks at prices or has a say buys sooner than we thought; size tells less."
    )
    page.get_by_role("button", name="Propose version").first.click()
    page.wait_for_load_state("networkidle")


def _sign(page: Page) -> None:
    _editor_of_mine(page)
    _figures(page)


def _editor_of_mine(page: Page) -> None:
    page.goto("/definition/", wait_until="networkidle")
    page.get_by_role("link", name="Version 2").first.click()
    page.wait_for_load_state("networkidle")


def _figures(page: Page) -> None:
    """Wait for what a worker counts: the page asks for it until it is there."""
    page.wait_for_timeout(2_000)
    expect(page.get_by_text("being worked out")).to_have_count(0, timeout=60_000)
    expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)


PICTURES: Mapping[str, tuple[str, Callable[[Page], None]]] = {
    "queue": (REP, _queue),
    "editor": (MARKETER, _editor),
    "preview": (MARKETER, _preview),
    "proposal": (MARKETER, _proposal),
    "sign": (MANAGER, _sign),
}
"""By file name: who looks, and how they come to what is shown."""


if __name__ == "__main__":
    sys.exit(main())
