"""Values as they were logged, as pandas columns."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from runsite.frames import MISSING, FrameColumn, data_frame

LARGE = 2**70
SAFE = 2**53
START = 1_700_000_000.0


def column(kind: Any, *values: Any) -> "pd.Series[Any]":
    return data_frame([FrameColumn("x", kind, values)], row_count=len(values))["x"]


@pytest.mark.parametrize(
    ("values", "dtype", "read"),
    [
        ([1, 2, 2**62 + 1], "Int64", [1, 2, 2**62 + 1]),
        ([1, MISSING, None], "Int64", [1, pd.NA, pd.NA]),
        ([1, 0.5], "float64", [1.0, 0.5]),
        ([0.5, math.inf, -math.inf], "float64", [0.5, math.inf, -math.inf]),
        ([True, False, MISSING], "boolean", [True, False, pd.NA]),
        (["adam", "", MISSING], "string", ["adam", "", pd.NA]),
        ([LARGE, 1], "object", [LARGE, 1]),
        ([SAFE + 1, 0.5], "object", [SAFE + 1, 0.5]),
        ([1, True], "object", [1, True]),
        ([1, "1", None], "object", [1, "1", None]),
        ([[1, 2], [3, 4]], "object", [[1, 2], [3, 4]]),
        ([{"a": 1}, MISSING], "object", [{"a": 1}, math.nan]),
        ([None, None], "object", [None, None]),
    ],
    ids=str,
)
def test_a_column_of_one_type_has_that_type_and_a_mixed_one_keeps_each_value(
    values: list[Any], dtype: str, read: list[Any]
) -> None:
    made = column("logged", *values)

    assert str(made.dtype) == dtype
    told = made.tolist()
    assert [type(value) for value in told] == [type(value) for value in read]
    assert [value for value in told if not is_missing(value)] == [value for value in read if not is_missing(value)]
    assert [is_missing(value) for value in told] == [is_missing(value) for value in read]


def is_missing(value: Any) -> bool:
    return value is pd.NA or value is None or (isinstance(value, float) and math.isnan(value))


def test_nan_and_missing_are_both_nan_in_numbers() -> None:
    assert column("logged", 0.5, math.nan, MISSING).isna().tolist() == [False, True, True]
    assert column("number", 0.5, math.inf, None).tolist()[:2] == [0.5, math.inf]
    assert column("number", None, None).dtype == np.float64


def test_times_are_utc_to_the_microsecond_and_missing_ones_nat() -> None:
    made = column("time", START + 0.123456, None, -1.5, 1e300, math.inf)

    assert str(made.dtype) == "datetime64[us, UTC]"
    assert made[0] == pd.Timestamp("2023-11-14 22:13:20.123456", tz="UTC")
    assert made[2] == pd.Timestamp("1969-12-31 23:59:58.5", tz="UTC")
    assert made.isna().tolist() == [False, True, False, True, True]


def test_texts_are_strings_with_na() -> None:
    made = column("text", "a", None)

    assert str(made.dtype) == "string"
    assert made.isna().tolist() == [False, True]


@pytest.mark.parametrize("kind", ["text", "time", "number", "logged"])
def test_a_frame_without_rows_has_its_columns(kind: str) -> None:
    assert column(kind).tolist() == []
