"""Make the README's picture: `python docs/make_picture.py` builds example_runs and photographs an experiment's page.

The picture is 1,280 px wide: on the left the page's head and run table in light, on the right its curves in dark. It
needs the test extras and a Chromium, as `python3 tests/run_all.py` installs them.
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser.visits import FLAGS, fresh_context  # noqa: E402  # tests/ is not on the path before the line above
from machine import find_chromium  # noqa: E402

PICTURE = ROOT / "docs" / "experiment.png"
EXPERIMENT = "digits-mlp"
HEIGHT = 720
LEFT, RIGHT = 600, 680
"""Widths; together 1,280 px."""
SCALE = 0.85
"""A little smaller than in a browser, so that two columns of charts fit into the right side."""
DRAWN = """() => [...document.querySelectorAll("figure.metric_chart")]
  .filter((figure) => figure.getBoundingClientRect().top < innerHeight && figure.checkVisibility())
  .every((figure) => figure.querySelector(".plot canvas, .plot svg"))"""
SIDE_BY_SIDE = '<!doctype html><body style="margin: 0; display: flex">{left}{right}</body>'


def main() -> None:
    """Build the example site, photograph both sides, put them into one picture."""
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build = [sys.executable, "-m", "runsite.cli", "build", str(ROOT / "example_runs"), "-o", str(site)]
        subprocess.run(build, check=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        (page,) = site.glob(f"experiments/{EXPERIMENT}-*/index.html")
        table = photograph(browser, page, width=LEFT, scheme="light", anchor="top")
        curves = photograph(browser, page, width=RIGHT, scheme="dark", anchor="curves")
        PICTURE.write_bytes(joined(browser, left=table, right=curves))
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")


def photograph(browser: Browser, page: Path, *, width: int, scheme: str, anchor: str) -> str:
    """Return a screenshot of one screen of the page, from an anchor on, as a data address."""
    viewport = {"width": round(width / SCALE), "height": round(HEIGHT / SCALE)}
    with fresh_context(browser, viewport=viewport, device_scale_factor=SCALE, color_scheme=scheme) as context:
        tab = context.new_page()
        tab.goto(f"{page.as_uri()}#{anchor}")
        tab.wait_for_function(DRAWN)
        return "data:image/png;base64," + base64.b64encode(tab.screenshot()).decode()


def joined(browser: Browser, *, left: str, right: str) -> bytes:
    with fresh_context(browser, viewport={"width": LEFT + RIGHT, "height": HEIGHT}) as context:
        tab = context.new_page()
        tab.set_content(SIDE_BY_SIDE.format(left=image(left, LEFT), right=image(right, RIGHT)), wait_until="load")
        return tab.screenshot()


def image(address: str, width: int) -> str:
    return f'<img src="{address}" width="{width}" height="{HEIGHT}">'


if __name__ == "__main__":
    main()
