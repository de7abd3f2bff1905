"""Filters as people write them, over the runs of this repository, held against what each says in Python."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from runsite.answers import judged_status, read_summaries
from runsite.answers.run_list import RunList, run_query
from runsite.config import read_settings
from runsite.model import RunSummary
from runsite.sources import list_store
from runsite.summaries.run_json import run_json

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "example_runs"
SETTINGS = read_settings(EXAMPLES)
NOW = 1_800_000_000.0
"""Long after the last of the runs."""
Run = dict[str, Any]


@pytest.fixture(scope="module")
def examples() -> Sequence[RunSummary]:
    return list(read_summaries(list_store(EXAMPLES).runs, SETTINGS))


def best(run: Run, name: str) -> float:
    return value_of(run, name, "best")


def value_of(run: Run, name: str, which: str) -> float:
    point = run["metrics"].get(name, {}).get(which)
    return math.nan if point is None else float(point[1])


@pytest.mark.parametrize(
    ("filter", "means"),
    [
        (
            "params.lr = '0.1' and metrics.`val/acc`.best >= 98.5",
            lambda run: run["params"].get("lr") == 0.1 and best(run, "val/acc") >= 98.5,
        ),
        (
            'metrics."val/acc" > 98.5 and params.width = "64"',
            lambda run: value_of(run, "val/acc", "last") > 98.5 and run["params"].get("width") == 64,
        ),
        (
            "params.lr < 1e-2 and optimizer in ('adam', 'sgd')",
            lambda run: run["params"].get("lr", 1) < 1e-2 and run["params"].get("optimizer") in ("adam", "sgd"),
        ),
        ("status = 'FAILED'", lambda run: run["status"] == "failed"),
        ("attributes.status != 'FINISHED'", lambda run: run["status"] != "finished"),
        (
            "tags.`mlflow.parentRunId` = 'able-hornet-1d6c'",
            lambda run: run["parent"] == "biopsy-sweeps/able-hornet-1d6c",
        ),
        (
            "status = failed and started >= 2026-01-01 and duration < 30 min",
            lambda run: run["status"] == "failed" and run["ended"] - run["started"] < 1800,
        ),
        (
            "metrics.val/rmse.best <= 60 and not optimizer = sgd",
            lambda run: best(run, "val/rmse") <= 60 and run["params"].get("optimizer") != "sgd",
        ),
        ("WIDTH 128", lambda run: "width" in run["name"] and "128" in run["name"] + run["run"]),
        (
            "width 64 and val/acc.last > 98 and (seed = 1 or seed = 2)",
            lambda run: (
                "width" in run["name"]
                and "64" in run["name"] + run["run"]
                and value_of(run, "val/acc", "last") > 98
                and run["params"]["seed"] in (1, 2)
            ),
        ),
        ("name like 'sweep%' and duration > 1s", lambda run: run["name"].startswith("sweep")),
    ],
)
def test_filters_as_people_write_them_find_example_runs(
    filter: str, means: Callable[[Run], bool], examples: Sequence[RunSummary]
) -> None:
    expected = {run.key for run in examples if means(run_json(run, status=judged_status(run, NOW)))}

    listed = RunList(examples, SETTINGS, run_query(filter, sort=None, columns=None, limit=None), now=NOW)

    assert expected
    assert {run.key for run in listed.runs()} == expected
