"""What a build does again and what it does not; and that it never matters for what comes out."""

import errno
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from crawling import broken_references, references
from edit_chains import long_logs_from, run_chain
from runsite.build import BuildResult, build, executors
from runsite.build.reasons import NOTHING_CERTAIN, NOTHING_CHANGED, NOTHING_DIFFERS
from runsite.build.status import bucket_of
from runsite.build.verify import compare_sites, differing_files
from runsite.cli import main
from runsite.errors import OutputError, StoreError
from runsite.model import RunKey
from runsite.readers.log_memo import EDGE_BYTES
from runsite.registry import register_model
from runsite.site.written import LIST_FILE, SITE_FILE
from runsite.site_paths import experiment_folder, experiment_page, model_page, run_folder, run_page
from support import (
    START,
    RecordingReporter,
    append_to_run,
    folder_bytes,
    metrics,
    params,
    run_end,
    run_start,
    write_run,
)

CHAINS = 30
"""The first of those that benches/oracle.py runs by the thousand."""
KILLS = 10
HEAVY = {"pandas", "altair", "numpy", "jinja2", "markdown_it", "watchdog", "vl_convert"}
DIGITS = experiment_folder("digits")
OPEN = run_folder(RunKey("digits", "open"))
OVERVIEW = ["404.html", "about.html", "index.html", "models/index.html", "notices.html", "runs/index.html"]


@pytest.fixture
def store(tmp_path: Path, chart_cache: Path) -> Path:
    """An experiment with two ended runs and one that goes on, and another experiment; compiled charts in the cache."""
    folder = tmp_path / "runs"
    for number, run in enumerate(("a1", "a2")):
        points = [metrics(step, {"val/acc": 0.5 + step / 100, "loss": 1.0}, time=START + step) for step in range(3)]
        write_run(folder, "digits", run, run_start(run=run), params(lr=number), *points, run_end())
    rows = [metrics(step, {"val/acc": 0.4, "loss": 2.0 - step}, time=START + 100 + step) for step in range(2)]
    write_run(folder, "digits", "open", run_start(run="open", time=START + 100), params(lr=1), *rows)
    write_run(folder, "wine", "b1", run_start(run="b1"), metrics(0, {"loss": 3.0}), run_end())
    cache = tmp_path / "cache"
    cache.mkdir()
    for compiled in chart_cache.glob("*.js"):
        (cache / compiled.name).write_bytes(compiled.read_bytes())
    grow_old(folder)
    return folder


def grow_old(folder: Path) -> None:
    """Let everything in a store be an hour old, as it is between two trainings."""
    hour_ago = time.time_ns() - 3_600_000_000_000
    for place in (folder, *folder.rglob("*")):
        os.utime(place, ns=(hour_ago, hour_ago))
    # Their ctime cannot be set back; a build that begins within the same tick of the clock would not trust it.
    tick_over = time.monotonic() + 0.03
    while time.monotonic() < tick_over:
        pass


def later() -> int:
    """A clock by which all that was written so far is old."""
    return time.time_ns() + 60_000_000_000


def build_again(store: Path, clock: Callable[[], int] = later, *, workers: int = 1) -> BuildResult:
    folder, reporter = store.parent, RecordingReporter()
    return build([store], folder / "site", cache=folder / "cache", reporter=reporter, clock=clock, workers=workers)


def written_after(store: Path, change: Callable[[], object]) -> list[str]:
    """Build, change something, build again; return what the second build wrote, and hold it against a clean one."""
    build_again(store)
    change()
    result = build_again(store)
    assert differing_files([store], store.parent / "site", cache=store.parent / "cache", began_ns=time.time_ns()) == []
    return list(result.written.written)


@pytest.mark.parametrize("seed", range(CHAINS))
def test_any_chain_of_edits_and_builds_ends_in_the_bytes_of_a_clean_build(
    seed: int, tmp_path: Path, chart_cache: Path
) -> None:
    chain = run_chain(tmp_path, chart_cache, seed)

    assert chain.differences() == [], chain.tape


def test_nothing_changed_writes_nothing_and_says_so(store: Path) -> None:
    build_again(store)
    before = {path: path.stat().st_mtime_ns for path in (store.parent / "site").rglob("*")}

    result = build_again(store)

    assert (list(result.written.written), list(result.written.removed)) == ([], [])
    assert result.reasons == {"": NOTHING_CHANGED}
    assert {path: path.stat().st_mtime_ns for path in (store.parent / "site").rglob("*")} == before


def test_a_line_of_an_open_run_writes_its_page_its_curves_and_its_rows(store: Path) -> None:
    written = written_after(
        store, lambda: append_to_run(store / "digits" / "open", metrics(2, {"val/acc": 0.1, "loss": 0.5}))
    )

    assert written == [f"{DIGITS}more/open.js", f"{DIGITS}rows/open.js", f"{OPEN}index.html", f"{OPEN}series.js"]


def test_a_line_says_how_far_its_log_grew(store: Path) -> None:
    build_again(store)
    log = store / "digits" / "open" / "run.jsonl"
    before = log.stat().st_size
    append_to_run(log.parent, metrics(2, {"val/acc": 0.1, "loss": 0.5}))

    result = build_again(store)

    assert set(result.reasons.values()) == {f"run.jsonl grew by {log.stat().st_size - before} bytes"}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("new best", "run digits/open changed in more than its latest values"),
        ("end", "run digits/open changed and reads finished"),
        ("settings", "the settings of metric val/acc changed"),
    ],
)
def test_what_spans_an_experiment_says_which_run_it_was_made_again_for(store: Path, edit: str, said: str) -> None:
    build_again(store)
    if edit == "settings":
        (store / "runsite.toml").write_text('[metrics."val/acc"]\nunit = "%"\n')
    else:
        append_to_run(store / "digits" / "open", run_end() if edit == "end" else metrics(2, {"val/acc": 0.99}))

    reasons = build_again(store).reasons

    assert reasons[f"{DIGITS}index.html"] == said
    if edit == "settings":
        assert reasons[f"{OPEN}index.html"] == said


