"""JSON-lines logs of public projects, turned into metrics records: the site builds, the figures match the truth."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from built_site import BuiltSite, build_by_command, kind_of
from drawn_charts import differences, drawn_figures, told_figures
from support import Record, metrics, run_end, run_start, write_run

# The name of the step in each tool's lines.
STEP_KEYS = {"detectron2": "iteration", "detr_log_txt": "epoch", "dreamer_jsonl": "step"}


def json_line_runs(real_runs: Path) -> Iterator[tuple[str, str, Path, dict[str, Any]]]:
    """Yield (experiment, run, log file, truth about some of its metrics) of every log in JSON lines."""
    truth = json.loads((real_runs / "truth.json").read_text(encoding="utf-8"))
    for source, facts in truth.items():
        if source.split("/")[0] not in STEP_KEYS:
            continue
        for path, checked in facts["checked_runs"].items():
            if not path.endswith(".csv"):
                yield source, path.replace("/", "_"), real_runs / source / path, checked["metrics"]


def records_of(log: Path, step_key: str) -> Iterator[Record]:
    """Turn each line into one metrics record; what is no number stays out."""
    yield run_start()
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        numbers = {name: value for name, value in row.items() if type(value) in (int, float)}
        yield metrics(row[step_key], numbers)
    yield run_end()


def command(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "runsite.cli", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def store(real_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "runs"
    for experiment, run, log, _ in json_line_runs(real_runs):
        write_run(folder, experiment, run, *records_of(log, STEP_KEYS[experiment.split("/")[0]]))
    return folder


def test_figures_of_real_logs_match_the_truth(store: Path, real_runs: Path) -> None:
    told = {
        (run["experiment"], run["run"]): run
        for run in map(json.loads, command("runs", str(store), "--json").splitlines())
    }

    compared = 0
    for experiment, name, _, truth in json_line_runs(real_runs):
        run = told[experiment, name]
        figures = {
            metric: {key: run["metrics"][metric][key] for key in ("count", "finite", "first", "last", "min", "max")}
            for metric in truth
        }
        assert figures == {
            metric: {"count": true["n"], **{key: true[key] for key in ("finite", "first", "last", "min", "max")}}
            for metric, true in truth.items()
        }
        assert run["skipped_lines"] == 0
        compared += len(truth)
    assert compared > 20


@pytest.fixture(scope="module")
def real_site(store: Path, chart_cache: Path) -> Path:
    return build_by_command(store, store.parent / "site", chart_cache)


def test_charts_of_real_logs_draw_what_is_told(real_site: Path, store: Path) -> None:
    drawn = drawn_figures(real_site)

    sources = {run.split("/")[0] for run, _ in drawn}
    assert len(sources) == len(STEP_KEYS)
    assert differences(drawn, told_figures(store)) == []


def test_site_of_real_logs_has_a_page_for_each_run(real_site: Path, store: Path) -> None:
    site = BuiltSite(real_site)
    assert sum(kind_of(path) == "run" for path in site.page_paths) == len(list(store.rglob("run.jsonl")))
    assert site.broken_links() == []
