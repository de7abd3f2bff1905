"""Charts that relate runs to each other: of the table's runs, filtered by ranges, taken away, read as tables."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from browser.relations_page import RUNS, drawn, listed, open_relation, settle
from browser.table_page import experiment_page, open_table
from browser.visits import SETTLED, TOOLTIP, Visit, fresh_context, visiting
from built_site import BuiltSite, build_by_command
from related_store import ODD_PARAM, write_related_store
from sized_store import ODD_METRIC

KINDS = ["scatter", "parallel", "importance", "histogram", "best_so_far"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> BuiltSite:
    folder = tmp_path_factory.mktemp("related")
    write_related_store(folder / "runs", counts=(3, RUNS))
    return BuiltSite(build_by_command(folder / "runs", folder / "site", chart_cache))


@pytest.fixture
def visit(chromium: Browser, site: BuiltSite) -> Iterator[Visit]:
    with fresh_context(chromium) as context, visiting(context, f"{site.folder.as_uri()}/") as visit:
        yield visit
        assert visit.faults == []


def take_away(section: Locator, label: str) -> bytes:
    section.locator(".chart_menu summary").click()
    with section.page.expect_download() as download:
        section.locator(".chart_menu button", has_text=label).click()
    return Path(download.value.path()).read_bytes()


def test_nothing_is_loaded_or_drawn_before_the_section_is_near(visit: Visit, site: BuiltSite) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 240})
    asked = "() => document.querySelectorAll('script[src*=relation_specs]').length"

    table = open_table(visit, experiment_page(site, f"of-{RUNS}"))
    before = table.page.evaluate(asked), table.page.locator("section.relations .vega").count()
    table.page.locator("section.relations").scroll_into_view_if_needed()
    table.page.locator("section.relations .vega svg").wait_for(state="attached")

    assert before == (0, 0)
    assert table.page.evaluate(asked) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_and_its_table_has_the_rows_of_the_chart(visit: Visit, site: BuiltSite, kind: str) -> None:
    table, section = open_relation(visit, site, f"relation={kind}")

    expected = drawn(table.page)
    rows = listed(section)
    marks = section.locator(".vega svg .mark-symbol path, .vega svg .mark-line path, .vega svg .mark-rect path").count()

    assert section.locator(f"[data-kind={kind}]").get_attribute("aria-pressed") == "true"
    assert len(rows) == len(expected["listing"]) > 0
    assert marks >= min(len(rows), 2)
    for row, values in zip(rows, expected["listing"], strict=True):
        is_run = str(values[0]).startswith("of-")
        assert is_said(row[0], values[1] if is_run else values[0])


def is_said(cell: str, value: str | float) -> bool:
    return cell == value if isinstance(value, str) else float(cell) == pytest.approx(value, rel=1e-3)


def test_kind_columns_and_scales_stand_in_the_address(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site)

    section.get_by_role("button", name="Histogram").click()
    section.get_by_role("heading", name="Runs by val/acc").wait_for()
    section.locator(".relation_choices select").select_option("params.lr")
    section.get_by_role("heading", name="Runs by lr").wait_for()
    section.locator(".relation_choices input").uncheck()
    hash_ = table.page.evaluate("() => location.hash")

    assert hash_ == "#relation=histogram&relation_of=params.lr&relation_log=-params.lr"
    section.get_by_label("log scale of lr", exact=True).wait_for()
    section.get_by_role("heading", name="Runs by lr").wait_for()
    table.page.reload()
    section.scroll_into_view_if_needed()
    section.get_by_role("heading", name="Runs by lr").wait_for()
    assert not section.locator(".relation_choices input").is_checked()


def test_a_click_on_a_point_opens_its_run_and_hovering_names_it(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site)
    page = table.page
    plot = section.locator(".plot")

    symbol = plot.locator(".vega .mark-symbol path").nth(2)
    symbol.hover(force=True)
    page.locator(".chart_tooltip:visible").wait_for()
    said = page.evaluate(TOOLTIP)
    box = symbol.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/runs/**")

    assert [row["name"] for row in said["rows"]][:2] == ["lr", "val/acc best"]
    assert page.locator("h1").inner_text().startswith(said["caption"])


def drag_axis(section: Locator, axis: str, start: float, end: float) -> None:
    """Drag along an axis, from one share of its box to another, 0 being its lower end; wait for what it chooses."""
    hit = section.locator(f".range_axis[data-axis='{axis}'] .range_hit")
    hit.scroll_into_view_if_needed()  # which waits until it stays where it is
    box = hit.bounding_box()
    assert box
    page, x = section.page, box["x"] + box["width"] / 2
    before = page.evaluate("() => location.href")

    def height(share: float) -> float:
        return box["y"] + box["height"] * (1 - share)

    page.mouse.move(x, height(start))
    page.mouse.down()
    page.mouse.move(x, height((start + end) / 2))
    page.mouse.move(x, height(end))
    page.mouse.up()
    page.wait_for_function("(before) => location.href !== before", arg=before)
    settle(section)


def test_a_range_becomes_the_filter_and_the_table_shows_its_runs(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site, "relation=parallel")
    before = drawn(table.page)

    drag_axis(section, "params.lr", 0.45, 0.8)
    text = table.filter_input.input_value()
    after = drawn(table.page)
    low, high = (float(part.split()[-1]) for part in text.split(" and "))
    expected = [row[0] for row in before["listing"] if row[3] is not None and low <= lr_of(row) <= high]

    assert text.startswith("params.lr >= ")
    assert sorted(after["shown"]) == sorted(expected)
    assert 0 < len(expected) < RUNS
    assert sorted(table.names()) == sorted(row[1] for row in before["listing"] if row[0] in expected)
    section.locator(".chart_notes", has_text="left out by the ranges").wait_for()


# In the taller window the page ends in sight and cannot be scrolled.
@pytest.mark.parametrize("height", [700, 3000])
def test_the_chart_stays_in_its_place_while_ranges_change_the_table_above(
    visit: Visit, site: BuiltSite, height: int
) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": height})
    table, section = open_relation(visit, site, "relation=parallel")
    page = table.page
    top = "() => Math.round(document.querySelector('.relations .plot').getBoundingClientRect().top)"
    page.evaluate("() => scrollBy(0, document.querySelector('.relations .plot').getBoundingClientRect().top - 150)")
    page.evaluate(SETTLED)

    tops, rows = [page.evaluate(top)], [len(table.names())]
    for start, end in [(0.7, 0.8), (0.45, 0.99), (0.6, 0.6)]:
        drag_axis(section, "params.lr", start, end)
        tops.append(page.evaluate(top))
        rows.append(len(table.names()))
    drag_axis(section, "params.lr", 0.7, 0.8)
    section.locator(".relation_choices").get_by_role("button", name="Clear the ranges").evaluate(
        "(button) => button.click()"
    )
    settle(section)
    tops.append(page.evaluate(top))

    assert rows[1] < rows[2] < rows[0] == rows[3]
    assert max(tops) - min(tops) <= 1, tops


def lr_of(row: list[Any]) -> float:
    return next(float(cell) for cell in row[2:] if isinstance(cell, float) and cell < 1) if row else 0.0


def test_clearing_the_filter_clears_the_range_and_the_other_way_round(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(
        visit, site, "relation=parallel&filter=run+and+params.depth+%3D+4+and+params.lr+%3E%3D+0.01"
    )
    chosen = section.locator(".range_axis.is_chosen")
    assert chosen.evaluate_all("(axes) => axes.map(({ dataset }) => dataset.axis)") == ["params.lr"]

    section.get_by_role("button", name="Clear the ranges").click()
    chosen.wait_for(state="detached")
    settle(section)
    assert table.filter_input.input_value() == "run and params.depth = 4"

    drag_axis(section, "params.optimizer", 0.4, 0.99)
    assert "params.optimizer" in table.filter_input.input_value()
    table.filter("")
    chosen.wait_for(state="detached")
    assert len(drawn(table.page)["shown"]) == RUNS


def test_labels_of_the_first_axis_are_not_cut_on_a_narrow_screen(visit: Visit, site: BuiltSite) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    axes = "started,params.optimizer,params.lr,params.depth,metrics.val%2Facc.best"
    _, section = open_relation(visit, site, f"relation=parallel&relation_axes={axes}")

    edge = section.locator(".relation_box").bounding_box()
    labels = section.locator(".vega .mark-text text").evaluate_all(
        "(labels) => labels.map((label) => [label.textContent, label.getBoundingClientRect().left])"
    )

    assert edge
    assert max(len(text) for text, _ in labels) > 10
    assert min(left for _, left in labels) >= edge["x"]


def test_ends_of_a_range_are_moved_by_keys(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site, "relation=parallel")
    low = section.locator(".range_axis[data-axis='params.depth'] .range_end[data-end=low]")

    low.focus()
    for _ in range(3):
        table.page.keyboard.press("ArrowUp")
        settle(section)
    moved = table.filter_input.input_value()
    focused = table.page.evaluate("() => ({ ...document.activeElement.dataset })")
    table.page.keyboard.press("Escape")
    table.page.wait_for_function("() => !document.querySelector('.range_axis.is_chosen')")

    assert moved.startswith("params.depth >= ")
    assert focused == {"axis": "params.depth", "end": "low"}
    assert table.filter_input.input_value() == ""


def test_a_range_is_chosen_by_touch(chromium: Browser, site: BuiltSite) -> None:
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with fresh_context(chromium, **options) as context, visiting(context, f"{site.folder.as_uri()}/") as visit:
        table, section = open_relation(visit, site, "relation=parallel")
        hit = section.locator(".range_axis").first.locator(".range_hit")
        hit.scroll_into_view_if_needed()
        box = hit.bounding_box()
        assert box
        session = context.new_cdp_session(table.page)
        x, height = box["x"] + box["width"] / 2, box["height"]

        def touch(kind: str, share: float) -> None:
            points = [] if kind == "touchEnd" else [{"x": x, "y": box["y"] + height * (1 - share)}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", 0.5)
        for share in (0.6, 0.8, 0.97):
            touch("touchMove", share)
        touch("touchEnd", 0.97)
        table.page.wait_for_function("() => location.hash.includes('filter=')")

        assert len(drawn(table.page)["shown"]) < RUNS
        assert visit.faults == []


MISSING_LR = """() => {
  const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
  const texts = [...document.querySelectorAll(".relations .vega text")];
  const label = texts.findLast(({ textContent }) => textContent.includes("missing"));
  const hit = document.querySelector(".range_axis[data-axis='params.lr'] .range_hit");
  return [middle(hit.getBoundingClientRect())[0], middle(label.getBoundingClientRect())[1]];
}"""


def test_runs_that_lack_a_value_are_chosen_on_their_own_tick(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site, "relation=parallel")
    lacking = [row[0] for row in drawn(table.page)["listing"] if None in row]
    section.scroll_into_view_if_needed()

    table.page.mouse.click(*table.page.evaluate(MISSING_LR))
    settle(section)

    assert table.filter_input.input_value() == "params.lr is null"
    assert sorted(drawn(table.page)["shown"]) == sorted(lacking)
    assert len(lacking) == RUNS // 12


def test_a_bar_of_the_histogram_shows_its_runs_in_the_table(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site, "relation=histogram&relation_of=params.optimizer")
    counts = {row[0]: int(row[1]) for row in listed(section)}

    section.locator(".vega .mark-rect path").nth(1).click(force=True)
    table.page.wait_for_function("() => location.hash.includes('filter=')")

    assert table.filter_input.input_value() == "params.optimizer = 'it''s lion'"
    assert len(drawn(table.page)["shown"]) == counts["it's lion"] == RUNS // 3


@pytest.mark.parametrize("column", ["metrics.val%2Facc.best", "duration", "started"])
def test_the_histogram_of_one_run_is_a_bar_within_its_axes(visit: Visit, site: BuiltSite, column: str) -> None:
    _, section = open_relation(
        visit, site, f"relation=histogram&relation_of={column}&filter=name%20%3D%20%27run%207%27"
    )

    plot = section.locator(".vega svg").bounding_box()
    axes = section.locator(".vega .role-axis-domain line").evaluate_all(
        "(lines) => lines.map((line) => line.getBoundingClientRect().width)"
    )
    bars = section.locator(".vega .mark-rect path").evaluate_all(
        "(bars) => bars.map((bar) => bar.getBoundingClientRect().toJSON())"
    )

    assert plot is not None
    assert max(axes) > 0.7 * plot["width"]
    (bar,) = [bar for bar in bars if bar["height"] > 1]
    assert 0.5 * max(axes) < bar["width"] < max(axes)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_taken_away_as_spec_picture_and_csv(visit: Visit, site: BuiltSite, kind: str) -> None:
    odd = f"&relation_x=params.{quoted(ODD_PARAM)}&relation_y=metrics.{quoted(ODD_METRIC)}.last"
    odd += f"&relation_of=metrics.{quoted(ODD_METRIC)}.last&relation_axes=params.lr,metrics.{quoted(ODD_METRIC)}.last"
    table, section = open_relation(visit, site, f"relation={kind}{odd}")

    spec = json.loads(take_away(section, "Vega-Lite spec"))
    svg = take_away(section, "SVG").decode()
    png = take_away(section, "PNG")
    rows = list(csv.reader(io.StringIO(take_away(section, "CSV").decode(), newline="")))

    assert spec["$schema"].endswith(".json")
    assert "$x_domain" not in json.dumps(spec)
    assert svg.startswith("<svg")
    assert "</script>" not in svg
    assert png.startswith(b"\x89PNG")
    assert len(rows) == 1 + len(drawn(table.page)["listing"])
    if kind in ("scatter", "parallel", "histogram"):
        assert any(ODD_METRIC in cell for cell in rows[0])
        assert ODD_METRIC in section.locator("h3").inner_text()
    if kind == "importance":
        assert ODD_PARAM in [row[0] for row in rows]


def quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


def test_charts_follow_filter_selection_and_theme(visit: Visit, site: BuiltSite) -> None:
    table, section = open_relation(visit, site, "relation=importance")

    table.filter("params.depth = 4")
    table.page.wait_for_function(
        "() => / over [0-9] runs/.test(document.querySelector('.relation .chart_notes').textContent)"
    )
    ink = section.locator(".vega text").first.get_attribute("fill")
    table.page.emulate_media(color_scheme="dark")
    table.page.wait_for_function(
        "(ink) => document.querySelector('.relations .vega text').getAttribute('fill') !== ink", arg=ink
    )
    table.filter("")
    section.get_by_role("button", name="Scatter").click()
    table.select(1)

    section.locator(".chart_notes", has_text="selected runs").wait_for()
