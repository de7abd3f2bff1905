"""The figures of many series at once: count of finite values, places of the extremes, mean, curve.

Series of one length, as those of one training loop are, lie side by side as the rows of a matrix, so that ten of them
cost three calls of numpy instead of thirty. A row gives the same figures, to the last bit, whatever stands beside it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from runsite.model import Series
from runsite.summaries.curve_levels import curve_levels, finite_curves

if TYPE_CHECKING:
    from numpy.typing import NDArray

# 1 MB: what is copied side by side stays in a processor's cache, and long series are never copied.
SLAB_VALUES = 2**17


class Figures(NamedTuple):
    """What is worked out of all values of a series."""

    finite: int
    """How many values are."""
    lowest: int | None
    highest: int | None
    """Places of the first least and the first greatest finite value."""
    mean: float | None
    """Of the finite values."""
    curve: str


def figures_of(series: Iterable[Series]) -> dict[str, Figures]:
    """Work out the figures of series by their names."""
    by_length: dict[int, list[Series]] = {}
    for each in series:
        by_length.setdefault(len(each.values), []).append(each)
    return {
        each.name: figures
        for length, same in by_length.items()
        for slab in _slabs(same, length)
        for each, figures in zip(slab, _figures_of_slab([each.values for each in slab], length), strict=True)
    }


def _slabs(series: Sequence[Series], length: int) -> Iterator[Sequence[Series]]:
    rows = max(1, SLAB_VALUES // max(1, length))
    return (series[start : start + rows] for start in range(0, len(series), rows))


def _figures_of_slab(columns: "Sequence[NDArray[np.float64]]", length: int) -> Sequence[Figures]:
    if not length:
        return [Figures(0, None, None, None, "")] * len(columns)
    matrix = columns[0][None] if len(columns) == 1 else np.array(columns)
    with np.errstate(over="ignore", invalid="ignore"):
        totals = matrix.sum(axis=1).tolist()
    # A finite sum proves that every value is finite; this is the common case, at a third of the cost.
    if not all(map(math.isfinite, totals)):
        return [_figures_of_one(values, total) for values, total in zip(columns, totals, strict=True)]
    return _finite_figures(matrix, totals)


def _finite_figures(matrix: "NDArray[np.float64]", totals: Sequence[float]) -> list[Figures]:
    lowest, highest = matrix.argmin(axis=1), matrix.argmax(axis=1)
    rows, count = np.arange(len(matrix)), matrix.shape[1]
    least, greatest = matrix[rows, lowest], matrix[rows, highest]
    curves = finite_curves(matrix, least=least, greatest=greatest)
    extremes = zip(lowest.tolist(), highest.tolist(), least.tolist(), greatest.tolist(), strict=True)
    return [
        Figures(count, low, high, _between(total / count, low_value, high_value), curve)
        for (low, high, low_value, high_value), total, curve in zip(extremes, totals, curves, strict=True)
    ]


def _figures_of_one(values: "NDArray[np.float64]", total: float) -> Figures:
    if math.isfinite(total):
        return _finite_figures(values[None], [total])[0]
    places = np.flatnonzero(np.isfinite(values))
    if not len(places):
        return Figures(0, None, None, None, curve_levels(values, finite=0, least=None, greatest=None))
    chosen = values[places]
    least, greatest = chosen.min().item(), chosen.max().item()
    mean = _between(float((chosen / len(chosen)).sum()), least, greatest)
    curve = curve_levels(values, finite=len(chosen), least=least, greatest=greatest)
    return Figures(len(chosen), int(places[chosen.argmin()]), int(places[chosen.argmax()]), mean, curve)


def _between(mean: float, least: float, greatest: float) -> float:
    """Keep what rounding made of a mean within the values: ten times 0.6 add up to less than 6."""
    return min(max(mean, least), greatest)
