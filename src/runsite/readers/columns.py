"""Turn rows of values into columns: one Series a metric, in log order, with the seams between attempts.

Attempts. A training that is started again from a checkpoint logs steps it has logged before. A smaller step alone
does not prove that: training and evaluation rows often count different things. So a row begins a new attempt only
if every metric in it has an earlier point with a greater step, and the seam is marked in those series alone that
do go back there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from runsite.model import Series, Step
from runsite.records.fast_lines import RowShape

# Of 10 metrics 1 MB packed.
SLAB_ROWS = 8_192

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Steps = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RowColumns:
    """Rows of one file as columns; those of the whole file are those of its pieces, joined."""

    steps: "Steps"
    times: "NDArray[np.float64]"
    widths: "NDArray[np.int64]"
    """How many metrics each row has."""
    points: "dict[str, tuple[NDArray[np.intp] | None, NDArray[np.float64]]]"
    """By metric, in the order in which they first appear: the rows that have it, None for all, and its values."""

    def __len__(self) -> int:
        return len(self.times)


def columns_of_rows(rows: Sequence[Any], *, shape: RowShape | None = None) -> RowColumns:
    """Turn rows into columns, all of them or most of one shape."""
    steps, times = step_column([row.step for row in rows]), time_column([row.time for row in rows])
    shaped = shape.shaped(rows) if shape else None
    if shape and shaped:
        columns = _columns_of_shape(shaped, shape)
        points = {name: (None, column) for name, column in zip(shape.names, columns, strict=True)}
        return RowColumns(steps, times, np.full(len(rows), len(points)), dict(points))
    values = [row.values for row in (shape.general(rows) if shape else rows)]
    return RowColumns(steps, times, np.array([len(row) for row in values], np.int64), _points_of(values))


def join_rows(pieces: Sequence[RowColumns]) -> RowColumns:
    """Join the pieces of one file."""
    pieces = [piece for piece in pieces if len(piece)] or list(pieces[:1])
    if len(pieces) < 2:
        return pieces[0] if pieces else columns_of_rows([])
    starts = np.cumsum([0, *map(len, pieces)]).tolist()
    points = {}
    for name in dict.fromkeys(name for piece in pieces for name in piece.points):
        found = [(start, piece, *piece.points[name]) for start, piece in zip(starts, pieces, strict=False)
                 if name in piece.points]  # fmt: skip
        is_everywhere = len(found) == len(pieces) and all(rows is None for _, _, rows, _ in found)
        rows = [start + (np.arange(len(piece)) if rows is None else rows) for start, piece, rows, _ in found]
        points[name] = (
            None if is_everywhere else np.concatenate(rows),
            np.concatenate([values for *_, values in found]),
        )
    return RowColumns(
        np.concatenate([piece.steps for piece in pieces]),
        np.concatenate([piece.times for piece in pieces]),
        np.concatenate([piece.widths for piece in pieces]),
        points,
    )


def series_of(columns: RowColumns) -> dict[str, Series]:
    """Fold the rows of one file into series by name."""
    steps, times = columns.steps, columns.times
    if all(rows is None for rows, _ in columns.points.values()):
        seams = tuple((np.flatnonzero(steps[1:] < steps[:-1]) + 1).tolist())
        return {name: Series(name, steps, values, times, seams) for name, (_, values) in columns.points.items()}
    every = np.arange(len(columns))
    rows_of = {name: every if rows is None else rows for name, (rows, _) in columns.points.items()}
    restarts = _restart_rows(columns.widths, rows_of, steps)
    return {
        name: Series(name, steps[rows], columns.points[name][1], times[rows], _seams(steps[rows], rows, restarts))
        for name, rows in rows_of.items()
    }


def _columns_of_shape(rows: Sequence[Any], shape: RowShape) -> "NDArray[np.float64]":
    columns = np.empty((len(shape.names), len(rows)))
    fields = [str(place) for place in range(len(shape.names))]
    layout = {"names": fields, "formats": [">f8"] * len(fields), "offsets": list(shape.places)}
    kind: Any = np.dtype({**layout, "itemsize": shape.packed_bytes})  # type: ignore[call-overload]  # no stub for fields
    for start in range(0, len(rows), SLAB_ROWS):
        slab = rows[start : start + SLAB_ROWS]
        packed = shape.packed(slab)
        table = np.frombuffer(packed, kind, offset=len(packed) - len(slab) * shape.packed_bytes)
        for field, column in zip(fields, columns, strict=True):
            column[start : start + len(slab)] = table[field]
    return columns


def _points_of(values: Sequence[dict[str, float]]) -> "dict[str, tuple[NDArray[np.intp] | None, NDArray[np.float64]]]":
    indices: dict[str, list[int]] = {}
    points: dict[str, list[float]] = {}
    for index, row in enumerate(values):
        for name, value in row.items():
            if name not in indices:
                indices[name], points[name] = [], []
            indices[name].append(index)
            points[name].append(value)
    return {
        name: (None if len(index) == len(values) else np.array(index, np.intp), np.array(points[name], np.float64))
        for name, index in indices.items()
    }


def _restart_rows(
    widths: "NDArray[np.int64]",
    rows_of: "dict[str, NDArray[np.intp]]",
    steps: "Steps",
) -> list[int]:
    """Find the rows in which every metric goes back."""
    going_back: dict[int, int] = {}
    for rows in rows_of.values():
        own = steps[rows]
        for row in rows[np.flatnonzero(own[1:] < own[:-1]) + 1].tolist():
            going_back[row] = going_back.get(row, 0) + 1
    return sorted(row for row, metrics in going_back.items() if metrics == widths[row])


def _seams(steps: "Steps", rows: "NDArray[np.intp]", restarts: list[int]) -> tuple[int, ...]:
    places = np.searchsorted(rows, restarts).tolist() if restarts else []
    return tuple(sorted({place for place in places if 0 < place < len(rows) and steps[place] < steps[place - 1]}))


def step_column(steps: list[Step | None]) -> "Steps":
    """Make a column of steps: int64 if all are whole and fit, else float64 with NaN for a missing step."""
    column = np.array(steps)
    if column.dtype == np.int64 and column.ndim == 1:
        return column
    return np.array([math.nan if step is None else step for step in steps], np.float64)


def time_column(times: list[float | None]) -> "NDArray[np.float64]":
    """Make a column of Unix seconds with NaN for a missing time."""
    return np.array(times, np.float64)


def joined_series(parts: Sequence[Series], *, restarted: Sequence[bool]) -> Series:
    """Join one metric's series of several files in log order; `restarted[k]` says part k may begin an attempt."""
    if len(parts) == 1:
        return parts[0]
    seams: list[int] = []
    length = 0
    last_step: Step = math.inf
    for part, fresh in zip(parts, restarted, strict=True):
        if length and fresh and part.steps[0] < last_step:
            seams.append(length)
        seams += [length + seam for seam in part.attempt_starts]
        length += len(part.steps)
        last_step = part.steps[-1].item()
    return Series(
        parts[0].name,
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.times for part in parts]),
        tuple(seams),
    )


def last_and_longest_gap(times: "NDArray[np.float64]", others: Sequence[float]) -> tuple[float | None, float]:
    """Return the greatest time of rows and other records and the longest silence between two; NaN is no time."""
    known = np.sort(np.concatenate([times[~np.isnan(times)], np.array(others, np.float64)]))
    if not len(known):
        return None, 0.0
    return known.item(-1), float(np.diff(known).max()) if len(known) > 1 else 0.0
