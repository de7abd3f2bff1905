"""Turn values as they were logged into pandas columns.

The types, the same in pandas 2 and 3:

    text     string           missing is NA
    time     datetime64[us, UTC]; missing, and a time outside the years 1 to 9999, is NaT
    number   float64          missing is NaN, NaN and the infinities are themselves
    logged   what all values are: boolean, Int64, float64 (also where whole numbers and fractions mix), string; else
             object, which holds each value as Python reads it from the log

A null is missing in a typed column: `max_depth` of 3, 5 and null is Int64 with NA. In an object column a null is None
and what is missing is NaN. Whole numbers that int64, or beside fractions float64, cannot hold exactly make the column
object: an id of 20 digits keeps every digit.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:  # see __init__
    import pandas as pd
    from numpy.typing import NDArray

FrameKind = Literal["text", "time", "number", "logged"]


class _Missing(enum.Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""Stands for a value that was never logged, in columns of logged values, where None is a logged null."""
_SAFE_INTEGER = 2**53
_INT64 = range(-(2**63), 2**63)
_FIRST_SECOND, _END_SECOND = -62_135_596_800, 253_402_300_800
"""The years 1 to 9999, which Python can write."""


@dataclass(frozen=True, slots=True)
class FrameColumn:
    """One column to be, as plain values."""

    name: str
    kind: FrameKind
    values: Sequence[Any]
    """Missing is None, in `logged` columns MISSING."""


def data_frame(columns: Sequence[FrameColumn], *, row_count: int) -> "pd.DataFrame":
    """Make a DataFrame of columns of that length."""
    import pandas as pd  # half a second; see __init__

    made = {
        "text": text_array,
        "time": lambda values: time_array(np.array(values, np.float64)),
        "number": lambda values: np.array(values, np.float64),  # None becomes NaN
        "logged": logged_array,
    }
    arrays = {column.name: made[column.kind](column.values) for column in columns}
    return pd.DataFrame(arrays, index=pd.RangeIndex(row_count))


def text_array(values: Sequence[str | None]) -> Any:
    """Make a column of texts."""
    import pandas as pd  # half a second; see __init__

    return pd.array([pd.NA if value is None else value for value in values], dtype="string")


def time_array(seconds: "NDArray[np.float64]") -> Any:
    """Make a column of moments from Unix seconds; to the microsecond, which is what a double holds today."""
    import pandas as pd  # half a second; see __init__

    moments = np.full(len(seconds), "NaT", "datetime64[us]")
    known = (seconds >= _FIRST_SECOND) & (seconds < _END_SECOND)
    moments[known] = np.round(seconds[known] * 1e6).astype(np.int64).view("datetime64[us]")
    return pd.Series(moments).dt.tz_localize("UTC").array


def logged_array(values: Sequence[Any]) -> Any:
    """Make a column of what was logged, of the narrowest type that holds all values."""
    import pandas as pd  # half a second; see __init__

    present = [value for value in values if value is not MISSING and value is not None]
    dtype = _common_type(present)
    if dtype is None:
        return _object_array(values)
    missing = math.nan if dtype == "float64" else pd.NA
    filled = [missing if value is MISSING or value is None else value for value in values]
    return np.array(filled, np.float64) if dtype == "float64" else pd.array(filled, dtype=dtype)


def _common_type(values: Sequence[Any]) -> str | None:
    types = set(map(type, values))
    if types == {int} and all(value in _INT64 for value in values):
        return "Int64"
    if types in ({float}, {int, float}):
        exact = all(type(value) is float or abs(value) <= _SAFE_INTEGER for value in values)
        return "float64" if exact else None
    return "boolean" if types == {bool} else "string" if types == {str} else None


def _object_array(values: Sequence[Any]) -> "NDArray[np.object_]":
    array = np.empty(len(values), object)
    for place, value in enumerate(values):  # numpy would make rows of lists
        array[place] = math.nan if value is MISSING else value
    return array
