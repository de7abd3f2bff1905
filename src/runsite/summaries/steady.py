"""What may be said of a run on pages and in files that span runs: nothing that changes with every line of it.

A line appended to one run of ten thousand must not touch the pages of the others, nor the overview. So whatever spans
runs is made of *steady* runs alone. A run that has ended is steady as it is. Of one without an end these stay: what it
is called, when it began, its parent, params, tags, attempts, source and problems; of each metric what was declared and
its first point; of the main metric the best value so far, if it is among the ten best of its experiment. All else
(other bests, last values, counts, means, curves, the time of the last record, artifacts) stands on its own page and in
its own rows of the table's data.

While something trains, a new best of a run is as ordinary as a line of it. So only what leads counts: the best run and
those drawn first are what they are in the table, and a line that changes neither leaves alone what spans runs.

The moment from which a run without an end is stalled moves with every line, so here it stands at the full hour after
it: what spans runs calls a run stalled up to an hour late, and changes once an hour while it logs.

A last value that is NaN or infinite stays, without its step: a run that diverged is told of at once. Whether a metric
has one point or more, and whether these are all equal, stays too: it decides whether its chart is drawn first. Both
change a few times in a run, not with its lines.
"""

import math
from dataclasses import replace

from runsite.model import RUNNING, MetricSummary, Point, RunSummary

_HOUR_SECONDS = 3600.0


def steady_run(run: RunSummary, *, main: str | None) -> RunSummary:
    """Return a run, its goals settled, without what changes with every line of it; `main` is the metric it leads by."""
    if run.status != RUNNING:
        return run
    return replace(
        run,
        last_time=None,
        longest_gap_seconds=0.0,
        stalled_at=None if run.stalled_at is None else math.ceil(run.stalled_at / _HOUR_SECONDS) * _HOUR_SECONDS,
        metrics={name: _steady_metric(metric, is_main=name == main) for name, metric in run.metrics.items()},
        artifacts=(),
        notes=(),
        at_extremes=None,
    )


def _steady_metric(metric: MetricSummary, *, is_main: bool) -> MetricSummary:
    last = metric.last
    return MetricSummary(
        name=metric.name,
        count=min(metric.count, 2),
        finite=0,
        first=metric.first,
        last=Point(None, last.value) if last is not None and not math.isfinite(last.value) else None,
        min=None,
        max=None,
        mean=None,
        best=metric.best if is_main else None,
        goal=metric.goal,
        goal_from=metric.goal_from,
        unit=metric.unit,
        label=metric.label,
        step_metric=metric.step_metric,
        best_in_last_attempt=metric.best_in_last_attempt if is_main else True,
        constant=metric.constant,
    )
