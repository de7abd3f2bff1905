"""Acting on a run table as a person does, and reading off everything it shows."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page

from browser.visits import SETTLED, Visit
from built_site import BuiltSite

NOW = "2026-12-01T12:00:00Z"
"""What the clock of these pages says, so that "3 d ago" is the same in two browsers."""

LOW = {"width": 1280, "height": 400}
"""A window so low that no chart comes near a table that is opened: to draw them costs more than the table does."""

READ_TABLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const table = document.querySelector(".run_table");
  const box = table.querySelector(".run_table_box");
  const count = Number(box.querySelector("table").ariaRowCount);
  // Scrolled to a place, until the first and the last row there are drawn.
  const is_drawn = (row) => row < 2 || box.querySelector(`[aria-rowindex="${row}"]`);
  const scroll = async (top) => {
    box.scrollTop = top;
    const ends = [box.scrollTop, box.scrollTop + box.clientHeight - 50];
    const wanted = ends.map((end) => Math.min(count, 2 + Math.floor(end / 28)));
    while (!wanted.every(is_drawn)) await frame();
  };
  const text = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const texts = (selector, root = table) => [...root.querySelectorAll(selector)].map(text);
  const cell = (each) => [text(each), each.title, each.className];
  const row = (each) => [
    each.className, each.ariaLevel, each.ariaSelected, each.ariaExpanded,
    each.querySelector(".eye:not(.nothing_to_draw) .swatch")?.className,
    ...[...each.cells].map(cell),
  ];
  const rows = new Map();
  for (let top = 0; ; top += Math.max(28, box.clientHeight - 56)) {
    await scroll(top);
    for (const each of box.querySelectorAll("tbody tr:not(.spacer)")) rows.set(Number(each.ariaRowIndex), row(each));
    if (top + box.clientHeight >= box.scrollHeight) break;
  }
  await scroll(0);
  return {
    headers: [...table.querySelectorAll("thead th")].map((head) => ({
      id: head.dataset.column, label: text(head), sort: head.ariaSort, width: head.getBoundingClientRect().width,
      pinned: head.classList.contains("pinned"), left: head.style.left,
    })),
    rows: [...rows].sort(([a], [b]) => a - b),
    row_count: box.querySelector("table").ariaRowCount,
    note: texts(".run_table_note"),
    chips: texts(".run_table_chips:not([hidden]) > *"),
    filter: table.querySelector(".run_table_filter").value,
    error: texts(".filter_error:not([hidden])"),
    invalid: table.querySelector(".run_table_filter").ariaInvalid,
    tab: texts(".run_table_views [aria-current]"),
    legend: [...document.querySelectorAll("section.charts .chart_legend li")]
      .map((item) => [text(item), item.firstElementChild.className]),
  };
}"""

IS_LOADED = """() => !document.querySelector(".run_table_note").textContent.startsWith("Loading")"""


def experiment_page(site: BuiltSite, name: str) -> str:
    """Find the page of an experiment, or of all runs."""
    if name == "all runs":
        return "runs/index.html"
    return next(path for path in site.page_paths if path.startswith(f"experiments/{name}-") and "/runs/" not in path)


