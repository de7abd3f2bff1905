"""Where things stand on a page: on a phone, where a part is missing, and where counts meet the reader's clock."""

from pathlib import Path

from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from built_site import BuiltSite

PHONE = {"width": 390, "height": 740}
HERE_IS_IN_SIGHT = """() => {
  const here = document.querySelector(".top nav [aria-current]")?.getBoundingClientRect();
  return !here || (here.left >= 0 && here.right <= innerWidth);
}"""
BREAKS_WORDS = """() => [...document.querySelectorAll(".text table th")]
  .some((cell) => getComputedStyle(cell).overflowWrap !== "normal")"""
EMPTY_COLUMN = """() => document.querySelector(".with_contents") && !document.querySelector(".contents")"""


def test_phone_shows_where_one_is_and_keeps_words_of_tables_whole(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    out_of_sight, broken = [], []
    with fresh_context(chromium, viewport=PHONE) as context, visiting(context, origins["file"]) as visit:
        for path in BuiltSite(example_site).kinds().values():
            page = visit.open(path)
            if not page.evaluate(HERE_IS_IN_SIGHT):
                out_of_sight.append(path)
            if page.evaluate(BREAKS_WORDS):
                broken.append(path)
        page = visit.open("about.html")
        title, links = page.locator(".site_title").bounding_box(), page.locator(".top nav").bounding_box()

    assert (out_of_sight, broken) == ([], [])
    assert title
    assert links
    assert links["y"] >= title["y"] + title["height"], "the places have a row of their own"


def test_no_page_keeps_room_for_contents_it_lacks(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        reports = [path for path in BuiltSite(example_site).page_paths if path.startswith("reports/")]
        empty = [path for path in reports if visit.open(path).evaluate(EMPTY_COLUMN)]

    assert reports
    assert empty == []


def test_counts_say_stalled_once_their_runs_do(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    site = BuiltSite(example_site)
    experiments = (path for path in site.page_paths if path.startswith("experiments/") and "/runs/" not in path)
    paths = ["index.html", *experiments]
    seen: list[tuple[str | None, str]] = []
    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        for path in paths:
            visit.page.clock.set_fixed_time("2040-01-01")
            cells = visit.open(path).locator("[data-open-runs]").all()
            seen += [(cell.get_attribute("data-status"), str(cell.locator(".word").text_content())) for cell in cells]

    assert len(seen) > 1
    assert {(status, word.lower()) for status, word in seen} == {("stalled", "stalled")}
    assert visit.faults == []
