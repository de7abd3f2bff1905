"""The run table: sorted by a click, missing values last, the view kept in the address."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from browser.table_page import experiment_page, open_table
from browser.visits import SETTLED, fresh_context, visiting
from built_site import BuiltSite


def experiment_with_most_runs(site: BuiltSite) -> str:
    paths = site.page_paths
    experiments = {path for path in paths if path.count("/") == 2 and path.startswith("experiments/")}
    return max(experiments, key=lambda path: sum(page.startswith(path[: -len("index.html")]) for page in paths))


def numeric_header(page: Page) -> Locator:
    return page.locator(".run_table th[aria-sort]").first


def column_values(page: Page, column: str) -> list[float | None]:
    """Read a column of the rows in sight, top first, in full precision; None for a missing value."""
    texts = page.evaluate(
        """(column) => {
            const headers = [...document.querySelectorAll(".run_table thead th")];
            const index = headers.findIndex((header) => header.dataset.column === column);
            return [...document.querySelectorAll(".run_table tbody tr:not(.spacer)")].map((row) => {
                const data = row.children[index]?.querySelector("data");
                return data ? data.value : null;
            });
        }""",
        column,
    )
    return [None if text is None else float(text) for text in texts]


def test_click_sorts_and_a_second_click_turns_round(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_with_most_runs(BuiltSite(example_site))
    seen: dict[str, list[float | None]] = {}
    addresses: list[str] = []

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = open_table(visit, path).page
        column = str(numeric_header(page).get_attribute("data-column"))
        header = page.locator(f'.run_table th[data-column="{column}"]')
        for _ in range(2):
            header.locator("button, .column_label").first.click()
            page.evaluate(SETTLED)
            seen[str(header.get_attribute("aria-sort"))] = column_values(page, column)
            addresses.append(page.url)

    assert set(seen) == {"ascending", "descending"}
    for order, values in seen.items():
        numbers = [value for value in values if value is not None]
        assert numbers == sorted(numbers, reverse=order == "descending")
        assert values[: len(numbers)] == numbers, "missing values come last"
    assert visit.faults == []
    assert "#sort=" in addresses[0]


def test_address_with_a_sort_opens_sorted(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    path = experiment_with_most_runs(BuiltSite(example_site))

    with fresh_context(chromium) as context, visiting(context, origins["root"]) as visit:
        page = open_table(visit, path).page
        numeric_header(page).locator("button, .column_label").first.click()
        page.evaluate(SETTLED)
        address, sorted_as = page.url, page.locator(".run_table th[aria-sort]").first.get_attribute("aria-sort")
        open_table(visit, address.removeprefix(visit.origin))
        again = page.locator(".run_table th[aria-sort]").first.get_attribute("aria-sort")

    assert again == sorted_as
    assert visit.faults == []


def test_whole_table_is_in_reach_by_scrolling(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    path = experiment_with_most_runs(BuiltSite(example_site))

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = open_table(visit, path).page
        rows = int(str(page.locator(".run_table table").get_attribute("aria-rowcount"))) - 1
        page.evaluate("document.querySelector('.run_table_box').scrollTop = 1e6")
        page.evaluate(SETTLED)
        last = page.locator(".run_table tbody tr:not(.spacer)").last.get_attribute("aria-rowindex")

    assert rows > 10
    assert last == str(rows + 1)
    assert visit.faults == []


def test_search_keeps_the_rows_that_match(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    path = experiment_with_most_runs(BuiltSite(example_site))

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = open_table(visit, path).page
        before = page.locator(".run_table table").get_attribute("aria-rowcount")
        wanted = page.locator(".run_table tbody th.name a").first.inner_text()
        page.locator(".run_table_filter").fill(f"'{wanted}'")
        page.evaluate(SETTLED)
        names = page.locator(".run_table tbody tr:not(.spacer) th.name a").all_inner_texts()

    assert wanted in names
    assert len(names) < int(str(before)) - 1
    assert visit.faults == []


def test_rows_stay_when_a_column_is_switched_or_the_window_resized(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    # Few enough runs that all of them are drawn.
    path = experiment_page(BuiltSite(example_site), "biopsy-sweeps")

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = open_table(visit, path).page
        rows = page.locator(".run_table tbody tr:not(.spacer)")
        counts = [rows.count()]
        page.locator(".run_table_columns summary").click()
        page.locator(".run_table_columns .table_menu_content input:checked").first.uncheck()
        page.evaluate(SETTLED)
        counts.append(rows.count())
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SETTLED)
            counts.append(rows.count())

    assert counts[0] > 10
    assert set(counts) == {counts[0]}
    assert visit.faults == []
