"""The run table at odd sizes: a cell of 5,000 characters, 1,000 columns, no runs, one run, 400 runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.table_page import LOW, experiment_page, open_table
from browser.visits import Visit, fresh_context, visiting
from built_site import BuiltSite, build_by_command
from sized_store import MANY_PARAMS, MANY_RUNS, ODD_METRIC, write_sized_store

HEIGHTS = """() => [...new Set([...document.querySelectorAll(".run_table tbody tr:not(.spacer)")]
  .map((row) => row.getBoundingClientRect().height))]"""
SCROLL_THROUGH = """async () => {
  const box = document.querySelector(".run_table_box");
  const frame = () => new Promise(requestAnimationFrame);
  const count = Number(box.querySelector("table").ariaRowCount);
  const [seen, heights, most] = [new Set(), new Set(), []];
  for (let top = 0; top < box.scrollHeight; top += box.clientHeight - 60) {
    box.scrollTop = top;
    const wanted = Math.min(count, 2 + Math.floor((box.scrollTop + box.clientHeight - 50) / 28));
    while (!box.querySelector(`[aria-rowindex="${wanted}"]`)) await frame();
    const rows = [...box.querySelectorAll("tbody tr:not(.spacer)")];
    most.push(rows.length);
    for (const row of rows) {
      seen.add(row.querySelector("a").textContent);
      heights.add(row.getBoundingClientRect().height);
    }
  }
  return [seen.size, [...heights], Math.max(...most)];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> BuiltSite:
    folder = tmp_path_factory.mktemp("sized")
    write_sized_store(folder / "runs")
    return BuiltSite(build_by_command(folder / "runs", folder / "site", chart_cache))


@pytest.fixture(scope="module")
def visit(chromium: Browser, site: BuiltSite) -> Iterator[Visit]:
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, f"{site.folder.as_uri()}/") as visit:
        yield visit


def test_a_thousand_columns_stand_in_rows_of_one_height(visit: Visit, site: BuiltSite) -> None:
    wanted = ["name", "params.text", *(f"params.{name}" for name in MANY_PARAMS)]
    path = experiment_page(site, "wide")

    table = open_table(visit, f"{path}#columns={','.join(wanted)}")
    shown = table.column_ids()
    widths = [table.header(column).bounding_box() for column in ("name", "params.text")]
    table.header("name").locator(".sort_button").focus()
    table.press("Control+End")

    assert shown == wanted
    assert table.page.evaluate(HEIGHTS) == [28]
    assert all(width and width["width"] <= 260 for width in widths)
    assert table.page.evaluate("document.activeElement.cellIndex") == len(wanted) - 1
    assert table.page.evaluate("document.scrollingElement.scrollWidth") == 1280
    assert visit.faults == []


def test_column_of_a_thousand_is_found_by_searching(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "wide"))

    content = table.open_menu("columns")
    listed = content.locator("label").count()
    table.choose_column("p777", "p777")

    assert listed < 400
    assert "params.p777" in table.column_ids()
    assert visit.faults == []


def test_odd_metric_is_filtered_and_sorted_by(visit: Visit, site: BuiltSite) -> None:
    column = f"metrics.{ODD_METRIC}.last"
    quoted = ODD_METRIC.replace("`", "``")

    table = open_table(visit, experiment_page(site, "wide"))
    heads = table.page.eval_on_selector_all(".run_table th", "heads => heads.map((head) => head.dataset.column)")
    table.filter_input.fill("a.b")
    label = table.page.locator(".filter_hints li").first.inner_text()
    table.filter_input.press("ArrowDown")
    table.filter_input.press("Enter")
    taken = table.filter_input.input_value()
    table.filter(f"metrics.`{quoted}`.last > 1")
    error = table.page.locator(".filter_error:not([hidden])").count()

    assert any(ODD_METRIC in head for head in heads), heads
    assert ODD_METRIC in label
    assert taken.startswith("metrics.`a.b[0]")
    assert (error, table.rows.count()) == (0, 2)
    assert column in label or label.startswith("metrics.a.b")
    assert visit.faults == []


def test_experiment_without_runs_has_an_empty_table(visit: Visit, site: BuiltSite) -> None:
    visit.page.goto("about:blank")
    page = visit.open(experiment_page(site, "empty"))

    assert page.locator("h1").inner_text().startswith("Nothing yet")
    assert page.locator(".run_table tbody tr:not(.spacer)").count() == 0
    assert "0 runs" in page.locator(".run_table_note").inner_text()
    assert visit.faults == []


def test_menus_and_filter_of_a_table_without_runs_do_nothing_wrong(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "empty"))
    for name in ("columns", "group", "take_away"):
        table.open_menu(name)
        table.close_menus()
    table.filter("anything")
    table.header("name").locator(".sort_button").focus()
    table.press("ArrowDown", "Control+End", " ", "Enter")

    assert table.page.locator(".run_table_empty").is_visible()
    assert visit.faults == []


def test_single_run_is_a_table_of_one_row(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "single"))
    table.group("Same but for the seed")
    groups = table.rows.count()
    table.fold(0)

    assert (groups, table.rows.count()) == (1, 2)
    assert table.page.evaluate(HEIGHTS) == [28]
    assert "1 group of 1 run" in table.page.locator(".run_table_note").inner_text()
    assert visit.faults == []


def test_button_of_the_comparison_lies_beside_short_names(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "tall"))

    gaps = table.page.evaluate("""() => [...document.querySelectorAll(".run_table tbody .name")].map((cell) => {
      const [link, button] = ["a", ".compare"].map((part) => cell.querySelector(part).getBoundingClientRect());
      return button.left - link.right;
    })""")

    assert gaps
    assert min(gaps) >= 0


def test_many_runs_are_all_reached_with_few_rows_drawn(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "tall"))
    seen, heights, most = table.page.evaluate(SCROLL_THROUGH)
    last = table.rows.last.get_attribute("aria-rowindex")

    assert seen == MANY_RUNS
    assert heights == [28]
    assert most < 120
    assert last == str(MANY_RUNS + 1)
    assert visit.faults == []


def test_print_holds_fifty_rows_and_the_way_to_all(visit: Visit, site: BuiltSite) -> None:
    table = open_table(visit, experiment_page(site, "tall"))
    table.page.evaluate("""() => {
      const rows = () => document.querySelectorAll(".run_table tbody tr:not(.spacer)").length;
      addEventListener("beforeprint", () => { window.printed = rows(); });
    }""")
    table.page.pdf()
    printed = table.page.evaluate("window.printed")
    table.page.emulate_media(media="print")
    link = table.page.locator(".run_files a", has_text="runs.csv").is_visible()
    filter_box = table.filter_input.is_visible()
    table.page.emulate_media(media="screen")

    assert printed == 50
    assert link
    assert not filter_box
    # After printing the rows in sight alone stand there.
    table.page.wait_for_function("""() => document.querySelectorAll(".run_table tbody tr:not(.spacer)").length < 50""")


def test_without_scripts_fifty_rows_and_the_way_to_all(chromium: Browser, site: BuiltSite) -> None:
    origin = f"{site.folder.as_uri()}/"
    with fresh_context(chromium, java_script_enabled=False) as context, visiting(context, origin) as visit:
        visit.page.goto(origin + experiment_page(site, "tall"))
        rows = visit.page.locator(".run_table tbody tr").count()
        links = visit.page.locator(".run_files a").all_inner_texts()
        menus = visit.page.locator(".run_table_bar details:visible, .run_table_bar input:visible").count()

    assert rows == 50
    assert links == ["runs.csv", "runs.json"]
    assert menus == 0
