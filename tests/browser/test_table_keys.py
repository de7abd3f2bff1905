"""The run table by keyboard alone: one stop for Tab, arrows within, and the focus is never lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from browser.table_page import LOW, TablePage, experiment_page, open_table
from browser.visits import Visit, fresh_context, visiting
from built_site import BuiltSite

# What has the focus, as [row, column] within the table (the header is row 1), and how many stops of Tab the table has.
FOCUS = """() => {
  const table = document.querySelector(".run_table table");
  const active = document.activeElement;
  const cell = table.contains(active) ? active.closest("th, td") : null;
  const stops = [...table.querySelectorAll("a, button, input, [tabindex]")]
    .filter((each) => each.tabIndex >= 0 && each.checkVisibility());
  return {
    place: cell && [Number(cell.parentElement.ariaRowIndex), cell.cellIndex],
    is_lost: active === document.body,
    stops: stops.length,
  };
}"""
IN_SIGHT = """() => {
  const [cell, box] = [document.activeElement.closest("th, td"), document.querySelector(".run_table_box")];
  const [at, around] = [cell, box].map((each) => each.getBoundingClientRect());
  const head = box.querySelector("thead").getBoundingClientRect();
  const is_head = cell.closest("thead") !== null;
  return at.bottom <= around.bottom + 1 && at.top >= (is_head ? around.top : head.bottom) - 1
    && at.left >= around.left - 1 && (at.right <= around.right + 1 || at.width > around.width / 2);
}"""


@pytest.fixture(scope="module")
def visit(chromium: Browser, origins: dict[str, str]) -> Iterator[Visit]:
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        yield visit


@pytest.fixture
def digits(visit: Visit, example_site: Path) -> TablePage:
    return open_table(visit, experiment_page(BuiltSite(example_site), "digits-mlp"))


@pytest.fixture
def sweeps(visit: Visit, example_site: Path) -> TablePage:
    return open_table(visit, experiment_page(BuiltSite(example_site), "biopsy-sweeps"))


def enter(table: TablePage) -> None:
    """Go by Tab from the filter into the table."""
    table.filter_input.focus()
    for _ in range(8):
        table.page.keyboard.press("Tab")
        if focus(table)["place"]:
            return
    pytest.fail("Tab does not lead into the table")


def focus(table: TablePage) -> dict[str, Any]:
    found: dict[str, Any] = table.page.evaluate(FOCUS)
    return found


def press(table: TablePage, key: str) -> list[int]:
    """Press a key within the table; the focus must stay there, in sight, as its one stop. Return where it is."""
    table.press(key)
    found = focus(table)
    assert found["place"], f"{key}: the focus left the table; lost: {found['is_lost']}"
    assert found["stops"] == 1, f"{key}: {found['stops']} stops of Tab"
    assert table.page.evaluate(IN_SIGHT), f"{key}: the focus is out of sight"
    place: list[int] = found["place"]
    return place


def test_tab_stops_once_in_the_table(digits: TablePage) -> None:
    enter(digits)
    first = focus(digits)
    digits.press("Tab")
    after = focus(digits)
    digits.press("Shift+Tab")
    back = focus(digits)

    assert first["place"] == back["place"] == [1, 0]
    assert first["stops"] == 1
    assert after["place"] is None
    assert not after["is_lost"]


def test_arrows_lead_to_every_cell(digits: TablePage) -> None:
    last_row = int(str(digits.page.locator(".run_table table").get_attribute("aria-rowcount")))
    last_column = len(digits.column_ids()) - 1
    enter(digits)

    assert press(digits, "ArrowDown") == [2, 0]
    assert press(digits, "ArrowRight") == [2, 1]
    assert press(digits, "ArrowUp") == [1, 1]
    assert press(digits, "ArrowLeft") == [1, 0]
    assert press(digits, "ArrowUp") == [1, 0]
    assert press(digits, "End") == [1, last_column]
    assert press(digits, "Control+End") == [last_row, last_column]
    assert press(digits, "Home") == [last_row, 0]
    page_up = press(digits, "PageUp")[0]
    assert 1 < page_up < last_row - 8
    assert press(digits, "PageDown") == [last_row, 0]
    assert press(digits, "Control+Home") == [1, 0]
    assert press(digits, "PageDown")[0] == 1 + last_row - page_up
    for _ in range(last_column):
        press(digits, "ArrowRight")
    assert focus(digits)["place"][1] == last_column


def test_keys_of_a_header(digits: TablePage) -> None:
    enter(digits)
    press(digits, "ArrowRight")
    press(digits, "ArrowRight")
    before = digits.column_ids()
    moved = before[2]
    press(digits, "Enter")
    press(digits, "ArrowRight")
    press(digits, "Shift+Enter")
    sorts = digits.page.locator(".run_table th[aria-sort]").count()
    press(digits, "ArrowLeft")
    steps = [press(digits, key)[1] for key in ("Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowLeft")]
    order = digits.column_ids()
    width = digits.header(moved).bounding_box()
    for key in ("Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"):
        press(digits, key)
    wider = digits.header(moved).bounding_box()

    assert sorts == 2
    assert steps == [3, 4, 3]
    assert order == [*before[:2], before[3], moved, *before[4:]]
    assert width
    assert wider
    assert wider["width"] == pytest.approx(width["width"] + 16, abs=1)


def test_column_moves_past_constants_that_are_hidden(visit: Visit, example_site: Path) -> None:
    columns = "name,params.lr,params.optimizer,params.batch,params.width,params.seed"
    path = experiment_page(BuiltSite(example_site), "digits-mlp")
    table = open_table(visit, f"{path}#constants=hidden&columns={columns}")
    orders = []
    for key in ("Alt+ArrowRight", "Alt+ArrowLeft"):
        table.keys("params.lr", key)
        orders.append([column.removeprefix("params.") for column in table.column_ids()])

    assert orders == [["name", "width", "lr", "seed"], ["name", "lr", "width", "seed"]]


@pytest.mark.parametrize("key", ["Alt+ArrowDown", "ContextMenu", "Shift+F10"])
def test_column_menu_gives_the_focus_back(key: str, digits: TablePage) -> None:
    enter(digits)
    press(digits, "ArrowRight")
    place = press(digits, "ArrowRight")
    menu = digits.page.locator(".column_actions")
    for leave in ("Escape", "Tab"):
        digits.press(key)
        assert digits.page.evaluate("document.activeElement.getAttribute('role')") == "menuitem"
        digits.press("ArrowDown", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home")
        assert press(digits, leave) == place
        assert menu.count() == 0

    assert focus(digits)["place"] == place


@pytest.mark.parametrize(
    "item",
    ["Sort ascending", "Sort by this too", "Pin at the left", "Move left", "Move right", "Wider", "Narrower", "Hide"],
)
def test_focus_stays_after_an_item_of_a_column_menu(item: str, digits: TablePage) -> None:
    enter(digits)
    for _ in range(4):
        press(digits, "ArrowRight")
    digits.press("Alt+ArrowDown")
    items = digits.page.locator(".column_actions [role=menuitem]").all_inner_texts()
    digits.press(*["ArrowDown"] * items.index(item))

    place = press(digits, "Enter")

    assert place[0] == 1
    assert "#" in digits.page.url


def test_keys_of_a_run(digits: TablePage) -> None:
    enter(digits)
    press(digits, "ArrowDown")
    press(digits, "ArrowDown")
    row = digits.rows.nth(1)
    seen = []
    for key, state in (
        (" ", lambda: row.get_attribute("aria-selected")),
        ("e", lambda: row.locator(".eye").get_attribute("aria-pressed")),
        ("b", lambda: "baseline" in str(row.get_attribute("class"))),
    ):
        before = state()
        places = {tuple(press(digits, key))}
        seen.append((before, state()))
        places.add(tuple(press(digits, key)))
        assert places == {(3, 0)}, key
        assert state() == before, key
    href = row.locator("a").first.evaluate("link => link.href")
    with digits.page.expect_navigation():
        digits.page.keyboard.press("Enter")

    assert seen == [("false", "true"), ("true", "false"), (False, True)]
    assert digits.page.url == href


def test_enter_opens_the_run_from_any_of_its_cells(digits: TablePage) -> None:
    enter(digits)
    press(digits, "ArrowDown")
    press(digits, "ArrowRight")
    press(digits, "ArrowRight")
    href = digits.rows.first.locator("a").first.evaluate("link => link.href")
    with digits.page.expect_navigation():
        digits.page.keyboard.press("Enter")

    assert digits.page.url == href


def test_families_fold_by_arrows(sweeps: TablePage) -> None:
    enter(sweeps)
    press(sweeps, "ArrowDown")
    counts = [sweeps.rows.count()]
    for key in ("ArrowLeft", "ArrowRight"):
        assert press(sweeps, key) == [2, 0]
        counts.append(sweeps.rows.count())

    assert counts[0] == counts[2] > counts[1]
    assert press(sweeps, "ArrowRight") == [2, 1]


def test_groups_unfold_by_keys(digits: TablePage) -> None:
    digits.group("Same but for the seed")
    enter(digits)
    press(digits, "ArrowDown")
    row = digits.rows.first
    states = []
    for key in ("ArrowRight", "ArrowLeft", "Enter", "Enter"):
        assert press(digits, key) == [2, 0]
        states.append(row.get_attribute("aria-expanded"))

    assert states == ["true", "false", "true", "false"]
    assert press(digits, "b") == [2, 0]
    assert "baseline" in str(row.get_attribute("class"))


def test_box_of_a_group_selects_its_runs_and_they_are_compared(digits: TablePage) -> None:
    digits.group("Same but for the seed")
    enter(digits)
    press(digits, "ArrowDown")
    assert press(digits, " ") == [2, 0]
    group, box = digits.rows.first, digits.rows.first.locator(".select_run")
    press(digits, "ArrowRight")
    lines = digits.rows.evaluate_all("(rows) => rows.map((row) => [row.ariaLevel, row.ariaSelected])")
    next_group = next(place for place, (level, _) in enumerate(lines) if place and level == "1")

    assert next_group > 2
    assert group.get_attribute("aria-selected") == "true"
    assert [selected for _, selected in lines] == ["true"] * next_group + ["false"] * (len(lines) - next_group)

    digits.rows.nth(2).locator(".select_run").click()
    assert box.evaluate("(box) => [box.checked, box.indeterminate]") == [False, True]
    digits.rows.nth(next_group).locator(".select_run").click()
    href = digits.page.get_by_role("link", name="Compare their groups").get_attribute("href")
    assert len(unquote(str(href)).split(",")) == 2


def test_suggestions_are_taken_by_keys(digits: TablePage) -> None:
    digits.filter_input.focus()
    digits.page.keyboard.type("widt")
    digits.press("ArrowDown")
    active = str(digits.filter_input.get_attribute("aria-activedescendant"))
    chosen = digits.page.locator(f"#{active}").inner_text()
    digits.press("Enter")
    taken = digits.filter_input.input_value()
    digits.page.keyboard.type(" = 64 ")
    digits.press("ArrowDown", "Escape")
    value = digits.filter_input.input_value()

    assert chosen == taken == "params.width"
    assert value == "params.width = 64 "
    assert digits.filter_input.get_attribute("aria-expanded") == "false"
    assert "params.width" in digits.page.url
    assert digits.page.evaluate("document.activeElement.className") == "run_table_filter"


@pytest.mark.parametrize("name", ["columns", "group", "take_away", "keys"])
def test_menu_closes_by_escape_and_when_it_is_left(name: str, digits: TablePage) -> None:
    menu = digits.page.locator(f".run_table_{name}")
    menu.locator("summary").focus()
    digits.press("Enter")
    menu.locator(".table_menu_content > *").first.wait_for()
    digits.press("Escape")
    closed = menu.get_attribute("open")
    here = digits.page.evaluate("document.activeElement.parentElement.className")
    digits.press("Enter")
    menu.locator(".table_menu_content > *").first.wait_for()
    menu.locator("summary").focus()
    digits.press("Shift+Tab")

    assert closed is None
    assert here.endswith(f"run_table_{name}")
    assert menu.get_attribute("open") is None


def test_choices_in_the_group_menu_keep_the_focus(digits: TablePage) -> None:
    digits.page.locator(".run_table_group summary").focus()
    digits.press("Enter")
    digits.page.locator(".run_table_group .menu_buttons").wait_for()
    digits.press("Tab")
    where = "document.activeElement.closest('label, button')?.textContent"
    said = []
    for key in ("Enter", "Tab", "Enter", "Tab", " ", " "):
        digits.press(key)
        said.append(str(digits.page.evaluate(where)).strip())

    assert said[:3] == ["No groups", "Same but for the seed", "Same but for the seed"]
    assert said[3] == said[4] == said[5] != "None"
