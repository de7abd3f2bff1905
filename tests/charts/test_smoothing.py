"""Smoothing in the browser agrees with the implementations its methods are named after."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, median_filter

from charts.browser_functions import call_each

Numbers = NDArray[np.float64]
CHANCE = np.random.default_rng(7)
EVEN = np.arange(300.0)
UNEVEN = np.cumsum(CHANCE.exponential(size=300))
VALUES = np.sin(np.arange(300) / 20) + CHANCE.normal(size=300)


def smoothed(function: str, xs: Numbers, values: Numbers, widths: list[float]) -> list[Numbers]:
    answers = call_each(function, [(xs.tolist(), values.tolist(), width) for width in widths])
    return [np.array(answer, dtype=float) for answer in answers]


@pytest.mark.parametrize("xs", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_exponential_average_is_that_of_pandas(xs: Numbers) -> None:
    half_lives = [0.5, 3.0, 40.0]
    times = pd.to_datetime(np.round(xs * 1e9).astype(np.int64))

    answers = smoothed("ema", np.round(xs * 1e9) / 1e9, VALUES, half_lives)

    for half_life, answer in zip(half_lives, answers, strict=True):
        expected = pd.Series(VALUES).ewm(halflife=pd.Timedelta(seconds=half_life), times=times, adjust=True).mean()
        np.testing.assert_allclose(answer, expected.to_numpy(), rtol=1e-9, atol=1e-12)


def test_gaussian_of_even_points_is_that_of_scipy() -> None:
    deviations = [1.0, 2.5, 12.0]

    answers = smoothed("gaussian", EVEN, VALUES, deviations)

    for deviation, answer in zip(deviations, answers, strict=True):
        # scipy rounds the reach to whole points; these deviations reach whole points at four of them.
        weights = gaussian_filter1d(np.ones_like(VALUES), deviation, mode="constant", truncate=4)
        expected = gaussian_filter1d(VALUES, deviation, mode="constant", truncate=4) / weights
        np.testing.assert_allclose(answer, expected, rtol=1e-9, atol=1e-12)


def test_gaussian_of_uneven_points_is_the_kernel_regression() -> None:
    deviation = 3.0

    (answer,) = smoothed("gaussian", UNEVEN, VALUES, [deviation])

    away = (UNEVEN[:, None] - UNEVEN[None, :]) / deviation
    weights = np.where(np.abs(away) <= 4, np.exp(-0.5 * away**2), 0)
    np.testing.assert_allclose(answer, weights @ VALUES / weights.sum(axis=1), rtol=1e-9)


def test_running_median_of_even_points_is_that_of_scipy_and_pandas() -> None:
    widths = [2.0, 8.0, 30.0]

    answers = smoothed("median", EVEN, VALUES, widths)

    for width, answer in zip(widths, answers, strict=True):
        size = int(width) + 1
        rolling = pd.Series(VALUES).rolling(size, center=True, min_periods=1).median()
        np.testing.assert_array_equal(answer, rolling.to_numpy())
        inner = slice(size, -size)
        np.testing.assert_array_equal(answer[inner], median_filter(VALUES, size)[inner])


def test_running_median_of_uneven_points_is_that_of_what_lies_within_reach() -> None:
    width = 6.0

    (answer,) = smoothed("median", UNEVEN, VALUES, [width])

    expected = [np.median(VALUES[np.abs(UNEVEN - x) <= width / 2]) for x in UNEVEN]
    np.testing.assert_allclose(answer, expected, rtol=1e-12)
