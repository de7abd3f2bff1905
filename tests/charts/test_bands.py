"""Bands over groups of runs agree with numpy's interpolation and scipy's intervals."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from charts.browser_functions import call_each

Numbers = NDArray[np.float64]
CHANCE = np.random.default_rng(11)


def make_runs(count: int, points: int) -> list[tuple[Numbers, Numbers]]:
    """Make runs that log at places of their own, and neither begin nor end together."""
    runs = []
    for _ in range(count):
        xs = np.sort(CHANCE.uniform(0, 100, points))
        runs.append((xs, np.cos(xs / 15) + CHANCE.normal(size=points)))
    return runs


def band(runs: list[tuple[Numbers, Numbers]], kind: str) -> dict[str, Any]:
    tracks = [{"steps": xs.tolist(), "values": values.tolist()} for xs, values in runs]
    (answer,) = call_each("band_of", [(tracks, kind)])
    columns = {name: np.array(column, dtype=float) for name, column in answer.items()}
    said = columns["n"] > 0  # where the band breaks no run says anything
    return {name: column[said] for name, column in columns.items()}


def read_all(runs: list[tuple[Numbers, Numbers]], grid: Numbers) -> Numbers:
    return np.array([np.interp(grid, xs, values, left=np.nan, right=np.nan) for xs, values in runs])


def extremes_around(runs: list[tuple[Numbers, Numbers]], grid: Numbers) -> tuple[Numbers, Numbers]:
    """Find the least and greatest of all points between the neighbours of each place, NaN where there is none."""
    xs, values = (np.concatenate(column) for column in zip(*runs, strict=True))
    before, after = np.append(-np.inf, grid[:-1]), np.append(grid[1:], np.inf)
    around = [values[(xs > low) & (xs < high)] for low, high in zip(before, after, strict=True)]
    found = [(each.min(), each.max()) if each.size else (np.nan, np.nan) for each in around]
    return np.array([low for low, _ in found]), np.array([high for _, high in found])


@pytest.mark.parametrize(("count", "points"), [(2, 5), (5, 40), (7, 400)])
def test_mean_and_extremes_are_those_of_interpolated_runs(count: int, points: int) -> None:
    runs = make_runs(count, points)

    found = band(runs, "min_max")

    read = read_all(runs, found["x"])
    assert len(found["x"]) <= 256
    np.testing.assert_array_equal(found["n"], np.isfinite(read).sum(axis=0))
    np.testing.assert_allclose(found["mean"], np.nanmean(read, axis=0), rtol=1e-9, atol=1e-12)
    least, greatest = extremes_around(runs, found["x"])
    np.testing.assert_allclose(found["low"], np.fmin(np.nanmin(read, axis=0), least), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["high"], np.fmax(np.nanmax(read, axis=0), greatest), rtol=1e-9, atol=1e-12)


def test_deviation_and_interval_are_those_of_scipy() -> None:
    runs = make_runs(6, 60)

    deviation, interval = band(runs, "sd"), band(runs, "ci")

    read = read_all(runs, deviation["x"])
    whole = np.isfinite(read).all(axis=0)
    assert whole.sum() > 50
    np.testing.assert_allclose((deviation["high"] - deviation["mean"])[whole], read[:, whole].std(axis=0, ddof=1))
    low, high = stats.t.interval(0.95, 5, loc=read[:, whole].mean(axis=0), scale=stats.sem(read[:, whole], axis=0))
    np.testing.assert_allclose(interval["low"][whole], low, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(interval["high"][whole], high, rtol=1e-7, atol=1e-9)
