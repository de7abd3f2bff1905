"""Values of all metrics at the step where one of them was best: test accuracy at the best validation loss.

Curves are gone once a run is summarised, and which end of a metric is best is settled later, for all runs of an
experiment. So a run keeps a small table: a row for each anchor (the lowest or the highest point of one metric), a
column for each metric.

Anchors: of a metric with a goal the end that the goal means; of one without both, as another run may declare a goal.
Clocks, counters and settings are none unless somebody declared a goal for them. At most 1,024 values a run, that is
16 KB: anchors are taken as long as they fit, those of declared goals first, then of guessed ones, then of none;
within each validation metrics first, then by name. So a goal that another run's log turns around, and a run of more
than 1,024 metrics, leave "at best" without a value.

The value is that at the nearest logged step; of two equally near the smaller step's; of several points with that step
the last logged. Where the metric has as many attempts as the anchor, only the points of the attempt that holds the
anchor's best count: a training that went back logs the same steps with other weights. NaN and the infinities are
values. Without a step at the anchor, or in the metric, there is none; a metric at its own best is its best.

Whole steps are compared exactly, all others as float64. Metrics of one training loop share their steps, so each
distinct column of steps is searched once, for all anchors.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from runsite.model import Goal, GoalFrom, MetricSummary, Point, RunSummary, Series, Step
from runsite.model.summary import AtExtremes, Extreme
from runsite.summaries.goals import is_quiet_name, is_validation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Steps = NDArray[np.int64] | NDArray[np.float64]

# 100 metrics have room for 10 anchors; 10 metrics without any goal for all of their 20.
MAX_VALUES = 1_024
_EXTREME: Mapping[Goal, Extreme] = {"minimize": "lowest", "maximize": "highest"}
_ORDER: Mapping[GoalFrom | None, int] = {"settings": 0, "record": 0, "guess": 1, None: 2}
"""Whose anchors are taken first, by where their goal comes from."""


@dataclass(frozen=True, slots=True)
class AtBest:
    """A metric's value at another's best."""

    value: float
    distance: float
    """Steps from the anchor's best to where the value was logged; negative when that is before it."""


def at_best(run: RunSummary, name: str, anchor: str) -> AtBest | None:
    """Look up a metric's value where another was best by its settled goal; None where that is not known."""
    judged, table = run.metrics.get(anchor), run.at_extremes
    if judged is None or judged.goal is None or judged.best is None:
        return None
    if name == anchor:
        return AtBest(judged.best.value, 0.0)
    if table is None:
        return None
    row, column = table.anchors.get((anchor, _EXTREME[judged.goal])), table.names.get(name)
    if row is None or column is None:
        return None
    distance = table.distances.item(row, column)
    return None if math.isnan(distance) else AtBest(table.values.item(row, column), distance)


def values_at_extremes(series: Mapping[str, Series], metrics: Mapping[str, MetricSummary]) -> AtExtremes | None:
    """Take the values of all metrics of a run at each anchor; None where there is nothing to take."""
    plan = _plan(tuple((name, metric.goal, metric.goal_from, metric.finite > 0) for name, metric in metrics.items()))
    if not plan.anchors or len(metrics) < 2:
        return None
    points = [metrics[name].lowest if end == "lowest" else metrics[name].highest for name, end in plan.anchors]
    search = _Search([_anchor(series[name], point) for (name, _), point in zip(plan.anchors, points, strict=True)])
    found = [search.found(series[name]) for name in plan.names]
    values = np.array([series[name].values.take(each.places) for name, each in zip(plan.names, found, strict=True)]).T
    distances = np.array([each.distances for each in found]).T
    missing = np.isnan(distances)
    if missing.any():
        values[missing] = np.nan
    values[plan.own] = [math.nan if point is None else point.value for point in points]
    distances[plan.own] = 0.0
    return AtExtremes(plan.anchors, plan.names, values, distances)


class _Plan(NamedTuple):
    """The frame of a run's table; runs that log the same metrics share one."""

    anchors: Mapping[tuple[str, Extreme], int]
    names: Mapping[str, int]
    own: "tuple[NDArray[np.intp], NDArray[np.intp]]"
    """Rows and columns of the cells in which a metric meets itself."""