@dataclass(eq=False)
class TablePage:
    """The run table of a page that is open."""

    page: Page

    @property
    def filter_input(self) -> Locator:
        return self.page.locator(".run_table_filter")

    @property
    def rows(self) -> Locator:
        return self.page.locator(".run_table tbody tr:not(.spacer)")

    def header(self, column: str) -> Locator:
        return self.page.locator(f'.run_table thead th[data-column="{column}"]')

    def read(self) -> dict[str, Any]:
        seen: dict[str, Any] = self.page.evaluate(READ_TABLE)
        return seen

    def column_ids(self) -> list[str]:
        ids: list[str] = self.page.eval_on_selector_all(
            ".run_table thead th", "heads => heads.map((head) => head.dataset.column)"
        )
        return ids

    def names(self) -> list[str]:
        return self.page.locator(".run_table tbody .name > a:visible").all_inner_texts()

    def settle(self) -> None:
        """Wait until what was asked for is painted, the columns that it needs loaded."""
        self.page.evaluate(SETTLED)
        self.page.wait_for_function(IS_LOADED)
        self.page.evaluate(SETTLED)

    # By pointer.

    def sort(self, column: str, *modifiers: str) -> None:
        self.header(column).locator(".sort_button").click(modifiers=[*modifiers])  # type: ignore[list-item]  # "Shift"

    def filter(self, text: str) -> None:
        self.filter_input.fill(text)
        self.filter_input.blur()

    def drag_header(self, column: str, onto: str) -> None:
        """Drop a column's header onto the far half of another's."""
        self._drag(self._point(column, 0.3), self._point(onto, 0.8))

    def drag_edge(self, column: str, by: float) -> None:
        box = self._header_in_sight(column)
        x, y = box["x"] + box["width"] - 3, box["y"] + box["height"] / 2
        self._drag((x, y), (x + by, y))

    def _header_in_sight(self, column: str) -> FloatRect:
        header = self.header(column)
        header.scroll_into_view_if_needed()
        box = header.bounding_box()
        assert box
        return box

    def _point(self, column: str, share: float) -> tuple[float, float]:
        box = self._header_in_sight(column)
        return box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6

    def _drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=4)
        mouse.up()
        self.settle()

    def menu(self, column: str, item: str) -> None:
        self.header(column).hover()
        self.header(column).locator(".column_menu").click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def open_menu(self, name: str) -> Locator:
        """Open a menu of the bar, such as "columns", and return what is in it."""
        menu = self.page.locator(f".run_table_{name}")
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        content = menu.locator(".table_menu_content")
        content.locator(":scope > *").first.wait_for()
        return content

    def choose_column(self, search: str, label: str) -> None:
        """Switch a column in the menu; `label` is its name, or "<metric> <aggregate>"."""
        content = self.open_menu("columns")
        content.locator(".menu_search").fill(search)
        metric, _, aggregate = label.rpartition(" ")
        row = content.locator(".metric_choice", has=self.page.locator(f'.metric_name[title="{metric}"]'))
        if metric and row.count():
            row.get_by_label(aggregate, exact=True).click()
        else:
            content.get_by_label(label, exact=False).first.click()
        self.close_menus()

    def group(self, *choices: str) -> None:
        """Press buttons and switch boxes of the group menu by their words."""
        for choice in choices:
            content = self.open_menu("group")
            button = content.get_by_role("button", name=choice, exact=True)
            (button if button.count() else content.get_by_label(choice, exact=True)).click()
        self.close_menus()

    def tab(self, name: str) -> None:
        self.page.locator(".run_table_views a", has_text=name).click()

    def close_menus(self) -> None:
        if self.page.locator(".table_menu[open]").count():
            self.page.keyboard.press("Escape")

    def fold(self, place: int) -> None:
        self.rows.nth(place).locator(".fold").click()

    def select(self, place: int, *modifiers: str) -> None:
        self.rows.nth(place).locator(".select_run").click(modifiers=[*modifiers])  # type: ignore[list-item]  # "Shift"

    def eye(self, place: int) -> None:
        self.rows.nth(place).locator(".eye").click()

    def compare(self, place: int) -> None:
        self.rows.nth(place).hover()
        self.rows.nth(place).locator(".compare").click()

    def press_chip(self, text: str) -> None:
        self.page.locator(".run_table_chips button", has_text=text).click()

    # By keyboard.

    def keys(self, column: str, *keys: str) -> None:
        """Press keys while a header has the focus."""
        self.header(column).locator(".sort_button").focus()
        self.press(*keys)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()


def open_table(visit: Visit, path: str) -> TablePage:
    """Open a page and wait until its table is at work."""
    visit.page.clock.set_fixed_time(NOW)
    visit.page.goto("about:blank")
    page = visit.open(path)
    page.locator(".run_table table[role=treegrid]").wait_for()
    page.locator(".run_table tbody .spacer").first.wait_for(state="attached")
    table = TablePage(page)
    table.settle()
    return table
