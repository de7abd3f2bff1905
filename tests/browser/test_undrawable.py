"""A chart that Vega cannot draw says so in its own card, and the page goes on."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from browser.visits import fresh_context, visiting
from runsite.build import build
from runsite.site_paths import experiment_page
from support import RecordingReporter, metrics, params, run_end, run_start, write_charts, write_run

LEAST = 5e-324
"""What a double can be above zero; 60 times that is as far as the values lie apart."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    store = tmp_path_factory.mktemp("undrawable") / "runs"
    for number, run in enumerate(("one", "two")):
        rows = [
            metrics(
                step,
                {"tiny": LEAST * (1 + 3 * step), "late": LEAST * (1 + 30 * step) if step < 10 else 1.0, "loss": step},
            )
            for step in range(20)
        ]
        settings = params(lr=number, far=(1.7e308, -1.7e308)[number], depth=2 - number)
        start = run_start(run=run, time=1_700_000_000.0 + number)
        write_run(store, "digits", run, start, settings, *rows, run_end())
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False}}
    step = {"field": "step", "type": "quantitative"}
    charts: dict[str, Any] = {
        "tiny": {"data": {"name": "metric:tiny"}, "mark": "point", "encoding": {"x": step, "y": y}},
        "steps": {"data": {"name": "metric:loss"}, "mark": "point", "encoding": {"x": step}},
    }
    mark = {"type": "point", "size": {"expr": "1/0"}}
    charts["endless"] = {"data": {"name": "metric:loss"}, "mark": mark, "encoding": {"x": step}}
    charts["shapeless"] = {"data": {"name": "runs"}, "mark": "geoshape"}
    charts["bars"] = {
        "data": {"name": "runs"},
        "mark": "bar",
        "encoding": {"x": {"field": "id"}, "y": {"field": "params.lr", "type": "quantitative"}},
    }
    charts["rules"] = {
        "data": {"name": "runs"},
        "mark": "rule",
        "encoding": {"x": {"field": "params.lr", "type": "quantitative"}},
    }
    write_charts(store, "digits", charts)
    build([store], store.parent / "site", cache=chart_cache, reporter=RecordingReporter())
    return store.parent / "site"


def metric_card(page: Page, name: str) -> Locator:
    card = page.locator(f'.metric_chart[data-metric="{name}"]')
    card.scroll_into_view_if_needed()
    return card


def custom_card(page: Page, name: str) -> Locator:
    card = page.locator(f'.custom_chart[data-file="digits/charts/{name}.vl.json"]')
    card.scroll_into_view_if_needed()
    return card


def test_chart_that_cannot_be_drawn_says_so_and_others_are_drawn(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        tiny = metric_card(page, "tiny").locator(".plot_note")
        tiny.wait_for()
        assert tiny.inner_text() == "The values lie too close together to be drawn"
        metric_card(page, "loss").locator(".vega svg").wait_for()
        note = custom_card(page, "tiny").locator(".plot_note")
        note.wait_for()
        assert note.inner_text().startswith("This chart could not be drawn: digits/charts/tiny.vl.json: ")
        custom_card(page, "steps").locator(".vega .mark-symbol path").first.wait_for(state="attached")
    assert visit.faults == []


def test_custom_chart_whose_marks_cannot_be_seen_says_so(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        for name in ("endless", "shapeless"):
            note = custom_card(page, name).locator(".plot_note")
            note.wait_for()
            assert "none of its marks has a shape and a size" in note.inner_text()
        for name in ("bars", "rules"):
            custom_card(page, name).locator(".vega svg").wait_for()


def test_menu_says_what_could_not_be_made(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        for card in (metric_card(page, "tiny"), custom_card(page, "tiny")):
            card.locator(".plot_note").wait_for()
            card.locator(".chart_menu summary").click()
            card.get_by_role("button", name="SVG").click()
            card.get_by_role("button", name="SVG could not be made").wait_for()
            page.keyboard.press("Escape")
    assert visit.faults == []


def test_points_that_cannot_be_drawn_can_be_taken_away(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        card = metric_card(page, "tiny")
        card.locator(".plot_note").wait_for()
        card.locator(".chart_menu summary").click()
        with page.expect_download() as download:
            card.get_by_role("button", name="CSV").click()
        lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 2 * 20
    assert visit.faults == []


def test_chart_whose_zoom_cannot_be_drawn_is_drawn_again_without_it(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        late = metric_card(page, "late")
        late.locator(".vega svg").wait_for()
        page.evaluate("location.hash = 'zoom=1:8'")
        late.locator(".plot_note", has_text="This chart could not be drawn").wait_for()
        late.locator(".plot").hover()
        page.evaluate("location.hash = ''")
        late.locator(".vega svg").wait_for()
        assert late.locator(".plot_note").count() == 0
    assert visit.faults == []


def test_parallel_coordinates_leave_out_and_name_what_no_axis_holds(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(f"{experiment_page('digits')}#relation=parallel")
        section = page.locator("section.relations")
        section.scroll_into_view_if_needed()
        section.locator(".vega svg").wait_for()
        note = section.locator(".chart_notes").inner_text()
        axes = section.locator(".relation_ranges [role=slider]").evaluate_all(
            "ends => [...new Set(ends.map((end) => end.dataset.axis))]"
        )
    assert note.startswith("far left out: its values lie too far apart to be drawn")
    assert {"params.depth", "params.lr"} < set(axes)
    assert "params.far" not in axes
    assert visit.faults == []
