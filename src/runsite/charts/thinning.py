"""Which points of a series are drawn: real ones, chosen per bucket, every extreme and non-finite kind among them.

Points fall into buckets of a power of two, aligned by index, so that points appended later never change a full bucket
of that size. Of each bucket stay the points first, least, greatest and last, and one of each kind of non-finite value
with its count. So every minimum, maximum, NaN and infinity survives, as do the first and the last point of the series.
Around the start of a later attempt both neighbours stay, for as many attempts as the caller says. Means of buckets were
not taken: a mean is a value nobody logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runsite.charts.packing import Numbers

# Points looked at together where some are not finite: what is copied for that stays within 2 MB.
SLAB = 2**17
_KINDS = ("NaN", "Infinity", "-Infinity")

Marks = tuple[tuple[int, str, int], ...]
"""Index, kind, and how many of that kind the bucket holds."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Points in log order: of each its step, its time and its value."""

    steps: Numbers
    """All known."""
    times: NDArray[np.float64]
    values: NDArray[np.float64]

    def part(self, start: int, end: int) -> "Columns":
        return Columns(self.steps[start:end], self.times[start:end], self.values[start:end])

    def at(self, kept: NDArray[np.intp]) -> "Columns":
        return Columns(self.steps[kept], self.times[kept], self.values[kept])


def thin_points(points: Columns, *, size: int, starts: Sequence[int]) -> tuple[Columns, Marks, tuple[int, ...]]:
    """Choose points in buckets of `size`; `starts` are where later attempts begin. Indices are those of the choice."""
    finite = np.isfinite(points.values)
    all_finite = bool(finite.all())
    marks = () if all_finite else _non_finite(points.values, np.flatnonzero(~finite), size=size)
    if size == 1:
        return points, marks, tuple(starts)
    chosen = _chosen(points.values, None if all_finite else finite, size=size)
    chosen[[index for index, _, _ in marks]] = True
    chosen[[index for start in starts for index in (max(0, start - 1), start)]] = True
    kept = np.flatnonzero(chosen)
    places = np.searchsorted(kept, [index for index, _, _ in marks])
    return (
        points.at(kept),
        tuple((int(place), kind, number) for place, (_, kind, number) in zip(places, marks, strict=True)),
        tuple(np.searchsorted(kept, starts).tolist()) if starts else (),
    )


def _chosen(values: NDArray[np.float64], finite: NDArray[np.bool_] | None, *, size: int) -> NDArray[np.bool_]:
    """Mark first, least, greatest and last of each bucket."""
    count = len(values)
    heads = np.arange(0, count, size)
    chosen = np.zeros(count, dtype=np.bool_)
    chosen[heads] = True
    chosen[np.minimum(heads + size, count) - 1] = True
    full = count // size * size
    slab = full if finite is None else max(size, SLAB // size * size)
    ranges = [(start, min(start + slab, full), size) for start in range(0, full, slab or 1)]
    for start, end, width in [*ranges, (full, count, count - full)]:
        if start == end:
            continue
        part = values[start:end]
        known = None if finite is None else finite[start:end]
        low = part if known is None else np.where(known, part, np.inf)
        high = part if known is None else np.where(known, part, -np.inf)
        own = np.arange(start, end, width)
        chosen[own + low.reshape(-1, width).argmin(axis=1)] = True
        chosen[own + high.reshape(-1, width).argmax(axis=1)] = True
    return chosen


def _non_finite(values: NDArray[np.float64], where: NDArray[np.intp], *, size: int) -> Marks:
    """Find the first of each kind of non-finite value in each bucket, and how many it stands for."""
    found = values[where]
    kinds = np.where(np.isnan(found), 0, np.where(found > 0, 1, 2))
    _, firsts, counts = np.unique(where // size * len(_KINDS) + kinds, return_index=True, return_counts=True)
    marks = ((int(where[first]), _KINDS[kinds[first]], int(count)) for first, count in zip(firsts, counts, strict=True))
    return tuple(sorted(marks))
