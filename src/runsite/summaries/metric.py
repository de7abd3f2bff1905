"""One metric of one run, in figures.

Count, min, max and best are over all points of all attempts; first and last are in log order, finite or not. NaN and
the infinities are counted and never enter min, max, mean or best. The best of equals is the earliest.
"""

import math
from dataclasses import replace

from runsite.model import Goal, GoalFrom, MetricDefinition, MetricSummary, Point, Series, Step
from runsite.summaries.figures import Figures, figures_of


def summarise_metric(
    series: Series,
    *,
    goal: Goal | None,
    goal_from: GoalFrom | None,
    declared: MetricDefinition | None = None,
    recorded: MetricDefinition | None = None,
    figures: Figures | None = None,
) -> MetricSummary:
    """Say what pages and tables say about a series; what the settings declare goes before what the log does.

    `figures` are those of the series, where they were worked out with others'.
    """
    count = len(series.values)
    finite, lowest, highest, mean, curve = figures or figures_of([series])[series.name]
    last_start = series.attempt_starts[-1] if series.attempt_starts else 0
    least, greatest = (None if place is None else point_at(series, place) for place in (lowest, highest))
    holds = ((lowest or 0) >= last_start, (highest or 0) >= last_start)
    best, in_last_attempt = _best(goal, (least, greatest), holds)
    least_value, greatest_value = (None if point is None else point.value for point in (least, greatest))
    return MetricSummary(
        name=series.name,
        count=count,
        finite=finite,
        first=point_at(series, 0),
        last=point_at(series, count - 1),
        min=least_value,
        max=greatest_value,
        mean=mean,
        best=best,
        goal=goal,
        goal_from=goal_from,
        best_in_last_attempt=in_last_attempt,
        unit=_declared("unit", declared, recorded),
        label=_declared("label", declared, recorded),
        step_metric=_declared("step_metric", declared, recorded),
        lowest=least,
        highest=greatest,
        last_attempt_holds=holds,
        constant=finite == count > 1 and least_value == greatest_value,
        curve=curve,
    )


def with_goal(metric: MetricSummary, goal: Goal | None, goal_from: GoalFrom | None) -> MetricSummary:
    """Judge a metric anew, by another goal."""
    best, holds = _best(goal, (metric.lowest, metric.highest), metric.last_attempt_holds)
    return replace(metric, goal=goal, goal_from=goal_from, best=best, best_in_last_attempt=holds)


def _best(
    goal: Goal | None, extremes: tuple[Point | None, Point | None], holds: tuple[bool, bool]
) -> tuple[Point | None, bool]:
    """Choose the best of the least and the greatest point, and tell whether it lies in the last attempt."""
    place = int(goal == "maximize")
    best = None if goal is None else extremes[place]
    return best, best is None or holds[place]


def point_at(series: Series, place: int) -> Point:
    """Return one point; a whole step as an int, a missing one as None."""
    return Point(plain_step(series.steps.item(place)), series.values.item(place))


def plain_step(step: Step) -> Step | None:
    """Undo what a float64 column does to steps: 5.0 is 5 again, NaN is a missing step."""
    if isinstance(step, int):
        return step
    if math.isnan(step):
        return None
    return int(step) if step.is_integer() and abs(step) < 2**63 else step


def _declared(field: str, *definitions: MetricDefinition | None) -> str | None:
    return next((value for each in definitions if each and (value := getattr(each, field))), None)
