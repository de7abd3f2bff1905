"""A curve as the path of an SVG, for rows of tables: small, without scripts, extremes kept."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

# Room for half the stroke on each side.
MARGIN = 1.5


def sparkline_path(values: Sequence[float], *, width: int = 96, height: int = 20) -> str:
    """Make the `d` of a path that fits a view box of `width` by `height`; non-finite values leave gaps."""
    kept = list(_thin(values, bucket=-(-4 * len(values) // width) if len(values) > width else 1))
    finite = [value for _, value in kept if math.isfinite(value)]
    if not finite:
        return ""
    least, span = min(finite), max(finite) - min(finite)
    across = (width - 2 * MARGIN) / max(1, len(values) - 1)

    def place(index: int, value: float) -> str:
        share = (value - least) / span if 0 < span < math.inf else 0.5
        return f"{_short(MARGIN + index * across)} {_short(height - MARGIN - share * (height - 2 * MARGIN))}"

    pieces = []
    for is_finite, points in groupby(kept, key=lambda point: math.isfinite(point[1])):
        if is_finite:
            first, *rest = (place(index, value) for index, value in points)
            pieces.append(f"M{first}" + ("L" + " ".join(rest) if rest else "h0"))
    return "".join(pieces)


def _thin(values: Sequence[float], *, bucket: int) -> Iterator[tuple[int, float]]:
    """Keep first, least, greatest and last of each bucket, and one gap where it has any."""
    for start in range(0, len(values), bucket):
        indices = range(start, min(start + bucket, len(values)))
        finite = [index for index in indices if math.isfinite(values[index])]
        gaps = [index for index in indices if not math.isfinite(values[index])]
        chosen = {*gaps[:1], *finite[:1], *finite[-1:]}
        if finite:
            chosen |= {min(finite, key=values.__getitem__), max(finite, key=values.__getitem__)}
        yield from ((index, values[index]) for index in sorted(chosen))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
