"""A hostile store: it builds, each run has its page, and nothing of theirs runs or leaves."""

import contextlib
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from browser.visits import SETTLED, fresh_context, served, visiting
from built_site import BuiltSite, build_by_command, kind_of
from hostile_store import CODE, SECRET_FILE, write_hostile_store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such names cannot be folders")


@pytest.fixture(scope="module")
def keys_and_site(
    tmp_path_factory: pytest.TempPathFactory, chart_cache: Path
) -> tuple[list[tuple[str, str]], BuiltSite]:
    folder = tmp_path_factory.mktemp("hostile")
    keys = write_hostile_store(folder / "runs")
    build_by_command(folder / "runs", folder / "site", chart_cache)
    return keys, BuiltSite(folder / "site")


@pytest.fixture(scope="module")
def site(keys_and_site: tuple[list[tuple[str, str]], BuiltSite]) -> BuiltSite:
    return keys_and_site[1]


def test_each_run_has_its_own_page(keys_and_site: tuple[list[tuple[str, str]], BuiltSite]) -> None:
    keys, site = keys_and_site

    assert sum(kind_of(path) == "run" for path in site.page_paths) == len(keys)


def test_every_link_stays_in_the_site(site: BuiltSite) -> None:
    assert site.broken_links() == []


def test_no_markup_of_theirs_is_markup_of_ours(site: BuiltSite) -> None:
    for page in site.pages.values():
        assert CODE not in page.markup, page.path
        assert not any(name.startswith("on") for element in page.elements for name in element.attributes), page.path


def test_no_file_from_outside_the_store_is_published(site: BuiltSite) -> None:
    secret = Path(SECRET_FILE).read_bytes().splitlines()[0]

    assert [path for path in sorted(site.files) if secret in (site.folder / path).read_bytes()] == []


def test_no_template_of_theirs_is_computed(site: BuiltSite) -> None:
    assert [page.path for page in site.pages.values() if str(7919 * 7919) in page.markup] == []


@pytest.mark.parametrize("address", ["file", "http"])
def test_nothing_of_theirs_runs_or_leaves(address: str, chromium: Browser, site: BuiltSite) -> None:
    with served(site.folder, prefix="/") as root, fresh_context(chromium) as context:
        origin = root if address == "http" else f"{site.folder.as_uri()}/"
        with visiting(context, origin) as visit:
            for path in site.page_paths:
                page = visit.open(path)
                page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
                page.evaluate(SETTLED)
                assert "pwned" not in page.title(), path

    assert visit.faults == []


def test_published_files_do_not_run_when_opened(chromium: Browser, site: BuiltSite) -> None:
    opened = sorted(path for path in site.files if path.startswith("artifacts/"))

    with (
        served(site.folder, prefix="/") as root,
        fresh_context(chromium, accept_downloads=False) as context,
        visiting(context, root) as visit,
    ):
        for path in opened:
            with contextlib.suppress(Error):  # a file that the browser saves instead of showing it
                visit.page.goto(root + path)
            assert "pwned" not in visit.page.title(), path

    assert opened
    assert visit.faults == []


def test_long_names_do_not_scroll_a_phone_sideways(chromium: Browser, site: BuiltSite) -> None:
    wide = []
    with (
        fresh_context(chromium, viewport={"width": 360, "height": 740}) as context,
        visiting(context, f"{site.folder.as_uri()}/") as visit,
    ):
        for path in site.page_paths:
            if visit.open(path).evaluate("document.scrollingElement.scrollWidth") > 360:
                wide.append(path)

    assert wide == []
