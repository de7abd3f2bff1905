"""Charts that a store brings along are drawn under the page's strict policy; a broken one stands in its own card."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from runsite.build import build
from runsite.site_paths import experiment_page
from support import RecordingReporter, metrics, params, run_end, run_start, write_charts, write_run

ODD = 'a.b[0] "x" \\ `y` </script>'
VALUES = {"one": 0.5, "two": 0.75, "three": 1.5}


def encoded(x: str, y: str) -> dict[str, Any]:
    return {"x": {"field": x, "type": "nominal"}, "y": {"field": y, "type": "quantitative"}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    store = tmp_path_factory.mktemp("custom") / "runs"
    for run, value in VALUES.items():
        rows = [metrics(step, {ODD: value * step, "loss": value}) for step in range(3)]
        write_run(store, "digits", run, run_start(run=run), params(lr=value), *rows, run_end())
    charts: dict[str, Any] = {
        "bars": {"data": {"name": "runs"}, "mark": "bar", "encoding": encoded("id", "metrics.loss.last")},
        "odd": {
            "data": {"name": "runs"},
            "usermeta": {"fields": {"odd": f"metrics.{ODD}.last"}},
            "mark": "bar",
            "encoding": encoded("id", "odd"),
        },
        "points": {"data": {"name": f"metric:{ODD}"}, "mark": "point", "encoding": encoded("step", "value")},
        "fine": {
            "data": {"name": "runs"},
            "transform": [{"calculate": "datum.params.lr / 15", "as": "rate"}],
            "mark": "tick",
            "encoding": {"x": {"field": "rate", "type": "quantitative"}},
        },
        "wrong": {"data": {"name": "runs"}, "mark": "barr"},
        "nowhere": {"data": {"name": "runs"}, "usermeta": {"fields": {"a": "metrics.no.best"}}, "mark": "bar"},
        "lost": {"data": {"name": "runs"}, "mark": "bar", "encoding": encoded("id", "params.nosuch")},
        "unlogged": {"data": {"name": "metric:nosuch"}, "mark": "point", "encoding": encoded("step", "value")},
        "unknown": {"data": {"name": "runs"}, "transform": [{"calculate": "nosuch(1)", "as": "a"}], "mark": "bar"},
        "wide": {"hconcat": [{"data": {"name": "runs"}, "mark": "bar", "width": 900, "height": 300}] * 2},
    }
    write_charts(store, "digits", charts)
    build([store], store.parent / "site", cache=chart_cache, reporter=RecordingReporter())
    return store.parent / "site"


def test_custom_charts_draw_what_they_bind(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        page.locator("section.custom_charts").scroll_into_view_if_needed()

        def card(name: str) -> Any:
            return page.locator(f'.custom_chart[data-file="digits/charts/{name}.vl.json"]')

        def marks(name: str, kind: str) -> int:
            card(name).locator(f".vega .mark-{kind} path").first.wait_for(state="attached")
            return int(card(name).locator(f".vega .mark-{kind} path").count())

        assert (marks("bars", "rect"), marks("odd", "rect"), marks("points", "symbol")) == (3, 3, 9)
        assert "at mark: 'barr' is not what may stand there" in card("wrong").inner_text()
        assert "no run has the column 'metrics.no.best'" in card("nowhere").inner_text()
        with page.expect_download() as download:
            card("odd").locator("summary").click()
            card("odd").get_by_role("button", name="CSV").click()
        text = Path(download.value.path()).read_text()
        assert len(text.splitlines()) == 1 + len(VALUES)
        assert 'metrics.a.b[0] ""x"" \\ `y` </script>.last' in text.splitlines()[0]
    assert visit.faults == []


def test_status_of_a_run_is_judged_as_in_the_table(chromium: Browser, tmp_path: Path, chart_cache: Path) -> None:
    store = tmp_path / "runs"
    write_run(store, "digits", "quiet", run_start(), metrics(1, {"loss": 1.0}))
    chart = {"data": {"name": "runs"}, "mark": "point", "encoding": {"x": {"field": "status", "type": "nominal"}}}
    write_charts(store, "digits", {"statuses": chart})
    build([store], tmp_path / "site", cache=chart_cache, reporter=RecordingReporter())

    with fresh_context(chromium) as context, visiting(context, f"{(tmp_path / 'site').as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))
        labels = page.locator(".custom_chart svg .role-axis-label text")
        page.locator("section.custom_charts").scroll_into_view_if_needed()
        labels.first.wait_for(state="attached")
        assert "stalled" in page.inner_text(".run_table tbody")
        assert labels.all_text_contents() == ["stalled"]
    assert visit.faults == []


def test_custom_chart_says_what_it_binds_in_vain_and_a_wide_one_scrolls(chromium: Browser, site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page("digits"))

        def card(name: str) -> Any:
            found = page.locator(f'.custom_chart[data-file="digits/charts/{name}.vl.json"]')
            found.scroll_into_view_if_needed()
            return found

        said = {"lost": "no run has the param 'nosuch'; there is lr", "unlogged": "no run has the metric 'nosuch'"}
        for name, text in said.items():
            assert f"digits/charts/{name}.vl.json: {text}" in card(name).inner_text()
            assert card(name).locator(".plot").count() == 0
        card("unknown").locator(".plot_note").wait_for()
        assert "digits/charts/unknown.vl.json: Unrecognized function: nosuch" in card("unknown").inner_text()
        card("wide").locator(".vega svg").wait_for()
        plot = card("wide").locator(".plot")
        # All of its height is seen, and arrow keys reach all of its width.
        assert plot.evaluate("it => [it.clientHeight >= 300, it.scrollWidth > 1800, it.tabIndex]") == [True, True, 0]
        plot.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")


GAPS = """plot => {
  const boxes = [...plot.querySelectorAll(".role-axis-label text")].filter(it => getComputedStyle(it).opacity !== "0")
    .map(it => it.getBoundingClientRect());
  return boxes.slice(1).map((box, place) => box.left - boxes[place].right);
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_labels_of_an_axis_stand_apart(chromium: Browser, site: Path, width: int) -> None:
    with (
        fresh_context(chromium, viewport={"width": width, "height": 900}) as context,
        visiting(context, f"{site.as_uri()}/") as visit,
    ):
        plot = visit.open(experiment_page("digits")).locator('.custom_chart[data-file$="/fine.vl.json"] .plot')
        plot.scroll_into_view_if_needed()
        plot.locator(".vega svg").wait_for()

        gaps = plot.evaluate(GAPS)

    assert len(gaps) >= 4
    assert min(gaps) >= 5, gaps
