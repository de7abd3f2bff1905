"""One metric of one run, in figures.

Count, min, max and best are over all points of all attempts; first and last are in log order, finite or not. NaN and
the infinities are counted and never enter min, max, mean or best. The best of equals is the earliest.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from runsite.model import Goal, GoalFrom, MetricDefinition, MetricSummary, Point, Series, Step

if TYPE_CHECKING:
    from numpy.typing import NDArray


def summarise_metric(
    series: Series,
    *,
    goal: Goal | None,
    goal_from: GoalFrom | None,
    declared: MetricDefinition | None = None,
    recorded: MetricDefinition | None = None,
) -> MetricSummary:
    """Say what pages and tables say about a series; what the settings declare goes before what the log does."""
    values = series.values
    finite, lowest, highest, mean = _extremes(values)
    best = None if lowest is None or highest is None or goal is None else highest if goal == "maximize" else lowest
    return MetricSummary(
        name=series.name,
        count=len(values),
        finite=finite,
        first=point_at(series, 0),
        last=point_at(series, len(values) - 1),
        min=None if lowest is None else values.item(lowest),
        max=None if highest is None else values.item(highest),
        mean=mean,
        best=None if best is None else point_at(series, best),
        goal=goal,
        goal_from=goal_from,
        unit=_declared("unit", declared, recorded),
        label=_declared("label", declared, recorded),
        step_metric=_declared("step_metric", declared, recorded),
        best_in_last_attempt=best is None or not series.attempt_starts or best >= series.attempt_starts[-1],
        constant=finite == len(values) > 1 and bool(values[lowest] == values[highest]),
    )


def _extremes(values: "NDArray[np.float64]") -> tuple[int, int | None, int | None, float | None]:
    """Return how many values are finite, the places of the first least and first greatest of these, and their mean."""
    if not len(values):
        return 0, None, None, None
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(values.sum())
    # A finite sum proves that every value is finite; this is the common case, at a third of the cost.
    if math.isfinite(total):
        return len(values), int(values.argmin()), int(values.argmax()), total / len(values)
    places = np.flatnonzero(np.isfinite(values))
    if not len(places):
        return 0, None, None, None
    chosen = values[places]
    mean = float((chosen / len(chosen)).sum())
    return len(chosen), int(places[chosen.argmin()]), int(places[chosen.argmax()]), mean


def point_at(series: Series, place: int) -> Point:
    """Return one point; a whole step as an int, a missing one as None."""
    return Point(plain_step(series.steps.item(place)), series.values.item(place))


def plain_step(step: Step) -> Step | None:
    """Undo what a float64 column does to steps: 5.0 is 5 again, NaN is a missing step."""
    if isinstance(step, int):
        return step
    if math.isnan(step):
        return None
    return int(step) if step.is_integer() and abs(step) < 2**53 else step


def _declared(field: str, *definitions: MetricDefinition | None) -> str | None:
    return next((value for each in definitions if each and (value := getattr(each, field))), None)
