"""A run as `runsite runs --json` prints it: the shape is a promise (docs/using.md), later versions add to it only."""

import math
from typing import Any

from runsite.model import MetricSummary, ParamConflict, Point, RunSummary

NON_FINITE_NAMES = {math.inf: "Infinity", -math.inf: "-Infinity"}


def run_json(run: RunSummary, *, status: str) -> dict[str, Any]:
    """Make the JSON object of a run; `status` is judged by whoever looks."""
    return {
        "experiment": run.key.experiment,
        "run": run.key.run,
        "name": run.name,
        "status": status,
        "format": run.format,
        "started": run.started,
        "ended": run.ended,
        "parent": None if run.parent is None else str(run.parent),
        "params": {name: finite_json(value) for name, value in run.params.items()},
        "params_conflicts": [_conflict_json(conflict) for conflict in run.params_conflicts],
        "tags": {name: finite_json(value) for name, value in run.tags.items()},
        "metrics": {name: metric_json(metric) for name, metric in run.metrics.items()},
        "artifacts": len(run.artifacts),
        "skipped_lines": run.skipped_lines,
        "skipped_values": run.skipped_values,
    }


def metric_json(metric: MetricSummary) -> dict[str, Any]:
    """Make the JSON object of one metric's figures."""
    return {
        "count": metric.count,
        "finite": metric.finite,
        "first": _point_json(metric.first),
        "last": None if metric.last is None else _point_json(metric.last),
        "min": metric.min,
        "max": metric.max,
        "best": None if metric.best is None else _point_json(metric.best),
        "goal": metric.goal,
        "goal_from": metric.goal_from,
    }


def _point_json(point: Point) -> list[Any]:
    return [point.step, finite_json(point.value)]


def _conflict_json(conflict: ParamConflict) -> dict[str, Any]:
    return {
        "name": conflict.name,
        "kept": finite_json(conflict.kept),
        "ignored": finite_json(conflict.ignored),
        "file": conflict.file,
        "line": conflict.line,
    }


def finite_json(value: Any) -> Any:
    """Write non-finite numbers as the strings of the record format, all else as it is."""
    if isinstance(value, float) and not math.isfinite(value):
        return NON_FINITE_NAMES.get(value, "NaN")
    if isinstance(value, list):
        return [finite_json(item) for item in value]
    if isinstance(value, dict):
        return {key: finite_json(item) for key, item in value.items()}
    return value
