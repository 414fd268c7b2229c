"""The picture of the README: a rep's queue in a sample company, as it really looks (``make screenshot``)."""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools import sample
from tools.chromium import FLAGS, NoChromiumError, find
from tools.png import reduced

PICTURE = sample.ROOT / "docs" / "img" / "queue.png"
LARGEST = 400_000
REP, PASSWORD = "amira@feldmark.example", "bantam-demo"  # of the sample company: open nothing else


def main() -> int:
    """Build, serve, sign in, take the picture; one line where it can't."""
    parser = argparse.ArgumentParser(description="Take the screenshot of the README.")
    parser.add_argument("--leads", type=int, default=3_000)
    parser.add_argument("--now", default=sample.NOW, help="the moment it shows, in ISO 8601")
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
            size = take(browser, address)
    print(f"{PICTURE.relative_to(sample.ROOT)}: {size:,} bytes")
    if size > LARGEST:
        print(f"That is more than {LARGEST:,} bytes.", file=sys.stderr)
    return int(size > LARGEST)


def take(browser: str, address: str) -> int:
    """The rep's queue, 1440 by 900, light, with two pixels a point; gives the size in bytes."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(
            base_url=address,
            viewport={"width": 1440, "height": 900},
            device_scale_factor=2,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        _open_queue(page)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(reduced(page.screenshot(animations="disabled", caret="hide")))
        chromium.close()
    return PICTURE.stat().st_size


def _open_queue(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(REP)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".opened-who").wait_for()
    page.keyboard.press("j")
    page.locator(".queue-rows > li:nth-child(2) [aria-current]").wait_for()
    page.goto(page.url, wait_until="networkidle")  # as it stands when nobody has just come


if __name__ == "__main__":
    sys.exit(main())
