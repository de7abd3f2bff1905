"""The run table in each of its states: nothing for axe to say, light or dark, wide or on a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser.table_page import LOW, TablePage, experiment_page, open_table
from browser.visits import Visit, fresh_context, visiting
from built_site import BuiltSite

Act = Callable[[TablePage], object]
# Low also because axe looks at every cell in sight.
SIZES = {"wide": LOW, "phone": {"width": 360, "height": 480}}
FEW = "#filter=seed%20%3C%202%20and%20lr%20%3D%200.1&columns=name,status,metrics.val%2Facc.best,params.lr,started"
STATES: dict[str, tuple[str, str, list[Act]]] = {
    "plain": ("digits-mlp", "", []),
    "filtered with an error": ("digits-mlp", FEW, [lambda t: t.filter("params.lr > ")]),
    "suggestions": (
        "digits-mlp",
        FEW,
        [lambda t: t.filter_input.fill("metrics."), lambda t: t.filter_input.press("ArrowDown")],
    ),
    "columns menu": ("digits-mlp", FEW, [lambda t: t.open_menu("columns")]),
    "group menu": ("digits-mlp", FEW + "&group=repeats", [lambda t: t.open_menu("group")]),
    "column menu": ("digits-mlp", FEW, [lambda t: t.keys("metrics.val/acc.best", "Alt+ArrowDown")]),
    "take-away menu": ("digits-mlp", FEW, [lambda t: t.open_menu("take_away")]),
    "keys": ("digits-mlp", FEW, [lambda t: t.open_menu("keys")]),
    "groups": ("digits-mlp", "#group=params.lr&stats=mean%2Csd%2Cmax", [lambda t: t.fold(0)]),
    "nested": ("biopsy-sweeps", "", [lambda t: t.fold(0)]),
    "baseline": ("digits-mlp", "", [lambda t: t.compare(3)]),
    "baseline group": ("digits-mlp", FEW + "&group=repeats", [lambda t: t.compare(2), lambda t: t.fold(0)]),
    "selection": ("digits-mlp", FEW, [lambda t: t.select(0), lambda t: t.select(3, "Shift"), lambda t: t.eye(1)]),
    "all runs": ("all runs", "", []),
    "no match": ("digits-mlp", FEW, [lambda t: t.filter("nothing-of-this-name")]),
    "no group": ("digits-mlp", "#group=repeats&filter=nothing-of-this-name", []),
    "curves and pins": (
        "digits-mlp",
        "#filter=seed%20%3D%201&columns=name,metrics.val%2Facc.curve,metrics.val%2Facc.best&pin=metrics.val%2Facc.best",
        [],
    ),
}
# Without preload it asks for no stylesheet, which a page opened from a file may not fetch.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
# Colours follow from the scheme alone, all else from the size; contrast is two thirds of what axe does.
COLOURS = {"runOnly": ["color-contrast"]}
ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
LOOKS: dict[str, dict[str, dict[str, Any]]] = {
    "wide": {"light": {}, "dark": COLOURS},
    "phone": {"light": ALL_BUT_COLOURS},
}
OVERLAYS = ".table_menu[open] .table_menu_content, .column_actions, .filter_hints:not([hidden])"
MEASURE = """(overlays) => {
  const rows = [...document.querySelectorAll(".run_table tbody tr:not(.spacer)")]
    .map((row) => row.getBoundingClientRect().height);
  const box = document.querySelector(".run_table_box");
  box.scrollLeft = 200;
  const left = (element) => element.getBoundingClientRect().left - box.getBoundingClientRect().left;
  const firsts = [...document.querySelectorAll(".run_table tr:not(.spacer) > :first-child")].map(left);
  box.scrollLeft = 0;
  return {
    width: document.scrollingElement.scrollWidth,
    row_heights: [...new Set(rows)],
    first_column: [...new Set(firsts.map(Math.round))],
    cut: [...document.querySelectorAll(".run_table tbody td.numeric")]
      .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
    overlays: [...document.querySelectorAll(overlays)].map((each) => each.getBoundingClientRect())
      .map(({ left, right, height }) => [left >= 0, right <= innerWidth, height > 20]),
  };
}"""

HIDE_ALL_BELOW = """() => {
  for (const part of document.querySelectorAll("section.charts, section.relations")) part.style.display = "none";
}"""


@pytest.fixture(scope="module")
def visits(chromium: Browser, origins: dict[str, str]) -> Iterator[dict[str, Visit]]:
    """One tab of each size."""
    with (
        fresh_context(chromium, viewport=SIZES["wide"]) as wide,
        fresh_context(chromium, viewport=SIZES["phone"]) as phone,
        visiting(wide, origins["file"]) as on_wide,
        visiting(phone, origins["file"]) as on_phone,
    ):
        yield {"wide": on_wide, "phone": on_phone}


def open_state(state: str, visit: Visit, site: Path) -> TablePage:
    name, fragment, acts = STATES[state]
    table = open_table(visit, experiment_page(BuiltSite(site), name) + fragment)
    for act in acts:
        act(table)
    table.settle()
    return table


def hide_all_below(table: TablePage) -> None:
    """Take charts out of sight: axe lays out and climbs through the whole page, whatever part it is asked about."""
    table.page.evaluate(HIDE_ALL_BELOW)


def violations(table: TablePage, rules: dict[str, Any]) -> list[str]:
    """Ask axe about the part with the table; test_accessibility.py asks about whole pages."""
    found: dict[str, Any] = Axe().run(table.page, context=".run_table", options=OPTIONS | rules).response
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_light_or_dark(state: str, size: str, visits: dict[str, Visit], example_site: Path) -> None:
    table = open_state(state, visits[size], example_site)
    shape = table.page.evaluate(MEASURE, OVERLAYS)
    faults: dict[str, list[str]] = {}
    hide_all_below(table)
    for scheme, rules in LOOKS[size].items():
        table.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of Playwright's two words
        faults[scheme] = violations(table, rules)

    assert faults == {scheme: [] for scheme in LOOKS[size]}
    assert shape["width"] == SIZES[size]["width"], "the page scrolls sideways"
    assert shape["row_heights"] == ([] if state in ("no match", "no group") else [28])
    assert shape["cut"] == [], "a figure is cut"
    assert all(all(holds) for holds in shape["overlays"]), shape["overlays"]
    assert set(shape["first_column"]) <= {0, 1}, "the first column is not pinned"
    assert visits[size].faults == []
