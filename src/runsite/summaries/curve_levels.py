"""The shape of a series as a short text, for a table's sparkline of 96 x 20 px.

A character is a level: its place in CURVE_LEVELS, from 0 at the series' own least finite value to 62 at its greatest,
linear between them and rounded to the nearest. 63 levels are three for each pixel of the cell's height. All equal: the
middle level. "~" is a gap. The characters are in ASCII order, and safe in JSON, HTML, scripts and addresses.

Up to 32 points: a character for each, and a gap for each that is not finite. Above: the points are parted by index into
16 buckets whose sizes differ by at most one, and each gives two characters, its least and its greatest finite value in
the order in which they were logged; so each peak and dip is seen at the level of a cell, which means or every n-th
point would lose. A bucket without a finite value is two gaps. One with some keeps its extremes and shows no gap: a cell
has no room for both, and the count of what is not finite is told beside it.

Fewer than two points, or none that is finite: the empty text, as there is nothing to draw.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CURVE_LEVELS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
CURVE_GAP = "~"
# Three pixels of the cell for each character.
MAX_CURVE_CHARACTERS = 32
_BUCKETS = MAX_CURVE_CHARACTERS // 2
_TOP = len(CURVE_LEVELS) - 1
_CHARACTERS = CURVE_LEVELS.encode().ljust(256, CURVE_GAP.encode())
"""What each byte becomes: a level its character, all else a gap."""
_GAP_BYTE = 255
_NUMBERS = np.arange(_BUCKETS)[:, None]


def curve_levels(values: "NDArray[np.float64]", *, finite: int, least: float | None, greatest: float | None) -> str:
    """Draw a series, of which is known how many values are finite, and the least and greatest of these."""
    if len(values) < 2 or least is None or greatest is None:
        return ""
    if finite == len(values):
        kept = values if finite <= MAX_CURVE_CHARACTERS else _extremes(values, values)
        return _text(_levels(kept, least, greatest))
    known = np.isfinite(values)
    kept = np.where(known, values, np.inf)
    if len(values) > MAX_CURVE_CHARACTERS:
        kept = _extremes(kept, np.where(known, values, -np.inf))
    gaps = kept == np.inf
    levels = _levels(np.where(gaps, least, kept), least, greatest)
    levels[gaps] = _GAP_BYTE
    return _text(levels)


def _extremes(low: "NDArray[np.float64]", high: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Take the least of `low` and the greatest of `high` in each bucket, in the order of the points.

    Both are the series itself, but for what is no value: inf in `low`, -inf in `high`.
    """
    size, longer = divmod(len(low), _BUCKETS)
    seam = longer * (size + 1)
    places = np.empty((_BUCKETS, 2), np.intp)
    if longer:
        low[:seam].reshape(longer, size + 1).argmin(axis=1, out=places[:longer, 0])
        high[:seam].reshape(longer, size + 1).argmax(axis=1, out=places[:longer, 1])
    low[seam:].reshape(-1, size).argmin(axis=1, out=places[longer:, 0])
    high[seam:].reshape(-1, size).argmax(axis=1, out=places[longer:, 1])
    places += _NUMBERS * size + np.minimum(_NUMBERS, longer)
    places.sort(axis=1)
    return low[places.ravel()]


def _levels(values: "NDArray[np.float64]", least: float, greatest: float) -> "NDArray[np.uint8]":
    if least == greatest:
        return np.full(len(values), _TOP // 2, np.uint8)
    if greatest - least == np.inf:  # 1e308 and -1e308: halves are exact at that size
        values, least, greatest = values / 2, least / 2, greatest / 2
    return ((values - least) / (greatest - least) * _TOP + 0.5).astype(np.uint8)


def _text(levels: "NDArray[np.uint8]") -> str:
    return levels.tobytes().translate(_CHARACTERS).decode()
