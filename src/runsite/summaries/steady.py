"""What may be said of a run on pages and in files that span runs: nothing that changes with every line of it.

A line appended to one run of ten thousand must not touch the pages of the others, nor the overview. So whatever spans
runs is made of *steady* runs alone. A run that has ended is steady as it is. Of one without an end these stay: what it
is called, when it began, its parent, params, tags, attempts, source and problems; of each metric what was declared and
its first point. Everything else (best and last values, counts, means, curves, the time of the last record, artifacts)
stands on its own page and in its own rows of the table's data.

While something trains, a new best is as ordinary as a new line. So what spans runs is judged by the runs that have
ended, and says so; the browser, which looks at the rows of the others, puts a better one in its place (`open_best.js`).

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


def steady_run(run: RunSummary) -> RunSummary:
    """Return a run, its goals settled, without what changes with every line of it."""
    if run.status != RUNNING:
        return run
    return replace(
        run,
        last_time=None,
        longest_gap_seconds=0.0,
        stalled_at=None if run.stalled_at is None else math.ceil(run.stalled_at / _HOUR_SECONDS) * _HOUR_SECONDS,
        metrics={name: _steady_metric(metric) for name, metric in run.metrics.items()},
        artifacts=(),
        notes=(),
        at_extremes=None,
    )


def _steady_metric(metric: MetricSummary) -> MetricSummary:
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
        best=None,
        goal=metric.goal,
        goal_from=metric.goal_from,
        unit=metric.unit,
        label=metric.label,
        step_metric=metric.step_metric,
        constant=metric.constant,
    )
