"""Turn series into rows: every logged point, in log order, nothing thinned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from runsite.frames.columns import text_array, time_array
from runsite.model import Series

if TYPE_CHECKING:  # see __init__
    import pandas as pd
    from numpy.typing import NDArray

    Steps = NDArray[np.int64] | NDArray[np.float64]

# Beyond, a float64 step is no int64.
_INT64_END = 2.0**63


def series_frame(series: Series) -> "pd.DataFrame":
    """Make the rows of one series: step, value, time, attempt."""
    import pandas as pd  # half a second; see __init__

    return pd.DataFrame(_point_columns([series]))


def points_frame(
    series: Sequence[Series], *, labels: Sequence[tuple[str, ...]], names: Sequence[str]
) -> "pd.DataFrame":
    """Make the rows of several series, one after the other, each with its labels before it; `names` names those."""
    import pandas as pd  # half a second; see __init__

    lengths = [len(each.values) for each in series]
    told = {name: text_array([label[place] for label in labels]).repeat(lengths) for place, name in enumerate(names)}
    return pd.DataFrame({**told, **_point_columns(series)})


def _point_columns(series: Sequence[Series]) -> dict[str, Any]:
    return {
        "step": step_array([each.steps for each in series]),
        "value": _joined([each.values for each in series]),
        "time": time_array(_joined([each.times for each in series])),
        "attempt": np.concatenate([np.empty(0, np.int64), *map(attempt_numbers, series)]),
    }


def _joined(columns: "Sequence[NDArray[np.float64]]") -> "NDArray[np.float64]":
    return np.concatenate([np.empty(0, np.float64), *columns])


def step_array(columns: "Sequence[Steps]") -> Any:
    """Join steps: Int64 with NA for a missing one if all are whole, else float64 with NaN."""
    import pandas as pd  # half a second; see __init__

    if not all(map(_is_whole, columns)):
        return _joined([column.astype(np.float64) for column in columns])
    missing = [np.isnan(column) for column in columns]
    # Column by column, so that int64 steps do not pass through float64.
    whole = [np.where(gaps, 0, column).astype(np.int64) for gaps, column in zip(missing, columns, strict=True)]
    return pd.arrays.IntegerArray(
        np.concatenate([np.empty(0, np.int64), *whole]), np.concatenate([np.empty(0, np.bool_), *missing])
    )


def _is_whole(steps: "Steps") -> bool:
    if steps.dtype == np.int64:
        return True
    known = steps[~np.isnan(steps)]
    return bool(np.all((known == np.floor(known)) & (np.abs(known) < _INT64_END)))


def attempt_numbers(series: Series) -> "NDArray[np.int64]":
    """Number the attempt of each point, from 1."""
    begins = np.zeros(len(series.values), np.int64)
    begins[list(series.attempt_starts)] = 1
    return np.cumsum(begins) + 1
