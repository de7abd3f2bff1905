"""A browser with a fresh profile, and the example site at the three kinds of address it must hold at."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.firefox import Firefox, running_firefox
from browser.visits import FLAGS, served
from machine import find_chromium, find_firefox
from support import skip_or_fail


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; `python3 tests/run_all.py` installs one where there is none."""
    executable = find_chromium()
    if executable is None:
        skip_or_fail("no Chromium found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A headless Firefox; `python3 tests/run_all.py` installs one where apt has it."""
    executable = find_firefox()
    if executable is None:
        skip_or_fail("no Firefox found")
    with running_firefox(executable, tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="session")
def origins(example_site: Path) -> Iterator[dict[str, str]]:
    """The example site's root from a double click, from a host's root, and from a folder of a host."""
    with ExitStack() as stack:
        yield {
            "file": f"{example_site.as_uri()}/",
            "root": stack.enter_context(served(example_site, prefix="/")),
            "folder": stack.enter_context(served(example_site, prefix="/a/b/")),
        }
