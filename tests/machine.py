"""What the tests need from the machine besides Python packages: a Chromium, a Firefox and Node.

Only the standard library: `run_all.py` asks before anything is installed, the browser tests ask again.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FIREFOX_NAMES = ("firefox-esr", "firefox")
MAC_FIREFOX = ("/Applications/Firefox.app/Contents/MacOS/firefox",)
MIN_NODE = 18
"""The first Node with a test runner of its own; Debian 12 has it."""


def answers(executable: str) -> str | None:
    """Return what `--version` prints, or None where the program cannot run (Ubuntu's snap stub is such a one)."""
    try:
        told = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()


def first_that_runs(candidates: Iterable[str | None]) -> str | None:
    return next((found for found in candidates if found and answers(found) is not None), None)


def find_chromium() -> str | None:
    """Find a Chromium-like browser: $CHROMIUM, on the path, in its usual place, or the one Playwright fetched.

    Ask before Playwright is started: it cannot be asked for its own browser twice at once.
    """
    return first_that_runs(chromium_candidates())


def chromium_candidates() -> Iterator[str | None]:
    yield os.environ.get("CHROMIUM")
    yield from map(shutil.which, CHROMIUM_NAMES)
    yield from (path for path in MAC_BROWSERS if Path(path).is_file())
    yield playwrights_own()


def playwrights_own() -> str | None:
    """Find the browser of `playwright install chromium`, if that has been run."""
    try:
        from playwright.sync_api import sync_playwright  # not there yet when run_all.py asks first
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find_firefox() -> str | None:
    """Find a Firefox: $FIREFOX, on the path, in its usual place. It needs no driver, see browser/firefox.py."""
    return first_that_runs((os.environ.get("FIREFOX"), *map(shutil.which, FIREFOX_NAMES), *MAC_FIREFOX))


def find_node() -> str | None:
    """Find a Node that can run `node --test`."""
    node = shutil.which("node") or shutil.which("nodejs")
    told = answers(node) if node else None
    if not told or not told.startswith("v"):
        return None
    return node if int(told[1:].split(".")[0]) >= MIN_NODE else None
