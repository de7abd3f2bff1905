"""A view made by hand, its address, a browser that knows nothing of it: the same view."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.table_page import LOW, TablePage, experiment_page, open_table
from browser.visits import Visit, fresh_context, visiting
from built_site import BuiltSite

Act = Callable[[TablePage], object]
ACC, LAST, LOSS = "metrics.val/acc.best", "metrics.val/acc.last", "metrics.val/loss.best"
LR, WIDTH, SEED = "params.lr", "params.width", "params.seed"
ODD_NAME = "metrics.`val/acc`.best > 0.9 and (params.\"lr\" <= 0.1 or tags.`round` in ('a''b', \"x\"))"
FORGET = """async () => {
  window.name = "";
  history.replaceState(null, "");
  for (const storage of [localStorage, sessionStorage]) storage.clear();
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
}"""

VIEWS: dict[str, tuple[str, list[Act]]] = {
    "sorted by one": ("digits-mlp", [lambda t: t.sort(SEED)]),
    "sorted by three": (
        "digits-mlp",
        [
            lambda t: t.sort(WIDTH),
            lambda t: t.sort(LR, "Shift"),
            lambda t: t.sort(LR, "Shift"),
            lambda t: t.sort(LOSS, "Shift"),
        ],
    ),
    "filtered by words": ("all runs", [lambda t: t.filter("momentum 0.3 or boosting")]),
    "filtered as in MLflow": (
        "digits-mlp",
        [lambda t: t.filter("attributes.status = 'FINISHED' and metric.`val/acc` > 98 and params.lr = \"0.1\"")],
    ),
    "filtered with odd quotes": ("digits-mlp", [lambda t: t.filter(ODD_NAME), lambda t: t.sort("name")]),
    "filter that cannot be read": ("digits-mlp", [lambda t: t.filter("params.lr > "), lambda t: t.sort(SEED)]),
    "filter that broke while it was typed": (
        "digits-mlp",
        [
            lambda t: t.filter("seed = 1"),
            lambda t: t.filter_input.press("End"),
            lambda t: t.page.keyboard.type(" and width = 64 and (& #x=+%41,"),
            lambda t: t.filter_input.blur(),
        ],
    ),
    "columns chosen and removed": (
        "digits-mlp",
        [
            lambda t: t.choose_column("grad", "grad_norm mean"),
            lambda t: t.choose_column("val/acc", "val/acc curve"),
            lambda t: t.choose_column("augment", "augment"),
            lambda t: t.menu(LAST, "Hide"),
        ],
    ),
    "columns dragged and moved by keys": (
        "digits-mlp",
        [
            lambda t: t.drag_header(ACC, "metrics.test/acc.best"),
            lambda t: t.keys(WIDTH, "Alt+ArrowLeft", "Alt+ArrowLeft"),
            lambda t: t.menu(SEED, "Move left"),
        ],
    ),
    "columns pinned and resized": (
        "digits-mlp",
        [
            lambda t: t.menu(LOSS, "Pin at the left"),
            lambda t: t.menu(LR, "Pin at the left"),
            lambda t: t.drag_edge("status", 40),
            lambda t: t.drag_edge("name", -60),
            lambda t: t.keys(ACC, "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"),
        ],
    ),
    "constants hidden": (
        "diabetes-optimizers",
        [
            lambda t: t.open_menu("columns").get_by_label("Hide columns in which all runs agree").click(),
            lambda t: t.close_menus(),
        ],
    ),
    "columns moved past hidden constants": (
        "digits-mlp",
        [
            lambda t: t.choose_column("optimizer", "optimizer"),
            lambda t: t.open_menu("columns").get_by_label("Hide columns in which all runs agree").click(),
            lambda t: t.close_menus(),
            lambda t: t.keys(SEED, "Alt+ArrowRight", "Alt+ArrowLeft", "Alt+ArrowLeft"),
        ],
    ),
    "grouped by repeats": (
        "digits-mlp",
        [lambda t: t.group("Same but for the seed"), lambda t: t.fold(1), lambda t: t.fold(0)],
    ),
    "grouped by a param, sorted by spread": (
        "digits-mlp",
        [
            lambda t: t.group("width", "lr", "standard deviation", "greatest", "95 % interval"),
            lambda t: t.sort(f"sd({ACC})"),
            lambda t: t.sort("n", "Shift"),
            lambda t: t.fold(2),
        ],
    ),
    "grouped by a tag under a filter": (
        "digits-mlp",
        [
            lambda t: t.group("round (tag)"),
            lambda t: t.filter("lr < 0.3"),
            lambda t: t.fold(0),
            lambda t: t.drag_edge("n", 30),
        ],
    ),
    "nested, some folded": ("biopsy-sweeps", [lambda t: t.fold(0), lambda t: t.sort("metrics.val/auc.best")]),
    "nested runs laid flat": (
        "biopsy-sweeps",
        [lambda t: t.press_chip("Flatten nested runs"), lambda t: t.compare(3), lambda t: t.filter("boosting")],
    ),
    "baseline run": ("digits-mlp", [lambda t: t.compare(4), lambda t: t.sort(LOSS)]),
    "baseline group": (
        "digits-mlp",
        [lambda t: t.group("Same but for the seed"), lambda t: t.compare(2), lambda t: t.fold(3)],
    ),
    "selected, with eyes": (
        "digits-mlp",
        [
            lambda t: t.select(1),
            lambda t: t.select(4, "Shift"),
            lambda t: t.select(2),
            lambda t: t.eye(0),
            lambda t: t.eye(13),
        ],
    ),
    "draw only these": (
        "biopsy-sweeps",
        [lambda t: t.select(1), lambda t: t.select(9), lambda t: t.press_chip("Draw only these")],
    ),
    "tab of a view": ("digits-mlp", [lambda t: t.tab("moved pictures"), lambda t: t.sort(SEED)]),
    "tab left as it came": ("digits-mlp", [lambda t: t.sort(SEED), lambda t: t.tab("same but for the seed")]),
}


@pytest.fixture(scope="module")
def visit(chromium: Browser, origins: dict[str, str]) -> Iterator[Visit]:
    """The tab in which views are made."""
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        yield visit


@pytest.fixture(scope="module")
def elsewhere(chromium: Browser, origins: dict[str, str]) -> Iterator[Visit]:
    """The tab of another browser, in which they are opened: one for all, as a tab's first page costs it two seconds."""
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        yield visit


def forget_all(visit: Visit) -> None:
    """Leave nothing in a browser that a page could have kept, but for what is in addresses."""
    visit.page.context.clear_cookies()
    visit.open("about.html").evaluate(FORGET)


@pytest.mark.parametrize("view", VIEWS)
def test_address_of_a_view_opens_it_in_another_browser(
    view: str, visit: Visit, elsewhere: Visit, example_site: Path
) -> None:
    name, acts = VIEWS[view]
    table = open_table(visit, experiment_page(BuiltSite(example_site), name))
    untouched = table.page.url

    for act in acts:
        act(table)
        table.settle()
    made, address = table.read(), table.page.url
    forget_all(elsewhere)
    opened = open_table(elsewhere, address.removeprefix(visit.origin)).read()

    assert address != untouched
    for part, seen in made.items():
        assert opened[part] == seen, part
    assert made["rows"] or "odd quotes" in view
    assert visit.faults == elsewhere.faults == []
