"""Each page of the example site from a double click, each of its own kind from a host, with nothing going wrong."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from built_site import BuiltSite


def pages_of_their_own(site: BuiltSite) -> list[str]:
    """Choose all pages but the further runs of an experiment, which are laid out and linked as its first is."""
    firsts = {path.split("/runs/")[0]: path for path in reversed(site.page_paths) if "/runs/" in path}
    return [path for path in site.page_paths if "/runs/" not in path or path in firsts.values()]


@pytest.mark.parametrize("origin", ["file", "root", "folder"])
def test_page_opens_without_a_fault(
    origin: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    site = BuiltSite(example_site)
    with fresh_context(chromium) as context, visiting(context, origins[origin]) as visit:
        for path in site.page_paths if origin == "file" else pages_of_their_own(site):
            visit.open(path)

    assert visit.faults == []


def test_page_reads_with_scripts_off(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    unread: list[str] = []
    with (
        fresh_context(chromium, java_script_enabled=False) as context,
        visiting(context, origins["file"]) as visit,
    ):
        for path in BuiltSite(example_site).kinds().values():
            visit.page.goto(origins["file"] + path)
            if not (visit.page.locator("h1").is_visible() and len(visit.page.locator("main").inner_text()) > 20):
                unread.append(path)

    assert unread == []
    assert visit.faults == []


def test_nothing_scrolls_sideways_on_a_phone(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    wide: dict[str, int] = {}
    with (
        fresh_context(chromium, viewport={"width": 360, "height": 740}) as context,
        visiting(context, origins["file"]) as visit,
    ):
        for path in pages_of_their_own(BuiltSite(example_site)):
            page = visit.open(path)
            width = page.evaluate("document.scrollingElement.scrollWidth")
            if width > 360:
                wide[path] = width

    assert wide == {}
