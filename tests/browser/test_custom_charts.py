"""Charts that a store brings along are drawn under the page's strict policy; a broken one stands in its own card."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from runsite.build import build
from runsite.site_paths import experiment_page
from support import RecordingReporter, metrics, params, run_end, run_start, write_run

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
        "wrong": {"data": {"name": "runs"}, "mark": "barr"},
        "nowhere": {"data": {"name": "runs"}, "usermeta": {"fields": {"a": "metrics.no.best"}}, "mark": "bar"},
    }
    folder = store / "digits" / "charts"
    folder.mkdir()
    for name, spec in charts.items():
        (folder / f"{name}.vl.json").write_text(json.dumps(spec))
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
        card("nowhere").locator(".plot_note").wait_for()
        assert "no run has the column metrics.no.best" in card("nowhere").inner_text()
        with page.expect_download() as download:
            card("odd").locator("summary").click()
            card("odd").get_by_role("button", name="CSV").click()
        text = Path(download.value.path()).read_text()
        assert len(text.splitlines()) == 1 + len(VALUES)
        assert 'metrics.a.b[0] ""x"" \\ `y` </script>.last' in text.splitlines()[0]
    assert visit.faults == []
