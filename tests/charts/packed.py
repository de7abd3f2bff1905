"""Reading packed columns back, as a browser does."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {"float32": "<f4", "float64": "<f8", "millionths": "<i4", "int8": "<i1", "int16": "<i2", "int32": "<i4"}


def unpack_values(text: str, kind: str) -> NDArray[np.float64]:
    numbers = np.frombuffer(base64.b64decode(text), KINDS[kind]).astype(np.float64)
    return numbers / 1e6 if kind == "millionths" else numbers


def unpack_column(column: list[Any], count: int, *, unit: int = 1) -> NDArray[np.float64]:
    """Read a column of `count` numbers; NaN where there is none."""
    kind, *rest = column
    if kind == "float64":
        return np.frombuffer(base64.b64decode(rest[0]), "<f8")
    if kind == "whole":
        return np.array([float(number) for number in rest[0]])
    if kind == "even":
        numbers: NDArray[np.float64] = (rest[0] + rest[1] * np.arange(count, dtype=np.float64)) / unit
        return numbers
    deltas = np.frombuffer(base64.b64decode(rest[1]), KINDS[kind])
    missing = deltas == np.iinfo(deltas.dtype).min
    sums = rest[0] + np.cumsum(np.where(missing, 0, deltas.astype(np.int64)))
    return np.where(missing, np.nan, sums / unit).astype(np.float64)
