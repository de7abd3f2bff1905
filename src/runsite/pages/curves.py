"""Sparklines of the overview: the best value so far, run by run."""

from collections.abc import Sequence

from runsite.charts.sparkline import sparkline_path
from runsite.model import ExperimentSummary, RunSummary
from runsite.notes import Html


def best_so_far(experiment: ExperimentSummary) -> list[float]:
    """List an experiment's best value after each run, in the order in which the runs were started."""
    main = experiment.main_metric
    if main is None or main.goal is None:
        return []
    better = max if main.goal == "maximize" else min
    best: list[float] = []
    for run in sorted(experiment.runs, key=_started):
        metric = run.metrics.get(main.name)
        if metric is not None and metric.best is not None:
            best.append(better(best[-1], metric.best.value) if best else metric.best.value)
    return best


def print_sparkline(values: Sequence[float]) -> Html:
    """Print a curve as a small SVG; nothing where there is no curve."""
    path = sparkline_path(values) if len(values) > 1 else ""
    if not path:
        return Html("")
    return Html(f'<svg viewBox="0 0 96 20" aria-hidden="true"><path d="{path}"/></svg>')


def _started(run: RunSummary) -> tuple[float, str]:
    return (run.started or 0.0, run.key.run)
