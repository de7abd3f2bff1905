"""Make the README's picture: `python docs/make_picture.py` builds example_runs and photographs an experiment's page.

The picture is 1,280 px wide: the page in light, and from a slanted line on in dark. It needs the test extras and a
Chromium, as `python3 tests/run_all.py` installs them.
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser.visits import FLAGS  # noqa: E402  # tests/ is not on the path before the line above
from machine import find_chromium  # noqa: E402

PICTURE = ROOT / "docs" / "experiment.png"
EXPERIMENT = "digits-search"
WIDTH, HEIGHT = 1280, 720
# The slant crosses the middle of the picture, so that both halves show table and curves.
BOTH = """<!doctype html><style>
body {{ margin: 0 }} img {{ position: absolute; inset: 0; width: {width}px; height: {height}px }}
.dark {{ clip-path: polygon(58% 0, 100% 0, 100% 100%, 42% 100%) }}
</style><img src="{light}"><img class="dark" src="{dark}">"""


def main() -> None:
    """Build the example site, photograph it twice, put both halves into one picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build = [sys.executable, "-m", "runsite.cli", "build", str(ROOT / "example_runs"), "-o", str(site)]
        subprocess.run(build, check=True)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        (page,) = site.glob(f"experiments/{EXPERIMENT}-*/index.html")
        light, dark = (photograph(browser, page, scheme) for scheme in ("light", "dark"))
        PICTURE.write_bytes(joined(browser, light=light, dark=dark))
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")


def photograph(browser: Browser, page: Path, scheme: str) -> str:
    """Return a screenshot of the page's first screen as a data address."""
    tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    tab.goto(page.as_uri())
    tab.locator(".metric_chart canvas, .metric_chart svg").first.wait_for()
    tab.wait_for_load_state("networkidle")
    return "data:image/png;base64," + base64.b64encode(tab.screenshot()).decode()


def joined(browser: Browser, *, light: str, dark: str) -> bytes:
    tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    tab.set_content(BOTH.format(light=light, dark=dark, width=WIDTH, height=HEIGHT), wait_until="load")
    return tab.screenshot()


if __name__ == "__main__":
    main()