def test_what_was_made_for_several_reasons_says_them_all(store: Path) -> None:
    build_again(store)
    (store / "runsite.toml").write_text('[site]\ntitle = "T"\n[metrics."val/acc"]\nunit = "%"\n')
    (store / "theme" / "templates").mkdir(parents=True)
    (store / "theme" / "templates" / "not_found.html").write_text("gone")

    reasons = build_again(store).reasons

    rules, frame = "the settings of metric val/acc changed", "the site's title or its navigation changed"
    theme = "the theme changed (theme/ is new)"
    assert reasons["404.html"] == f"{rules}; runsite.toml changed; other folders lie in the store; {frame}; {theme}"
    assert reasons[f"{DIGITS}index.html"] == f"{rules}; {frame}"


def test_a_run_that_is_read_again_though_its_log_is_as_it_was_says_why(store: Path) -> None:
    build_again(store)
    curves = store.parent / "site" / f"{OPEN}series.js"
    curves.unlink()
    write_run(store, "e", "b")

    reasons = build_again(store).reasons

    assert reasons[f"{OPEN}series.js"] == "it is not there as it was written"


def test_a_new_best_writes_pages_that_name_the_best_and_no_table_for_programs(store: Path) -> None:
    written = written_after(
        store, lambda: append_to_run(store / "digits" / "open", metrics(2, {"val/acc": 0.9}, time=START + 105))
    )

    own = [f"{DIGITS}more/open.js", f"{DIGITS}rows/open.js", f"{OPEN}index.html", f"{OPEN}series.js"]
    spanning = [f"{DIGITS}index.html", f"{DIGITS}table.js", "index.html", "runs/index.html"]
    assert sorted(written) == sorted([*own, *spanning])


def test_a_new_best_of_a_run_that_does_not_lead_writes_what_any_line_does(store: Path) -> None:
    for number in range(10):
        write_run(store, "digits", f"c{number}", run_start(run=f"c{number}"), metrics(0, {"val/acc": 0.6}), run_end())
    grow_old(store)
    written = written_after(
        store, lambda: append_to_run(store / "digits" / "open", metrics(2, {"val/acc": 0.59}, time=START + 105))
    )

    assert written == [f"{DIGITS}more/open.js", f"{DIGITS}rows/open.js", f"{OPEN}index.html", f"{OPEN}series.js"]
    tie = written_after(store, lambda: append_to_run(store / "digits" / "open", metrics(3, {"val/acc": 0.6})))
    assert f"{DIGITS}index.html" in tie


def test_a_touched_log_and_a_git_checkout_write_nothing(store: Path) -> None:
    def check_out() -> None:
        for path in sorted(store.rglob("*.jsonl")):
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)

    assert written_after(store, check_out) == []
    assert build_again(store).reasons == {"": NOTHING_CHANGED}


def test_what_makes_no_output_different_says_so(store: Path) -> None:
    build_again(store)
    (store / "digits" / "open" / "run.jsonl").touch()

    assert build_again(store).reasons == {"": NOTHING_DIFFERS}


def test_files_too_new_to_be_told_by_their_times_are_not_called_changed(store: Path) -> None:
    build_again(store, lambda: time.time_ns() - 3_600_000_000_000)

    assert build_again(store).reasons == {"": NOTHING_CERTAIN}
    assert build_again(store).reasons == {"": NOTHING_CHANGED}


