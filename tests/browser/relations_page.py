"""The relations of a page that is open: drawn, at rest, and read off."""

from typing import Any

from playwright.sync_api import Locator, Page

from browser.table_page import IS_LOADED, TablePage, experiment_page, open_table
from browser.visits import SETTLED, Visit
from built_site import BuiltSite

RUNS = 24
"""Of the experiment that is opened."""
DRAWN = """() => {
  const [section] = runsite.relations.sections;
  return section.drawn && !section.drawing && !section.differs();
}"""


def open_relation(visit: Visit, site: BuiltSite, fragment: str = "") -> tuple[TablePage, Locator]:
    """Open an experiment's page and wait until its relation is drawn."""
    table = open_table(visit, f"{experiment_page(site, f'of-{RUNS}')}#{fragment}")
    section = table.page.locator("section.relations")
    section.scroll_into_view_if_needed()
    settle(section)
    section.locator(".vega svg").wait_for(state="attached")
    return table, section


def settle(section: Locator) -> None:
    """Wait until the chart is drawn of the runs that the table shows."""
    section.page.evaluate(SETTLED)
    section.page.wait_for_function(IS_LOADED)
    section.page.wait_for_function(DRAWN)
    section.page.evaluate(SETTLED)


def drawn(page: Page) -> dict[str, Any]:
    """Return what the pure functions say of the address and the table that the page shows."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const { charts, shown } = runsite;
          const state = charts.read_relation_state(location.hash);
          const { rows, listing, notes, brushes } = charts.relation_of(shown.table, { ...state, rows: shown.rows });
          const keys = shown.rows.map((row) => shown.table.keys[row]);
          return { rows, listing: listing.rows, notes, shown: keys, brushes: [...(brushes ?? [])] };
        }"""
    )
    return found


def listed(section: Locator) -> list[list[str]]:
    """Open the chart's table and read it."""
    details = section.locator(".relation_listing")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    section.locator(".relation_listing tbody tr").first.wait_for()
    rows: list[list[str]] = section.locator(".relation_listing tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return rows