@lru_cache(maxsize=64)  # the same metrics come in every run
def _plan(metrics: tuple[tuple[str, Goal | None, GoalFrom | None, bool], ...]) -> _Plan:
    """Choose the anchors among metrics: name, goal, where that comes from, whether any value is finite."""
    names = {metric[0]: column for column, metric in enumerate(metrics)}
    ordered = sorted(
        (_ORDER[goal_from], not is_validation(name), name, goal)
        for name, goal, goal_from, has_extremes in metrics
        if has_extremes and not (is_quiet_name(name) and _ORDER[goal_from])
    )
    both: tuple[Extreme, Extreme] = ("lowest", "highest")
    ends = [(name, end) for *_, name, goal in ordered for end in ((_EXTREME[goal],) if goal else both)]
    chosen = ends[: MAX_VALUES // max(1, len(names))]
    own = np.arange(len(chosen)), np.array([names[name] for name, _ in chosen], np.intp)
    return _Plan({anchor: row for row, anchor in enumerate(chosen)}, names, own)


_Anchor = tuple[Step | None, int, int]
"""Where an extreme lies: its step, its attempt, and how many attempts its series has."""


def _anchor(series: Series, point: Point | None) -> _Anchor:
    if point is None:
        return None, 0, 1
    starts = series.attempt_starts
    if not starts:
        return point.step, 0, 1
    # Extremes are the earliest of equals, so the first such value is the point itself.
    return point.step, bisect_right(starts, int((series.values == point.value).argmax())), len(starts) + 1


class _Found(NamedTuple):
    """For each anchor the place of the nearest point, and how far its step lies from the anchor's; NaN for none."""

    places: "NDArray[np.intp]"
    distances: "NDArray[np.float64]"


class _Group(NamedTuple):
    """Anchors that are searched for at once."""

    attempt: int | None
    """The attempt to search; None for all points."""
    rows: "NDArray[np.intp]"
    steps: "Steps"


class _Search:
    """Finds the points nearest to the anchors; remembers each column of steps it has seen."""

    def __init__(self, anchors: Sequence[_Anchor]) -> None:
        self._anchors = anchors
        self._groups: dict[int, list[_Group]] = {}
        self._by_identity: dict[tuple[int, tuple[int, ...]], _Found] = {}
        self._by_content: dict[tuple[str, bytes, tuple[int, ...]], _Found] = {}

    def found(self, series: Series) -> _Found:
        """Find the points of a series."""
        steps, starts = series.steps, series.attempt_starts
        identity = (id(steps), starts)
        found = self._by_identity.get(identity)
        if found is None:
            content = (steps.dtype.char, steps.tobytes(), starts)
            found = self._by_content.get(content)
            if found is None:
                found = self._by_content[content] = self._find(steps, starts)
            self._by_identity[identity] = found
        return found

    def _find(self, steps: "Steps", starts: tuple[int, ...]) -> _Found:
        count = len(self._anchors)
        groups = self._grouped(len(starts) + 1)
        if len(groups) == 1 and len(groups[0].rows) == count and groups[0].attempt is None:
            found = _nearest(steps, groups[0].steps)  # nothing to put together: the common case
            if found is not None:
                return found
        found = _Found(np.zeros(count, np.intp), np.full(count, np.nan))
        bounds = (0, *starts, len(steps))
        for attempt, rows, wanted in groups:
            first, end = (0, len(steps)) if attempt is None else bounds[attempt : attempt + 2]
            nearest = _nearest(steps[first:end], wanted)
            if nearest is not None:
                found.places[rows] = nearest.places + first
                found.distances[rows] = nearest.distances
        return found

    def _grouped(self, attempts: int) -> list[_Group]:
        """Part the anchors that have a step by the attempt that is searched for them, and whole steps from others."""
        if attempts not in self._groups:
            rows: dict[tuple[int | None, bool], list[int]] = {}
            for row, (step, attempt, own_attempts) in enumerate(self._anchors):
                if isinstance(step, int) or (step is not None and math.isfinite(step)):
                    searched = attempt if own_attempts == attempts > 1 else None
                    rows.setdefault((searched, isinstance(step, int)), []).append(row)
            self._groups[attempts] = [self._group(each, *kind) for kind, each in rows.items()]
        return self._groups[attempts]

    def _group(self, rows: list[int], attempt: int | None, is_whole: bool) -> _Group:
        steps = [self._anchors[row][0] for row in rows]
        wanted: Steps = np.array(steps, np.int64) if is_whole else np.array(steps, np.float64)
        return _Group(attempt, np.array(rows), wanted)


def _nearest(steps: "Steps", wanted: "Steps") -> _Found | None:
    """Find the last point at the step nearest to each wanted one; None if no point has a step."""
    known, order = _in_order(steps)
    if not len(known):
        return None
    if known.dtype != wanted.dtype:
        known, wanted = known.astype(np.float64), wanted.astype(np.float64)
    ends = known.searchsorted(wanted, "right")
    below = known[np.maximum(ends - 1, 0)]
    places, distances = ends - 1, np.zeros(len(wanted))
    if not (below == wanted).all():  # else all were logged at these very steps: the common case, at half the cost
        above = known[np.minimum(ends, len(known) - 1)]
        down, up = _gaps(below, wanted), _gaps(wanted, above)
        upward = (ends == 0) | (ends < len(known)) & (up < down)
        places = known.searchsorted(np.where(upward, above, below), "right") - 1
        distances = np.where(upward, up, 0.0 - down)
    return _Found(places if order is None else order[places], distances)


def _gaps(start: "Steps", end: "Steps") -> "NDArray[np.uint64] | NDArray[np.float64]":
    """Subtract; the distance of two int64 fits uint64, into which what overflows wraps."""
    if start.dtype == np.int64:
        return (end - start).view(np.uint64)
    with np.errstate(over="ignore"):
        return (end - start).astype(np.float64, copy=False)


def _in_order(steps: "Steps") -> "tuple[Steps, NDArray[np.intp] | None]":
    """Sort the steps that are known, whole ones as int64; also return where they lie, None for where they are."""
    order = None
    if steps.dtype != np.int64:
        known = np.isfinite(steps)
        if not known.all():
            order = np.flatnonzero(known)
            steps = steps[order]
        if (steps == np.rint(steps)).all() and (np.abs(steps) < 2.0**63).all():
            steps = steps.astype(np.int64)
    if (steps[1:] >= steps[:-1]).all():
        return steps, order
    ranks = np.argsort(steps, kind="stable")  # stable: of equal steps the last logged stays the last
    return steps[ranks], ranks if order is None else order[ranks]
