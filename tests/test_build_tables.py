"""What a build writes of run tables: how little for one line of a log, tabs of views, words about wrong settings."""

from pathlib import Path

import pytest

from built_site import BuiltSite
from runsite.build import build
from runsite.errors import RunsiteError
from runsite.model import RunKey
from runsite.site_paths import ALL_RUNS_TABLE, experiment_folder, run_folder, table_file
from support import (
    RecordingReporter,
    append_to_run,
    folder_bytes,
    metrics,
    params,
    run_end,
    run_start,
    write_run,
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    for experiment, ids, name in (("digits", ("a1", "a2"), "val/acc"), ("wine", ("b1", "b2"), "rmse")):
        for place, id in enumerate(ids):
            points = [metrics(step, {name: 0.1 * step + place}) for step in range(5)]
            write_run(folder, experiment, id, run_start(run=id), params(lr=0.1), *points)
    return folder


def build_site(store: Path, cache: Path) -> tuple[BuiltSite, list[str], list[str]]:
    """Build beside the store; return the site, what was written and what was noted."""
    result = build([store], store.parent / "site", cache=cache, reporter=RecordingReporter())
    return BuiltSite(store.parent / "site"), list(result.written.written), list(result.notes)


def head(site: BuiltSite, path: str) -> dict[str, object]:
    kind, _, payload = site.received(path)
    assert kind == "table"
    return dict(payload)


def test_a_line_of_one_log_writes_nothing_of_other_experiments(store: Path, chart_cache: Path) -> None:
    build_site(store, chart_cache)
    append_to_run(store / "digits" / "a1", metrics(5, {"val/acc": 0.05}))

    _, written, _ = build_site(store, chart_cache)

    digits, run = experiment_folder("digits"), run_folder(RunKey("digits", "a1"))
    assert written == [f"{digits}more/open.js", f"{digits}rows/open.js", f"{run}index.html", f"{run}series.js"]


def test_views_are_tabs_of_the_tables_that_have_their_columns(store: Path, chart_cache: Path) -> None:
    (store / "runsite.toml").write_text(
        '[views.fast]\nfilter = "lr < 1"\nsort = "-started"\n[views.accurate]\ncolumns = ["val/acc"]\n',
        encoding="utf-8",
    )

    site, _, messages = build_site(store, chart_cache)

    fast = ["fast", [["filter", "lr < 1"], ["sort", "-started"]]]
    accurate = ["accurate", [["columns", "metrics.val/acc.best"]]]
    assert head(site, table_file("digits"))["views"] == [fast, accurate]
    assert head(site, table_file("wine"))["views"] == [fast]
    assert head(site, ALL_RUNS_TABLE)["views"] == [fast, accurate]
    assert messages == []


def test_a_view_whose_filter_cannot_be_read_leaves_the_old_site_whole(store: Path, chart_cache: Path) -> None:
    build_site(store, chart_cache)
    before = folder_bytes(store.parent / "site")
    (store / "runsite.toml").write_text('[views."slow ones"]\nfilter = "lr <"\n', encoding="utf-8")

    with pytest.raises(RunsiteError, match=r'runsite\.toml: \[views\."slow ones"\] filter, at character 5: '):
        build_site(store, chart_cache)

    assert folder_bytes(store.parent / "site") == before


def test_a_baseline_and_params_of_repeats_reach_the_table(store: Path, chart_cache: Path) -> None:
    for place, id in enumerate(("a1", "a2")):
        append_to_run(store / "digits" / id, params(order=place))
    (store / "runsite.toml").write_text(
        '[groups]\nrepeat = ["order"]\n[experiments.digits]\nbaseline = "a2"\n', encoding="utf-8"
    )

    site, _, _ = build_site(store, chart_cache)

    digits = head(site, table_file("digits"))
    assert digits["baseline"] == "digits/a2"
    assert digits["repeats"] == {"params": [], "ignored": [["order", "named in runsite.toml"]]}
    rows = site.received(f"{experiment_folder('digits')}rows/open.js")[2]
    assert len(rows["repeats"]) == 2
    assert len(set(rows["repeats"])) == 1


def test_a_column_that_no_run_has_is_told(store: Path, chart_cache: Path) -> None:
    (store / "runsite.toml").write_text('[experiments.digits]\ncolumns = ["gone", "lr"]\n', encoding="utf-8")

    _, _, messages = build_site(store, chart_cache)

    assert messages == ["experiment digits: no run has the column 'gone' that runsite.toml asks for"]


def test_a_store_without_runs_has_a_page_of_all_runs(tmp_path: Path, chart_cache: Path) -> None:
    (tmp_path / "runs").mkdir()

    with pytest.raises(RunsiteError):
        build_site(tmp_path / "runs", chart_cache)

    site = BuiltSite(tmp_path / "site")
    assert "runs/index.html" in site.pages
    assert (head(site, ALL_RUNS_TABLE)["row_count"], head(site, ALL_RUNS_TABLE)["shards"]) == (0, [])


def test_nothing_of_a_run_is_in_two_tables(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "exp", "needle", run_start(run="needle"), params(word="haystack"), run_end())

    site, _, _ = build_site(tmp_path / "runs", chart_cache)

    holding = [path for path in site.data_scripts if b"haystack" in (site.folder / path).read_bytes()]
    assert holding == [f"{experiment_folder('exp')}rows/all.js"]