def test_a_value_that_was_corrupted_with_its_time_kept_is_seen(store: Path) -> None:
    log = store / "digits" / "a1" / "run.jsonl"

    def corrupt() -> None:
        times = log.stat()
        log.write_bytes(log.read_bytes().replace(b"0.51", b"0.41"))
        os.utime(log, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert f"{run_folder(RunKey('digits', 'a1'))}series.js" in written_after(store, corrupt)


def test_a_value_far_from_both_edges_of_a_long_log_is_seen_where_only_its_time_tells(store: Path) -> None:
    lines = [metrics(step, {"x": 0.5}) for step in range(EDGE_BYTES // 15)]
    write_run(store, "digits", "long", run_start(run="long"), *lines)
    log = store / "digits" / "long" / "run.jsonl"

    def corrupt() -> None:
        content, times = bytearray(log.read_bytes()), log.stat()
        place = content.index(b"0.5", len(content) // 2)
        assert EDGE_BYTES < place < len(content) - EDGE_BYTES
        content[place : place + 3] = b"0.7"
        log.write_bytes(content)
        os.utime(log, ns=(times.st_atime_ns, times.st_mtime_ns))

    with long_logs_from(EDGE_BYTES):
        assert f"{run_folder(RunKey('digits', 'long'))}series.js" in written_after(store, corrupt)


def test_what_workers_read_whole_is_not_forgotten_by_a_line_appended_later(store: Path) -> None:
    lines = [metrics(step, {"x": 0.5}) for step in range(EDGE_BYTES // 15)]
    write_run(store, "digits", "long", run_start(run="long"), *lines)
    log = store / "digits" / "long" / "run.jsonl"
    with long_logs_from(EDGE_BYTES):
        build_again(store)
        content = log.read_bytes()
        half = len(content) // 2
        log.write_bytes(content[:half] + content[half:].replace(b"0.5", b"0.7", 1))
        for number in range(executors.CHUNK_RUNS):  # so that there is work for a pool
            write_run(store, "digits", f"new{number}", run_start(run=f"new{number}"), run_end())
        build_again(store, workers=2)

        written_after(store, lambda: append_to_run(log.parent, metrics(9999, {"x": 0.5})))


def test_a_middle_value_that_changes_no_figure_changes_the_curve_and_its_address(store: Path) -> None:
    run = store / "digits" / "long"
    values = [0.1, 0.9, *[0.5] * 60, 0.3]
    lines = [run_start(run="long"), *(metrics(step, {"x": value}) for step, value in enumerate(values)), run_end()]
    write_run(store, "digits", "long", *lines)

    def change() -> None:
        log, point = run / "run.jsonl", b'"step": 30, "values": {"x": 0.%d}'
        log.write_bytes(log.read_bytes().replace(point % 5, point % 6))

    written = written_after(store, change)

    folder = run_folder(RunKey("digits", "long"))
    assert {f"{folder}series.js", f"{folder}index.html"} <= set(written)


def test_an_edited_template_prints_its_pages_alone(store: Path) -> None:
    template = store / "theme" / "templates" / "about.html"

    def edit() -> None:
        template.parent.mkdir(parents=True)
        template.write_text('{% extends "base.html" %}{% block content %}ours{% endblock %}', encoding="utf-8")

    assert written_after(store, edit) == ["about.html"]


def write_chart(folder: Path, title: str, *, mark: str = "bar") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "a.vl.json").write_text(json.dumps({"title": title, "data": {"name": "runs"}, "mark": mark}))


def test_an_edited_chart_writes_the_pages_of_its_experiments_alone(store: Path) -> None:
    write_chart(store / "digits" / "charts", "One")
    write_chart(store / "charts", "For all")

    own = written_after(store, lambda: write_chart(store / "digits" / "charts", "Another"))
    shared = written_after(store, lambda: write_chart(store / "charts", "For everyone"))

    page = [f"{DIGITS}charts.js", f"{DIGITS}index.html"]
    wine = experiment_folder("wine")
    assert own == [*page]
    assert shared == sorted([*page, f"{wine}charts.js", f"{wine}index.html"])


def test_a_chart_that_breaks_is_named_on_the_about_page_too(store: Path) -> None:
    write_chart(store / "wine" / "charts", "One")

    written = written_after(store, lambda: write_chart(store / "wine" / "charts", "One", mark="barr"))

    wine = experiment_folder("wine")
    assert written == ["about.html", f"{wine}charts.js", f"{wine}index.html"]
    assert "wine/charts/a.vl.json" in (store.parent / "site" / "about.html").read_text()


def bind_metric(folder: Path, metric: str) -> None:
    folder.mkdir(exist_ok=True)
    spec = {"data": {"name": f"metric:{metric}"}, "mark": "point", "encoding": {"y": {"field": "value"}}}
    (folder / "a.vl.json").write_text(json.dumps(spec))


def test_a_chart_is_mended_by_the_first_point_of_the_metric_it_names(store: Path) -> None:
    bind_metric(store / "digits" / "charts", "precision")
    before = build_again(store)
    point = metrics(9, {"precision": 0.5}, time=START + 200)

    written = written_after(store, lambda: append_to_run(store / "digits" / "open", point))

    assert [problem.reason for problem in before.problems] == [
        "no run has the metric 'precision'; there is loss, val/acc"
    ]
    assert {f"{DIGITS}charts.js", f"{DIGITS}index.html", "about.html"} <= set(written)
    assert build_again(store).problems == ()


def test_a_chart_for_all_is_a_fault_only_where_no_experiment_has_what_it_names(store: Path) -> None:
    bind_metric(store / "charts", "val/acc")
    in_one = build_again(store)
    wine = (store.parent / "site" / experiment_folder("wine") / "index.html").read_text()

    bind_metric(store / "charts", "val/ac")
    in_none = build_again(store)

    assert in_one.problems == ()
    assert "no run has the metric &#x27;val/acc&#x27;; there is loss. It is a chart for every experiment." in wine
    assert [(problem.file, problem.kind) for problem in in_none.problems] == [("charts/a.vl.json", "note")]
    assert differing_files([store], store.parent / "site", cache=store.parent / "cache", began_ns=time.time_ns()) == []


def test_code_that_is_allowed_is_run_and_its_page_written(store: Path) -> None:
    (store / "wine" / "charts").mkdir()
    (store / "wine" / "charts" / "b.py").write_text("import altair\nchart = altair.Chart().mark_bar()\n")
    build_again(store)
    page = store.parent / "site" / experiment_folder("wine") / "index.html"
    before = page.read_text()

    cache, reporter = store.parent / "cache", RecordingReporter()
    build([store], store.parent / "site", cache=cache, reporter=reporter, clock=later, allow_code=True)

    assert "build with --allow-code to run it" in before
    assert "--allow-code" not in page.read_text()


def test_code_for_every_experiment_is_run_once_a_build(store: Path, capfd: pytest.CaptureFixture[str]) -> None:
    site, cache = store.parent / "site", store.parent / "cache"
    (store / "charts").mkdir(exist_ok=True)
    (store / "charts" / "b.py").write_text('print("run")\nimport time\nraise SystemExit(time.time_ns())\n')
    build([store], site, cache=cache, reporter=RecordingReporter(), clock=later, allow_code=True)
    first = capfd.readouterr()

    differing = differing_files([store], site, cache=cache, began_ns=time.time_ns(), allow_code=True)

    assert first == ("", "run\n")
    assert capfd.readouterr() == ("", "run\n")
    assert "SystemExit: " in (site / experiment_page("wine")).read_text()
    assert experiment_page("digits") in differing  # it hangs on more than its text


def test_a_registry_event_writes_the_models_and_the_page_of_its_run(store: Path) -> None:
    written = written_after(
        store,
        lambda: register_model(
            "net", run="digits/a1", uri="https://example.org/m", store=store, by="Ada", clock=lambda: START + 500
        ),
    )

    assert {model_page("net"), "models/index.html", "index.html", run_page(RunKey("digits", "a1"))} <= set(written)
    assert not [path for path in written if path.startswith(run_folder(RunKey("digits", "a2")))]


def test_a_page_that_somebody_deleted_comes_back(store: Path) -> None:
    site = store.parent / "site"

    assert written_after(store, (site / run_page(RunKey("wine", "b1"))).unlink) == [run_page(RunKey("wine", "b1"))]


def test_a_second_writer_that_appears_late_is_read(store: Path) -> None:
    written = written_after(
        store,
        lambda: append_to_run(
            store / "digits" / "open", run_start(time=START - 9), metrics(0, {"x": 1}), writer="rank1"
        ),
    )

    assert run_page(RunKey("digits", "open")) in written


@pytest.mark.parametrize("harm", ["deleted", "torn", "overwritten", "of another layout", "a folder", "locked"])
def test_a_cache_that_cannot_be_used_costs_time_and_nothing_else(store: Path, harm: str) -> None:
    build_again(store)
    file = store.parent / "cache" / "build.sqlite"
    before = folder_bytes(store.parent / "site")
    connection = None
    if harm == "deleted":
        file.unlink()
    elif harm == "torn":
        os.truncate(file, file.stat().st_size // 3)
    elif harm == "overwritten":
        file.write_bytes(b"SQLite format 3\0" + bytes(5000))
    elif harm == "of another layout":
        with sqlite3.connect(file) as other:
            other.execute("PRAGMA user_version = 99")
        other.close()
    elif harm == "a folder":
        file.unlink()
        file.mkdir()
    else:
        connection = sqlite3.connect(file)
        connection.execute("BEGIN EXCLUSIVE")

    result = build_again(store)

    assert result.written.written == []
    assert folder_bytes(store.parent / "site") == before
    append_to_run(store / "digits" / "open", metrics(2, {"val/acc": 0.1, "loss": 0.5}))
    build_again(store)
    if connection is not None:
        connection.close()
    assert differing_files([store], store.parent / "site", cache=store.parent / "cache", began_ns=time.time_ns()) == []


@pytest.mark.parametrize("kind", "experiments facts units runs/ summary/ template/ folders/ inputs/ last".split())
def test_a_cache_that_lost_a_part_costs_time_and_nothing_else(store: Path, kind: str) -> None:
    build_again(store)
    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as other:
        gone = other.execute("DELETE FROM blobs WHERE CAST(name AS TEXT) LIKE ?", [f"%/{kind}%"])
        assert gone.rowcount > 0
    other.close()
    append_to_run(store / "digits" / "open", metrics(2, {"val/acc": 0.1, "loss": 0.5}))

    build_again(store)

    assert differing_files([store], store.parent / "site", cache=store.parent / "cache", began_ns=time.time_ns()) == []


@pytest.mark.parametrize("moved", ["artifacts", "artifacts/plots", "../../shared"])
def test_an_artifact_whose_folder_becomes_a_link_out_of_the_store_is_published_no_more(
    store: Path, tmp_path: Path, moved: str
) -> None:
    run = store / "digits" / "a1"
    (run / "artifacts" / "plots").mkdir(parents=True)
    (run / "artifacts" / "plots" / "x.txt").write_text("mine\n")
    (store / "shared").mkdir()
    (store / "shared" / "y.txt").write_text("ours\n")
    (run / "near").symlink_to("../../shared")
    append_to_run(run, *({"type": "artifact", "path": path} for path in ("artifacts/plots/x.txt", "near/y.txt")))
    grow_old(store)

    def move_out() -> None:
        (run / moved).rename(tmp_path / "away")
        (run / moved).symlink_to(tmp_path / "away")

    written = written_after(store, move_out)

    assert run_page(RunKey("digits", "a1")) in written
    page = (tmp_path / "site" / run_page(RunKey("digits", "a1"))).read_text(encoding="utf-8")
    assert "its path leaves the store; not read" in page


@pytest.mark.parametrize("moved", ["sub", "sub/below"])
@pytest.mark.parametrize(
    ("link", "content"),
    [
        ("digits/a2/run.rank1.jsonl", '{"type": "tags", "values": {"far": "moonshot"}}\n'),
        ("digits/experiment.md", "# moonshot\n"),
        ("charts/far.vl.json", '{"title": "moonshot", "data": {"name": "runs"}, "mark": "bar"}'),
        ("reports/far.md", "# moonshot\n"),
    ],
)
def test_a_link_whose_way_comes_to_lead_out_of_the_store_is_read_no_more(
    store: Path, tmp_path: Path, link: str, content: str, moved: str
) -> None:
    artifacts = store / "digits" / "a1" / "artifacts"
    (artifacts / "sub" / "below").mkdir(parents=True)
    (artifacts / "sub" / "below" / "far").write_text(content, encoding="utf-8")
    (store / link).parent.mkdir(exist_ok=True)
    (store / link).symlink_to(os.path.relpath(artifacts / "sub" / "below" / "far", (store / link).parent))
    grow_old(store)
    build_again(store)
    shown = [path for path, made in folder_bytes(tmp_path / "site").items() if b"moonshot" in made]

    def move_out() -> None:
        (artifacts / moved).rename(tmp_path / "away")
        (artifacts / moved).symlink_to(tmp_path / "away")

    written = written_after(store, move_out)

    assert shown != []
    assert "about.html" in written
    assert [path for path, made in folder_bytes(tmp_path / "site").items() if b"moonshot" in made] == []


@pytest.mark.parametrize("link", ["charts", "digits/charts", "reports"])
def test_a_folder_that_is_a_link_is_told_as_long_as_it_leads_to_a_folder(
    store: Path, tmp_path: Path, link: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (store / link).symlink_to(tmp_path / "elsewhere")
    grow_old(store)
    build_again(store)
    said = f"<code>{link}</code>"
    told = [said in (tmp_path / "site" / "about.html").read_text(encoding="utf-8")]

    for change in ((tmp_path / "elsewhere").rmdir, (tmp_path / "elsewhere").mkdir):
        assert written_after(store, change) == ["about.html"]
        told.append(said in (tmp_path / "site" / "about.html").read_text(encoding="utf-8"))

    assert told == [True, False, True]


@pytest.mark.parametrize("path", ["artifacts/a\0b.txt", "a\0b/c/d.txt", "../a2/a\0b.txt", "a\nb.txt"])
def test_an_artifact_whose_path_no_disk_holds_stands_in_the_way_of_no_later_build(store: Path, path: str) -> None:
    run = store / "digits" / "open"
    append_to_run(run, {"type": "artifact", "path": path})
    grow_old(store)

    written = written_after(store, lambda: append_to_run(run, metrics(2, {"val/acc": 0.1, "loss": 0.5})))

    assert written == [f"{DIGITS}more/open.js", f"{DIGITS}rows/open.js", f"{OPEN}index.html", f"{OPEN}series.js"]
    assert build_again(store).reasons == {"": NOTHING_CHANGED}


def test_a_run_that_moves_to_another_store_is_counted_there(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "others"
    write_run(other, "digits", "z9", run_start(run="z9"), run_end())
    options = {"cache": tmp_path / "cache", "reporter": RecordingReporter(), "clock": later}
    build([store, other], tmp_path / "site", **options)  # type: ignore[arg-type]  # of three kinds

    (store / "digits" / "open").rename(other / "digits" / "open")
    moved = build([store, other], tmp_path / "site", **options)  # type: ignore[arg-type]  # as above
    append_to_run(other / "digits" / "open", metrics(2, {"val/acc": 0.1, "loss": 0.5}))
    grown = build([store, other], tmp_path / "site", **options)  # type: ignore[arg-type]  # as above
    build([store, other], tmp_path / "clean", **options)  # type: ignore[arg-type]  # as above

    assert moved.reasons == {"about.html": "run digits/open lies in another store"}
    assert set(grown.written.written) == {f"{OPEN}{name}" for name in ("index.html", "series.js")} | {
        f"{DIGITS}{block}/open.js" for block in ("rows", "more")
    }
    assert compare_sites(tmp_path / "site", tmp_path / "clean") == []


@pytest.mark.parametrize("is_beside", [True, False], ids=["in one bucket", "in two buckets"])
def test_a_file_that_two_runs_log_is_renewed_on_the_pages_of_both(store: Path, is_beside: bool) -> None:
    parent, names = store / "digits" / "open", (f"c{number}" for number in range(9999))
    name = next(name for name in names if (bucket_of(f"digits/open/{name}") == bucket_of("digits/open")) == is_beside)
    model = parent / name / "model.pt"
    write_run(store, "digits/open", name, run_start(run=name), {"type": "artifact", "path": "model.pt"})
    model.write_bytes(b"weights")
    append_to_run(parent, *({"type": "artifact", "path": f"{name}/{file}"} for file in ("model.pt", "run.jsonl")))
    grow_old(store)

    of_model = written_after(store, lambda: model.write_bytes(b"other weights"))
    of_log = written_after(store, lambda: append_to_run(model.parent, metrics(2, {"loss": 0.5})))

    pages = [run_page(RunKey("digits/open", name)), run_page(RunKey("digits", "open"))]
    assert of_model == sorted(pages)
    assert set(pages) <= set(of_log)
    assert build_again(store).reasons == {"": NOTHING_CHANGED}


def test_an_artifact_that_the_disk_refuses_to_look_at_is_left_out(store: Path, tmp_path: Path) -> None:
    run, artifact = store / "digits" / "a1", store / "digits" / "a1" / "artifacts" / "x.txt"
    artifact.parent.mkdir()
    artifact.write_text("mine\n")
    append_to_run(run, {"type": "artifact", "path": "artifacts/x.txt"})
    grow_old(store)

    def refuse() -> None:  # as a folder does that lets nobody in, and root too
        artifact.unlink()
        artifact.symlink_to("x" * 300)

    written = written_after(store, refuse)

    assert run_page(RunKey("digits", "a1")) in written
    page = (tmp_path / "site" / run_page(RunKey("digits", "a1"))).read_text(encoding="utf-8")
    assert f"cannot be read ({os.strerror(errno.ENAMETOOLONG)})" in page


def test_a_run_that_comes_into_a_folder_whose_time_is_kept_is_seen(store: Path) -> None:
    folder = store / "digits"
    times = folder.stat()

    def add_run() -> None:
        write_run(store, "digits", "a3", metrics(0, {"loss": 1.0}))
        os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert run_page(RunKey("digits", "a3")) in written_after(store, add_run)


def test_a_log_that_comes_beside_an_artifact_is_read(store: Path) -> None:
    run = store / "digits" / "open"
    (run / "artifacts").mkdir()
    (run / "artifacts" / "x.txt").write_text("mine\n")
    append_to_run(run, {"type": "artifact", "path": "artifacts/x.txt"})
    grow_old(store)

    written = written_after(store, lambda: append_to_run(run, metrics(7, {"loss": 0.1}), writer="rank1"))

    assert run_page(RunKey("digits", "open")) in written


def test_a_cache_folder_that_cannot_be_written_costs_time_and_nothing_else(store: Path) -> None:
    (store.parent / "file").write_text("no folder")

    result = build([store], store.parent / "site", cache=store.parent / "file", reporter=RecordingReporter())

    assert result.runs == 4


def test_a_store_whose_runs_went_away_keeps_the_old_site(store: Path) -> None:
    for number in range(12):
        write_run(store, "many", f"r{number:02}")
    build_again(store)
    before = folder_bytes(store.parent / "site")
    (store / "many").rename(store.parent / "elsewhere")

    with pytest.raises(StoreError, match=r"12 of 16 runs are gone, such as many/r00, many/r01, many/r02; the old site"):
        build_again(store)

    assert folder_bytes(store.parent / "site") == before
    options = {"cache": store.parent / "cache", "reporter": RecordingReporter(), "allow_removals": True}
    assert build([store], store.parent / "site", **options).runs == 4  # type: ignore[arg-type]  # of three kinds


@pytest.mark.parametrize(("runs", "said"), [(1, "the only run is gone: e/r0"), (2, "2 of 2 runs are gone: e/r0, e/r1")])
def test_a_store_whose_few_runs_all_went_away_keeps_the_old_site_too(tmp_path: Path, runs: int, said: str) -> None:
    for number in range(runs):
        write_run(tmp_path / "runs", "e", f"r{number}")
    build_again(tmp_path / "runs")
    shutil.rmtree(tmp_path / "runs" / "e")

    with pytest.raises(StoreError, match=f"{said}; the old site is kept"):
        build_again(tmp_path / "runs")

    assert (tmp_path / "site" / run_page(RunKey("e", "r0"))).exists()


def test_a_store_whose_runs_went_away_keeps_the_old_site_without_a_cache_too(store: Path) -> None:
    for number in range(12):
        write_run(store, "many", f"r{number:02}")
    build_again(store)
    (store / "many").rename(store.parent / "elsewhere")
    (store.parent / "cache" / "build.sqlite").unlink()

    with pytest.raises(StoreError, match=r"12 of 16 runs are gone, such as many/r00, many/r01, many/r02; "):
        build_again(store)


def test_a_cache_that_remembers_an_older_site_does_not_hide_that_runs_went_away(store: Path, tmp_path: Path) -> None:
    older, site = tmp_path / "older", tmp_path / "site"
    build([store], site, cache=older, reporter=RecordingReporter())
    for number in range(24):
        write_run(store, "digits", f"late{number:02d}", metrics(0, {"loss": 1.0}))
    build_again(store)
    for number in range(24):
        shutil.rmtree(store / "digits" / f"late{number:02d}")

    with pytest.raises(StoreError, match="24 of 28 runs are gone, such as"):
        build([store], site, cache=older, reporter=RecordingReporter())


def test_what_other_code_remembered_is_not_even_looked_at(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_again(store)
    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as other:
        rows = other.execute(
            "SELECT name FROM blobs WHERE CAST(name AS TEXT) LIKE '%/runs/%' OR CAST(name AS TEXT) LIKE '%/experiments'"
        ).fetchall()
        content = b"\x93\x01\x02\x03"  # a list, of no use to anyone
        digest = hashlib.sha256(content).digest()[:16]
        other.executemany("UPDATE blobs SET content = ? WHERE name = ?", [(digest + content, *row) for row in rows])
    other.close()
    monkeypatch.setattr("runsite.build.status.FORMAT", 2)

    assert build_again(store).written.written == []


def test_no_more_workers_are_begun_than_have_a_chunk_of_runs_to_read(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    class NotedPool(ProcessPoolExecutor):
        def __init__(self, workers: int, **options: Any) -> None:
            begun.append(workers)
            super().__init__(workers, **options)

    monkeypatch.setattr(executors, "ProcessPoolExecutor", NotedPool)

    build_again(store, workers=4)
    (store / "runsite.toml").write_text('[site]\ntitle = "Other"\n')
    build_again(store, workers=4)
    for number in range(executors.CHUNK_RUNS + 1):
        write_run(store, "many", f"r{number}", run_start(), run_end())
    build_again(store, workers=4)

    assert begun == [2]


def test_what_was_kept_of_a_long_log_is_gone_on_with_where_there_is_nothing_for_workers(store: Path) -> None:
    lines = [metrics(step, {"x": 0.5}) for step in range(EDGE_BYTES // 15)]
    write_run(store, "digits", "long", run_start(run="long"), *lines)
    with long_logs_from(EDGE_BYTES):
        build_again(store)
        append_to_run(store / "digits" / "long", run_end())
        build_again(store, workers=2)

    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as cache:
        (kept,) = cache.execute("SELECT count(*) FROM blobs WHERE CAST(name AS TEXT) LIKE '%/log/%'").fetchone()
    cache.close()
    assert kept == 1


def test_workers_change_no_byte(store: Path, tmp_path: Path) -> None:
    for number in range(40):
        write_run(store, "many", f"r{number:02}", run_start(), metrics(number, {"x": number}), run_end())
    build_again(store)

    options: dict[str, Any] = {"cache": None, "reporter": RecordingReporter()}
    for compiled in (tmp_path / "cache").glob("*.js"):
        (tmp_path / "other").mkdir(exist_ok=True)
        (tmp_path / "other" / compiled.name).write_bytes(compiled.read_bytes())
    options["cache"] = tmp_path / "other"
    build([store], tmp_path / "two", workers=2, **options)

    assert folder_bytes(tmp_path / "two") == folder_bytes(tmp_path / "site")


def test_verify_finds_a_byte_that_was_changed_behind_our_back(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--verify"]
    assert main(words) == 0
    page = tmp_path / "site" / "about.html"
    with page.open("r+b") as file:
        file.write(b"?")

    assert main(words) == 3
    assert "--verify: a clean build differs in about.html; the next build makes all anew" in capsys.readouterr().err

    assert main(words) == 0
    assert not page.read_bytes().startswith(b"?")


def test_verify_of_a_store_that_changed_meanwhile_says_so_and_forgets_nothing(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The program is run by every build, and what it writes comes too late for that one: a line each of two builds.
    log = store / "digits" / "open" / "run.jsonl"
    line = json.dumps(metrics(5, {"loss": 0.25}))
    (store / "charts").mkdir()
    (store / "charts" / "b.py").write_text(
        f"import altair\nwith open({str(log)!r}, 'a') as log:\n    print({line!r}, file=log)\n"
        "chart = altair.Chart().mark_bar()\n"
    )
    grow_old(store)
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--allow-code"]

    assert main([*words, "--verify"]) == 1
    problem = "changed while the site was verified, so nothing can be told; verify again while nothing is written there"
    assert f"{log}: {problem}" in capsys.readouterr().err

    main([*words, "--explain"])
    assert f"{OPEN}series.js: run.jsonl grew by {2 * (len(line) + 1)} bytes" in capsys.readouterr().out.splitlines()


def test_verify_tells_of_a_byte_in_a_site_inside_the_store(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", str(store), "-o", str(store / "site"), "--cache", str(store / "remembered"), "--verify"]
    for compiled in (tmp_path / "cache").glob("*.js"):
        (store / "remembered").mkdir(exist_ok=True)
        (store / "remembered" / compiled.name).write_bytes(compiled.read_bytes())
    day_ahead = time.time() + 86_400  # a time of the future does not say that the file changes
    os.utime(store / "wine" / "b1" / "run.jsonl", (day_ahead, day_ahead))
    assert main(words) == 0
    with (store / "site" / "about.html").open("r+b") as file:
        file.write(b"?")

    assert main(words) == 3
    assert "a clean build differs in about.html" in capsys.readouterr().err


BAD_LISTS = ["{", "5", "null", "{}", "[1, 2]", '[["a"]]', "[]", '["index.html"]', None]


def damage_list(site: Path, text: str | None) -> None:
    """Let somebody edit the list of files, or take it away."""
    (site / LIST_FILE).unlink()
    if text is not None:
        (site / LIST_FILE).write_text(text)


@pytest.mark.parametrize("text", BAD_LISTS)
def test_damaged_list_of_files_is_written_anew_where_nothing_else_changed(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--manifest"]
    main(words)
    listed = capsys.readouterr().out
    damage_list(tmp_path / "site", text)

    assert main(words) == 0
    assert capsys.readouterr().out == listed
    assert json.loads((tmp_path / "site" / LIST_FILE).read_bytes()) == listed.split()


def test_list_of_files_with_other_bytes_is_written_anew(store: Path, tmp_path: Path) -> None:
    build_again(store)
    before = (tmp_path / "site" / LIST_FILE).read_bytes()
    (tmp_path / "site" / LIST_FILE).write_bytes(before.replace(b"\n", b"\r\n"))

    result = build_again(store)

    assert (result.written.written, sorted(result.written.lists)) == ([], [LIST_FILE, SITE_FILE])
    assert (tmp_path / "site" / LIST_FILE).read_bytes() == before
    assert differing_files([store], tmp_path / "site", cache=tmp_path / "cache", began_ns=time.time_ns()) == []


def test_compiled_chart_that_cannot_be_read_does_not_keep_a_site_from_being_verified(
    store: Path, tmp_path: Path
) -> None:
    build_again(store)
    (compiled,) = (tmp_path / "cache").glob("vega-*.js")
    compiled.unlink()
    compiled.mkdir()  # which refuses root too

    assert differing_files([store], tmp_path / "site", cache=tmp_path / "cache", began_ns=time.time_ns()) == []


def test_list_of_files_that_was_edited_in_place_is_written_anew(store: Path, tmp_path: Path) -> None:
    build_again(store)
    before = (tmp_path / "site" / LIST_FILE).read_bytes()
    (tmp_path / "site" / LIST_FILE).write_text("{}")

    result = build_again(store)

    assert (result.written.written, sorted(result.written.lists)) == ([], [LIST_FILE, SITE_FILE])
    assert (tmp_path / "site" / LIST_FILE).read_bytes() == before


@pytest.mark.parametrize("text", BAD_LISTS)
def test_what_a_damaged_list_lost_is_still_ours(store: Path, tmp_path: Path, text: str | None) -> None:
    write_run(store, "alone", "gone", run_start(run="gone"), run_end())
    build_again(store)
    damage_list(tmp_path / "site", text)
    write_run(store, "digits", "new", run_start(run="new"), metrics(0, {"loss": 1.0}), run_end())
    shutil.rmtree(store / "alone")

    build_again(store)

    build([store], tmp_path / "clean", cache=tmp_path / "cache", reporter=RecordingReporter())
    assert folder_bytes(tmp_path / "site") == folder_bytes(tmp_path / "clean")


def test_what_somebody_wrote_in_our_place_is_not_ours_where_the_list_is_damaged(store: Path, tmp_path: Path) -> None:
    build_again(store)
    damage_list(tmp_path / "site", "{}")
    (tmp_path / "site" / "index.html").write_text("mine")
    write_run(store, "digits", "new", run_start(run="new"), metrics(0, {"loss": 1.0}), run_end())

    with pytest.raises(OutputError, match=r"index\.html: was not written by runsite"):
        build_again(store)

    assert (tmp_path / "site" / "index.html").read_text() == "mine"


@pytest.mark.parametrize("text", BAD_LISTS)
def test_a_store_that_went_away_is_noticed_where_the_list_is_damaged(
    store: Path, tmp_path: Path, text: str | None
) -> None:
    for number in range(12):
        write_run(store, "many", f"r{number:02}", run_start(), run_end())
    build_again(store)
    damage_list(tmp_path / "site", text)
    shutil.rmtree(store / "many")

    with pytest.raises(StoreError, match=r"12 of 16 runs are gone, such as many/r00, many/r01, many/r02; "):
        build_again(store)


def test_verify_agrees_with_a_site_inside_the_store(store: Path, tmp_path: Path) -> None:
    words = ["build", str(store), "-o", str(store / "site"), "--cache", str(tmp_path / "cache"), "--verify"]

    assert main(words) == 0


@pytest.mark.parametrize("full", ["mkdtemp", "copyfile"])
def test_verify_without_room_for_a_second_site_says_so_in_one_line(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], full: str
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile if full == "mkdtemp" else shutil, full, fail)
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--verify"]

    assert main(words) == 1
    problem = "--verify cannot build a second site in this folder (No space left on device)"
    assert f"{tmp_path}: {problem}; make room" in capsys.readouterr().err


def test_explain_says_why_each_file_was_written(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--explain"]
    main(words)
    lines = capsys.readouterr().out.splitlines()
    assert f"{run_page(RunKey('wine', 'b1'))}: run wine/b1 is new" in lines
    assert len(lines) == len({*json.loads((tmp_path / "site" / "site-files.json").read_bytes()), SITE_FILE, LIST_FILE})
    assert not [line for line in lines if not line.partition(": ")[2]]

    main(words)

    assert capsys.readouterr().out.splitlines() == [NOTHING_CHANGED]


def test_explain_names_the_list_of_files_only_where_it_was_written(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_again(store)
    append_to_run(store / "digits" / "open", {"type": "note", "text": "n"})

    main(["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--explain"])

    names = [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert names == [f"{OPEN}index.html", SITE_FILE]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("list", [f"{LIST_FILE}: it is not there as it was written", f"{SITE_FILE}: it sums the site up"]),
        ("mark", [f"{SITE_FILE}: it is not there as it was written"]),
    ],
)
def test_explain_says_why_the_lists_alone_were_written(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: str, said: list[str]
) -> None:
    build_again(store)
    site_file = tmp_path / "site" / SITE_FILE
    if harm == "list":
        (tmp_path / "site" / LIST_FILE).unlink()
    else:
        site_file.write_text(site_file.read_text().replace('"building": false', '"building": true'))

    main(["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--explain"])

    assert sorted(capsys.readouterr().out.splitlines()) == said


def test_nothing_to_do_imports_nothing_heavy(store: Path, tmp_path: Path) -> None:
    words = ["build", str(store), "-o", str(tmp_path / "site"), "--cache", str(tmp_path / "cache"), "--explain"]
    code = f"from runsite.cli import main\nimport sys\nmain({words!r})\nprint(' '.join(sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    *said, modules = done.stdout.splitlines()
    assert said == [NOTHING_CHANGED]
    assert HEAVY & set(modules.split()) == set()


BUILDER = """
import sys
from pathlib import Path
from runsite.build import build
from runsite.reporter import SilentReporter
store, site, cache = map(Path, sys.argv[1:])
build([store], site, cache=cache, reporter=SilentReporter())
"""


def test_a_build_killed_at_any_moment_is_repaired_and_no_reader_meets_a_broken_reference(
    store: Path, tmp_path: Path
) -> None:
    chosen, site = random.Random(0), tmp_path / "site"
    build_again(store)
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILDER, store, site, tmp_path / "cache"], check=True)
    longest = time.monotonic() - started + 0.5
    for number in range(KILLS):
        append_to_run(store / "digits" / "open", metrics(number, {"val/acc": number / 10, f"m{number}": 1.0}))
        write_run(store, "digits", f"new-{number}")
        builder = subprocess.Popen([sys.executable, "-c", BUILDER, store, site, tmp_path / "cache"])
        moment = time.monotonic() + chosen.random() * longest
        while builder.poll() is None and time.monotonic() < moment:
            assert broken_references(site) == []
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        assert broken_references(site) == []

        build_again(store)

        assert differing_files([store], site, cache=tmp_path / "cache", began_ns=time.time_ns()) == []


@pytest.mark.parametrize("is_first", [True, False], ids=["first", "later"])
def test_no_reader_meets_a_link_to_what_is_still_to_be_put_into_place(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    if not is_first:
        build_again(store)
    write_run(store, "digits", "new", run_start(run="new"), metrics(0, {"loss": 1.0}), run_end())
    write_run(store, "alone", "child", {**run_start(run="child"), "parent": "digits/new"}, run_end())
    (store / "reports").mkdir()
    (store / "reports" / "why.md").write_text("See [the run](../digits/new/run.jsonl).")
    replace, broken = os.replace, []

    def read_along(source: str, target: str) -> None:
        replace(source, target)
        broken.append(broken_references(tmp_path / "site"))

    monkeypatch.setattr(os, "replace", read_along)

    build_again(store)

    assert len(broken) > 10
    assert [each for each in broken if each] == []
    assert any(path.startswith("reports/why-") for path in references(tmp_path / "site", "index.html"))


def test_two_sites_share_a_cache(store: Path, tmp_path: Path) -> None:
    options = {"cache": tmp_path / "cache", "reporter": RecordingReporter(), "clock": later}
    for _ in range(2):
        for name in ("site", "other"):
            result = build([store], tmp_path / name, **options)  # type: ignore[arg-type]  # of three kinds

    assert result.reasons == {"": NOTHING_CHANGED}
    assert compare_sites(tmp_path / "site", tmp_path / "other") == []
