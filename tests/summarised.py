"""Experiments and runs as summaries, made in one call, for what is drawn from them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from runsite.model import (
    ExperimentSummary,
    Goal,
    GoalFrom,
    MainMetric,
    MetricSummary,
    Point,
    RunKey,
    RunSummary,
)
from runsite.model.summary import AtExtremes, Extreme
from runsite.status_rule import stalled_at

START = 1_700_000_000.0
"""2023-11-14 22:13:20 UTC."""


def metric(
    name: str, *values: float, goal: Goal | None = None, goal_from: GoalFrom = "record", unit: str | None = None
) -> MetricSummary:
    """Summarise values logged at steps 0, 1, 2, …"""
    finite = [value for value in values if math.isfinite(value)]
    best = (max(finite) if goal == "maximize" else min(finite)) if goal and finite else None
    return MetricSummary(
        name,
        count=len(values),
        finite=len(finite),
        first=Point(0, values[0]),
        last=Point(len(values) - 1, values[-1]),
        min=min(finite, default=None),
        max=max(finite, default=None),
        mean=sum(finite) / len(finite) if finite else None,
        best=None if best is None else Point(values.index(best), best),
        goal=goal,
        goal_from=goal_from if goal else None,
        unit=unit,
    )


def at_extremes(anchor: str, extreme: Extreme, values: Mapping[str, tuple[float, float]]) -> AtExtremes:
    """Say what metrics held where another was lowest or highest: {name: (value, steps from there)}."""
    columns = {name: column for column, name in enumerate(values)}
    found, distances = ([pair[place] for pair in values.values()] for place in (0, 1))
    return AtExtremes({(anchor, extreme): 0}, columns, np.array([found], float), np.array([distances], float))


def run(id: str, *metrics: MetricSummary, experiment: str = "digits", **facts: Any) -> RunSummary:
    """Make a finished run of one minute."""
    told: dict[str, Any] = {
        "name": id,
        "status": "finished",
        "started": START,
        "ended": START + 60,
        "last_time": START + 60,
    } | facts
    if told["status"] == "running":
        told.setdefault("stalled_at", stalled_at(told["last_time"], told.get("longest_gap_seconds", 0.0)))
    return RunSummary(
        key=RunKey(experiment, id),
        store_path=f"{experiment}/{id}",
        metrics={metric.name: metric for metric in sorted(metrics, key=lambda metric: metric.name)},
        **told,
    )


def experiment(runs: Sequence[RunSummary], *, main: MetricSummary | None = None, **facts: Any) -> ExperimentSummary:
    """Make an experiment of runs in the order given; `main` is an example of its main metric."""
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    params = dict.fromkeys(name for run in runs for name in run.params)
    told: Mapping[str, Any] = {
        "name": "digits",
        "title": "digits",
        "description": "",
        "runs": tuple(runs),
        "main_metric": MainMetric(main.name, main.goal, main.goal_from, "declared") if main else None,
        "best": runs[0] if runs and main else None,
        "drawn": tuple(run.key for run in runs[:10]),
        "drawn_reason": "",
        "metric_names": tuple(sorted(names, key=lambda name: main is None or name != main.name)),
        "quiet_metrics": frozenset(),
        "varying_params": tuple(params),
        "param_names": tuple(params),
        "diverged": frozenset(),
    }
    return ExperimentSummary(**{**told, **facts})
