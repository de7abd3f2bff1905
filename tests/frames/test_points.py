"""Series as rows of points."""

import math

import numpy as np
import pandas as pd
import pytest

from runsite.frames import points_frame, series_frame
from runsite.model import Series

NAN = math.nan


def series(steps: list[float], *, attempt_starts: tuple[int, ...] = ()) -> Series:
    is_whole = all(isinstance(step, int) for step in steps)
    column = np.array(steps, np.int64) if is_whole else np.array(steps, np.float64)
    values, times = np.arange(len(steps), dtype=np.float64), np.full(len(steps), NAN)
    return Series("loss", column, values, times, attempt_starts)


@pytest.mark.parametrize(
    ("steps", "dtype"),
    [
        ([0, 1, 2**62 + 1], "Int64"),
        ([0.0, NAN, 2.0], "Int64"),
        ([NAN, NAN], "Int64"),
        ([0.0, 0.5, NAN], "float64"),
        ([0.0, 1e300], "float64"),
    ],
    ids=str,
)
def test_steps_are_whole_where_all_are(steps: list[float], dtype: str) -> None:
    made = series_frame(series(steps))["step"]

    assert str(made.dtype) == dtype
    assert made.isna().tolist() == [math.isnan(step) for step in steps]
    assert made.dropna().tolist() == [step for step in steps if not math.isnan(step)]


def test_large_steps_keep_every_digit_beside_a_run_without_steps() -> None:
    parts = [series([2**62 + 1]), series([NAN])]

    made = points_frame(parts, labels=[("e", "a"), ("e", "b")], names=("experiment", "run"))

    assert made["step"].tolist() == [2**62 + 1, pd.NA]
    assert made["run"].tolist() == ["a", "b"]


def test_attempts_count_from_one() -> None:
    made = series_frame(series([0, 1, 2, 1, 2, 0], attempt_starts=(3, 5)))

    assert made["attempt"].tolist() == [1, 1, 1, 2, 2, 3]
    assert made["attempt"].dtype == np.int64


def test_no_points_are_a_frame_of_the_same_columns_and_types() -> None:
    empty = points_frame([], labels=[], names=("experiment", "run", "name"))
    full = points_frame([series([0])], labels=[("e", "a", "a")], names=("experiment", "run", "name"))

    assert list(empty.columns) == ["experiment", "run", "name", "step", "value", "time", "attempt"]
    assert empty.dtypes.tolist() == full.dtypes.tolist()
    assert len(empty) == 0
