"""What the charts of a built site draw, beside what the command line tells of the same runs."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

from machine import MIN_NODE, find_node
from support import skip_or_fail

PROGRAM = Path(__file__).resolve().parent / "frontend" / "drawn_figures.js"
NON_FINITE = ("NaN", "Infinity", "-Infinity")
# Values travel as thirty-two bits where the log says no more digits than that.
PRECISION = 1e-7

Figures = dict[tuple[str, str], dict[str, Any]]
"""By run and metric: min, max, last and the number of values that are not finite."""


def drawn_figures(site: Path) -> Figures:
    """Work out what each chart draws, by the functions of the front end."""
    node = find_node()
    if node is None:
        skip_or_fail(f"no Node {MIN_NODE} or newer found")
    done = subprocess.run([node, str(PROGRAM), str(site)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {(run, metric): figures for run, metric, figures in map(json.loads, done.stdout.splitlines())}


def told_figures(store: Path) -> Figures:
    """Read the same figures from `runsite runs --json`."""
    command = [sys.executable, "-m", "runsite.cli", "runs", str(store), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        (f"{run['experiment']}/{run['run']}", name): {
            "min": metric["min"],
            "max": metric["max"],
            "last": metric["last"][1],
            "non_finite": metric["count"] - metric["finite"],
        }
        for run in map(json.loads, done.stdout.splitlines())
        for name, metric in run["metrics"].items()
    }


def differences(drawn: Figures, told: Figures) -> list[tuple[object, ...]]:
    """List what the charts draw otherwise than it is told."""
    missing = [(key, "not on both sides") for key in drawn.keys() ^ told.keys()]
    unequal = [
        (key, figure, drawn[key][figure], value)
        for key in sorted(drawn.keys() & told.keys())
        for figure, value in told[key].items()
        if not _is_same(drawn[key][figure], value)
    ]
    return [*missing, *unequal]


def _is_same(drawn: Any, told: Any) -> bool:
    if isinstance(drawn, str) or isinstance(told, str) or drawn is None or told is None:
        return bool(drawn == told)
    return math.isclose(drawn, told, rel_tol=PRECISION)
