"""The best run of an experiment by a metric, as the site tells it.

The goal is the one that is settled for the whole experiment. Of runs that tie at the best value it is the one that
started first, as on the experiment's page; within a run the earliest of equal points.
"""

from dataclasses import dataclass

from runsite.errors import RunsiteError
from runsite.model import ExperimentSummary, Goal, GoalFrom, MetricSummary, RunSummary, Step
from runsite.nearest import unknown_name


@dataclass(frozen=True, slots=True)
class BestRun:
    """Which run of an experiment is the best by a metric, and by what value."""

    run: str
    """Its key, `experiment/id`."""
    name: str
    metric: str
    value: float
    step: Step | None
    """Where the run logged that value; None if it logged no step."""
    goal: Goal
    goal_from: GoalFrom
    """settings, record or guess."""


def best_run(experiment: ExperimentSummary, metric: str | None = None) -> BestRun:
    """Find the best run; RunsiteError without the metric, without a goal for it, or without a finite value."""
    name = metric if metric is not None else _main_metric(experiment)
    found = [(run, run.metrics[name]) for run in experiment.runs if name in run.metrics]
    if not found:
        raise unknown_name(f"no run of {experiment.name!r} has a metric {name!r}", name, experiment.metric_names)
    goal, goal_from = found[0][1].goal, found[0][1].goal_from  # one for the experiment: see summaries/settled
    if goal is None or goal_from is None:
        raise RunsiteError(f"{name!r} of {experiment.name!r} has no goal; {_how_to_declare(name)}")
    ranked = [(_place(run, own), run, own.best) for run, own in found if own.best is not None]
    if not ranked:
        raise RunsiteError(f"no run of {experiment.name!r} has a finite value of {name!r}")
    _, best, point = min(ranked, key=lambda each: each[0])
    return BestRun(str(best.key), best.name, name, point.value, point.step, goal, goal_from)


def _place(run: RunSummary, metric: MetricSummary) -> tuple[object, ...]:
    value = metric.best.value if metric.best else 0.0
    better_first = -value if metric.goal == "maximize" else value
    return better_first, run.started is None, run.started or 0.0, run.key


def _main_metric(experiment: ExperimentSummary) -> str:
    if experiment.main_metric is None:
        raise RunsiteError(f"no metric of {experiment.name!r} has a goal; {_how_to_declare('NAME')}")
    return experiment.main_metric.name


def _how_to_declare(name: str) -> str:
    """Name the two places a goal is declared in."""
    quoted = "'" + name + "'" if '"' in name or "\\" in name else f'"{name}"'
    return f'declare one: run.define_metric({name!r}, goal="minimize"), or goal = "minimize" under [metrics.{quoted}]'
