"""The figures of one metric: NaN, infinities, huge numbers, ties and attempts."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from runsite.model import Goal, MetricDefinition, MetricSummary, Point, Series
from runsite.summaries.metric import plain_step, summarise_metric

NAN, INF = math.nan, math.inf


def summarise(
    values: Sequence[float], *, goal: Goal | None = "minimize", attempt_starts: tuple[int, ...] = ()
) -> MetricSummary:
    steps = np.arange(len(values))
    times = np.full(len(values), NAN)
    series = Series("loss", steps, np.array(values, np.float64), times, attempt_starts)
    return summarise_metric(series, goal=goal, goal_from="guess" if goal else None)


def test_figures_are_over_all_points() -> None:
    metric = summarise([3.0, 1.0, 2.0])

    assert (metric.count, metric.finite, metric.min, metric.max, metric.mean) == (3, 3, 1.0, 3.0, 2.0)
    assert (metric.first, metric.last, metric.best) == (Point(0, 3.0), Point(2, 2.0), Point(1, 1.0))


def test_the_best_is_the_greatest_where_more_is_better_and_nothing_without_a_goal() -> None:
    assert summarise([1.0, 3.0, 2.0], goal="maximize").best == Point(1, 3.0)
    assert summarise([1.0, 3.0, 2.0], goal=None).best is None


@pytest.mark.parametrize("goal", ["minimize", "maximize"])
def test_of_equals_the_earliest_is_best(goal: Goal) -> None:
    assert summarise([NAN, 2.0, 2.0, 2.0], goal=goal).best == Point(1, 2.0)


def test_nan_and_infinities_are_counted_and_enter_no_figure() -> None:
    metric = summarise([NAN, 2.0, -INF, 1.0, INF])

    assert (metric.count, metric.finite, metric.non_finite) == (5, 2, 3)
    assert (metric.min, metric.max, metric.mean, metric.best) == (1.0, 2.0, 1.5, Point(3, 1.0))
    assert math.isnan(metric.first.value)
    assert metric.last == Point(4, INF)


def test_without_a_finite_value_there_is_no_least_greatest_or_best() -> None:
    metric = summarise([NAN, INF, -INF])

    assert (metric.count, metric.finite) == (3, 0)
    assert (metric.min, metric.max, metric.mean, metric.best) == (None, None, None, None)
    assert metric.best_in_last_attempt


@pytest.mark.parametrize("values", [[1.7e308, 1.7e308], [-1.7e308, -1.7e308, -1.7e308], [1.7e308, NAN, 1.7e308]])
def test_the_mean_of_the_largest_numbers_does_not_overflow(values: list[float]) -> None:
    mean = summarise(values).mean

    assert mean is not None
    assert math.isclose(abs(mean), 1.7e308)


def test_a_best_of_an_earlier_attempt_is_marked() -> None:
    values = [3.0, 1.0, 4.0, 2.0]

    assert not summarise(values, attempt_starts=(2,)).best_in_last_attempt
    assert summarise(values, attempt_starts=(1,)).best_in_last_attempt
    assert summarise(values, goal="maximize", attempt_starts=(2,)).best_in_last_attempt


def test_a_constant_is_two_or_more_equal_finite_points() -> None:
    assert [summarise(values).constant for values in ([1.0, 1.0], [1.0], [1.0, 2.0], [INF, INF], [NAN, NAN])] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_what_the_settings_declare_goes_before_what_the_log_does() -> None:
    series = Series("a", np.array([0]), np.array([1.0]), np.array([NAN]))
    declared, recorded = (
        MetricDefinition("a", unit="%"),
        MetricDefinition("a", unit="x", label="A", step_metric="epoch"),
    )

    metric = summarise_metric(series, goal=None, goal_from=None, declared=declared, recorded=recorded)

    assert (metric.unit, metric.label, metric.step_metric) == ("%", "A", "epoch")


def test_whole_steps_are_whole_numbers_again_and_missing_ones_none() -> None:
    assert [plain_step(step) for step in (5, 5.0, 5.5, NAN, 2.0**70)] == [5, 5, 5.5, None, 2.0**70]
    assert isinstance(plain_step(5.0), int)
