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
    bounds = np.array([least]), np.array([greatest])
    if finite == len(values):
        return finite_curves(values[None], least=bounds[0], greatest=bounds[1])[0]
    known = np.isfinite(values)
    kept = np.where(known, values, np.inf)
    if len(values) > MAX_CURVE_CHARACTERS:
        kept = _extremes(kept, np.where(known, values, -np.inf))
    gaps = kept == np.inf
    levels = _levels(np.where(gaps, least, kept), *bounds)
    levels[gaps] = _GAP_BYTE
    return _text(levels)


def finite_curves(
    rows: "NDArray[np.float64]", *, least: "NDArray[np.float64]", greatest: "NDArray[np.float64]"
) -> list[str]:
    """Draw series of one length, all of whose values are finite, as rows; least and greatest are those of each row."""
    if rows.shape[1] < 2:
        return [""] * len(rows)
    kept = rows if rows.shape[1] <= MAX_CURVE_CHARACTERS else _extremes(rows, rows)
    return list(map(_text, _levels(kept, least[:, None], greatest[:, None])))


def _extremes(low: "NDArray[np.float64]", high: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Take the least of `low` and the greatest of `high` in each bucket of a row, in the order of the points.

    Both are the series themselves, but for what is no value: inf in `low`, -inf in `high`.
    """
    *lead, length = low.shape
    size, longer = divmod(length, _BUCKETS)
    seam = longer * (size + 1)
    places = np.empty((*lead, _BUCKETS, 2), np.intp)
    if longer:
        low[..., :seam].reshape(*lead, longer, size + 1).argmin(axis=-1, out=places[..., :longer, 0])
        high[..., :seam].reshape(*lead, longer, size + 1).argmax(axis=-1, out=places[..., :longer, 1])
    low[..., seam:].reshape(*lead, -1, size).argmin(axis=-1, out=places[..., longer:, 0])
    high[..., seam:].reshape(*lead, -1, size).argmax(axis=-1, out=places[..., longer:, 1])
    places += _NUMBERS * size + np.minimum(_NUMBERS, longer)
    places.sort(axis=-1)
    return np.take_along_axis(low, places.reshape(*lead, 2 * _BUCKETS), axis=-1)


def _levels(
    values: "NDArray[np.float64]", least: "NDArray[np.float64]", greatest: "NDArray[np.float64]"
) -> "NDArray[np.uint8]":
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        span = greatest - least
        if np.isinf(span).any():  # 1e308 and -1e308: halves are exact at that size
            half = np.where(np.isinf(span), 0.5, 1.0)
            values, least, span = values * half, least * half, greatest * half - least * half
        levels = (values - least) / span * _TOP + 0.5
    return np.where(span == 0, _TOP // 2, levels).astype(np.uint8)


def _text(levels: "NDArray[np.uint8]") -> str:
    return levels.tobytes().translate(_CHARACTERS).decode()
