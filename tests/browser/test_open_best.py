"""Pages say the best of runs that ended; scripts put what open runs have reached in its place, from a file too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from runsite.build import build
from runsite.site_paths import experiment_page
from support import RecordingReporter, metrics, run_end, run_start, write_run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    store = tmp_path_factory.mktemp("open") / "runs"
    for experiment, values in {"behind": (0.5, 0.25), "ahead": (0.5, 0.75)}.items():
        for run, value, *end in (("ended", values[0], run_end()), ("open", values[1])):
            write_run(store, experiment, run, run_start(run=run), metrics(3, {"val/acc": value}), *end)
    write_run(store, "first", "alone", run_start(run="alone"), metrics(3, {"val/acc": 0.125}))
    build([store], store.parent / "site", cache=chart_cache, reporter=RecordingReporter())
    return store.parent / "site"


@pytest.mark.parametrize(
    ("experiment", "value", "run", "detail"),
    [
        ("ahead", "0.75", "open", ", so far"),
        ("behind", "0.5", "ended", ", at step 3"),
        ("first", "0.125", "alone", ", so far"),
    ],
)
def test_an_experiment_shows_the_best_of_all_its_runs(
    site: Path, chromium: Browser, experiment: str, value: str, run: str, detail: str
) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open(experiment_page(experiment))
        page.wait_for_function("text => document.querySelector('.best_value').textContent === text", arg=value)

        link, said = page.locator(".figures .best_link"), page.locator(".figures .best_detail")
        assert (link.inner_text(), said.text_content()) == (run, f"{detail} ")
        marked = page.locator(".run_table tbody .best_run")
        assert marked.count() == 1
        assert run in marked.inner_text()
        link.click()
        assert f"runs/{run}-" in page.url
        assert visit.faults == []


def test_the_overview_shows_the_best_of_all_runs(site: Path, chromium: Browser) -> None:
    with fresh_context(chromium) as context, visiting(context, f"{site.as_uri()}/") as visit:
        page = visit.open("index.html")
        page.wait_for_function("document.querySelectorAll('[href*=\"alone-\"].best_link').length === 2")

        rows = page.locator("table.dense .best_value").all_inner_texts()
        assert rows == ["0.75", "0.5", "0.125"]
        assert page.locator(".glance .best_value").all_inner_texts() == rows
        assert visit.faults == []
