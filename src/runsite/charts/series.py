"""Curves as data scripts: what a browser gets of a run's series, thinned honestly.

The policy:

- Up to 1,024 points a series is kept as it is. A longer one falls into buckets of a power of two, aligned by index,
  so that points appended later never change a full bucket while the bucket size holds. The size is the smallest one
  that needs at most 256 buckets. Of each bucket stay the real points first, least, greatest and last, and one of each
  kind of non-finite value with its count. So every minimum, maximum, NaN and infinity survives, as do the first and
  the last point of the series. Means of buckets were not taken: a mean is a value nobody logged.
- Around the start of a later attempt both neighbours stay; of more than 64 attempts only the last 64 are told apart.
- A missing step takes the step before it (the first ones: the first known). Without any step, points are numbered.
- Values travel as the base64 of little-endian numbers, of the shortest kind that holds every value of the series
  exactly: `float32` (what a training computes in), `millionths` (int32; what a program prints with six decimals: the
  quotient rounds to the same double) or `float64`. That is a quarter to a half of full decimals, and written six times
  faster (80 against 500 µs for ten series of 1,000 values). What is not finite also stands in `non_finite` by kind.
- Step columns are JSON lists; those that several series share are stored once. Whole metrics, sorted by name, lie in
  blocks of at most 64 KB, so that a page with ten runs loads only what it draws; the first block is in `series.js`,
  which lists the others. Whole steps above 2^53 travel as text.

The payload is `{"blocks": [[address, key, [metric, ...]], ...], "steps": [[...], ...], "series": [[metric, {...}],
...]}`. A series is `{"count", "kind", "values", "steps": number of its step column}` and, where there are any,
`"non_finite": [[index, kind, count], ...]`, `"attempt_starts": [index, ...]`, `"unstepped": points without a step`.
"""

import hashlib
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runsite import site_paths
from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import RunKey, Series
from runsite.records import encode_json

# As many as the widest chart has pixels, and four kept points for each of 256 buckets.
MAX_POINTS = 1_024
MAX_BUCKETS = 256
MAX_ATTEMPTS = 64
# A block loads in one round trip on a slow line, and 10 runs draw one metric from 640 KB at most.
MAX_BLOCK_BYTES = 65_536
MAX_EXACT_STEP = 2**53
MAX_INT32 = 2**31
# Doubles that no float32 holds show it at once; the rest of the column then need not be tried.
PROBE = 16
_KINDS = ("NaN", "Infinity", "-Infinity")

Steps = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ThinSeries:
    """The points of a series that are drawn, as columns."""

    name: str
    steps: Steps
    values: NDArray[np.float64]
    count: int
    """Points logged; `values` may hold fewer."""
    non_finite: tuple[tuple[int, str, int], ...]
    """Index into the columns, kind, and how many of that kind the bucket holds."""
    attempt_starts: tuple[int, ...]
    """Indices into the columns at which a later attempt begins."""
    unstepped: int
    """Points logged without a step."""


def series_scripts(key: RunKey, series: Mapping[str, Series]) -> tuple[DataFile, ...]:
    """Write the curves of a run as data scripts: `series.js` first, then its blocks if there are any."""
    if not series:
        return ()
    folder = site_paths.run_folder(key)
    first, *others = _blocks(thin_series(series[name]) for name in sorted(series))
    files, listing = [], []
    for number, block in enumerate(others, start=1):
        name, block_key = f"series-{number}.js", f"{key}#{number}"
        content = data_script("series_block", block_key, block.payload())
        files.append(DataFile(folder + name, content))
        listing.append([f"{name}?v={hashlib.sha256(content).hexdigest()[:10]}", block_key, block.names])
    return (
        DataFile(folder + "series.js", data_script("series", str(key), first.payload(script_safe(listing)))),
        *files,
    )


def thin_series(series: Series) -> ThinSeries:
    """Choose the points of a series that are drawn; every extreme and every kind of non-finite value stays."""
    steps, unstepped = _fill_steps(series.steps)
    values, count = series.values, len(series.values)
    finite = np.isfinite(values)
    all_finite = bool(finite.all())
    starts = series.attempt_starts[-MAX_ATTEMPTS:]
    if count <= MAX_POINTS:
        marks = () if all_finite else _non_finite(values, np.flatnonzero(~finite), size=1)
        return ThinSeries(series.name, steps, values, count, marks, starts, unstepped)
    size = bucket_size(count)
    marks = () if all_finite else _non_finite(values, np.flatnonzero(~finite), size=size)
    chosen = _chosen(values, finite, size=size)
    chosen[[index for index, _, _ in marks]] = True
    chosen[[index for start in starts for index in (start - 1, start)]] = True
    kept = np.flatnonzero(chosen)
    places = np.cumsum(chosen) - 1
    return ThinSeries(
        name=series.name,
        steps=steps[kept],
        values=values[kept],
        count=count,
        non_finite=tuple((int(places[index]), kind, number) for index, kind, number in marks),
        attempt_starts=tuple(int(places[start]) for start in starts),
        unstepped=unstepped,
    )


def bucket_size(count: int) -> int:
    """Tell how many points share a bucket: the least power of two that needs at most 256 buckets."""
    return 1 if count <= MAX_POINTS else 1 << (-(-count // MAX_BUCKETS) - 1).bit_length()


def _chosen(values: NDArray[np.float64], finite: NDArray[np.bool_], *, size: int) -> NDArray[np.bool_]:
    """Mark first, least, greatest and last of each bucket."""
    count = len(values)
    heads = np.arange(0, count, size)
    padding = len(heads) * size - count
    shape = (len(heads), size)
    low = np.pad(np.where(finite, values, np.inf), (0, padding), constant_values=np.inf).reshape(shape)
    high = np.pad(np.where(finite, values, -np.inf), (0, padding), constant_values=-np.inf).reshape(shape)
    chosen = np.zeros(count, dtype=np.bool_)
    chosen[heads] = True
    chosen[heads + low.argmin(axis=1)] = True
    chosen[heads + high.argmax(axis=1)] = True
    chosen[np.minimum(heads + size, count) - 1] = True
    return chosen


def _non_finite(values: NDArray[np.float64], where: NDArray[np.intp], *, size: int) -> tuple[tuple[int, str, int], ...]:
    """Find the first of each kind of non-finite value in each bucket, and how many it stands for."""
    found = values[where]
    kinds = np.where(np.isnan(found), 0, np.where(found > 0, 1, 2))
    _, firsts, counts = np.unique(where // size * len(_KINDS) + kinds, return_index=True, return_counts=True)
    marks = ((int(where[first]), _KINDS[kinds[first]], int(count)) for first, count in zip(firsts, counts, strict=True))
    return tuple(sorted(marks))


def _fill_steps(steps: Steps) -> tuple[Steps, int]:
    if steps.dtype.kind == "i":
        return steps, 0
    known = np.isfinite(steps)
    if known.all():
        return steps, 0
    if not known.any():
        return np.arange(len(steps)), len(steps)
    before = np.maximum.accumulate(np.where(known, np.arange(len(steps)), -1))
    before[before < 0] = np.argmax(known)
    return steps[before], int(len(steps) - known.sum())


class _Block:
    """Whole metrics on their way into one data script."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._size = 0
        self._places: dict[bytes, int] = {}
        self._series: list[bytes] = []

    def add(self, name: str, *, steps: bytes, text: bytes) -> bool:
        """Take a metric in, unless the block is full."""
        size = len(text) + (0 if steps in self._places else len(steps))
        if self.names and self._size + size > MAX_BLOCK_BYTES:
            return False
        place = self._places.setdefault(steps, len(self._places))
        self.names.append(name)
        self._series.append(b'[%s,"steps":%d}]' % (text, place))
        self._size += size
        return True

    def payload(self, blocks: bytes = b"[]") -> bytes:
        series = b",".join(self._series)
        return b'{"blocks":%s,"steps":[%s],"series":[%s]}' % (blocks, b",".join(self._places), series)


def _blocks(series: Iterable[ThinSeries]) -> Iterator[_Block]:
    block = _Block()
    step_texts: dict[bytes, bytes] = {}
    for thin in series:
        raw = thin.steps.dtype.char.encode() + thin.steps.tobytes()
        steps = step_texts.get(raw) or step_texts.setdefault(raw, _encode_steps(thin.steps))
        text = _encode(thin)
        if not block.add(thin.name, steps=steps, text=text):
            yield block
            block = _Block()
            block.add(thin.name, steps=steps, text=text)
    yield block


def _encode(thin: ThinSeries) -> bytes:
    """Write a series as JSON, open at its end for the number of its step column."""
    marks: dict[str, object] = {"count": thin.count}
    if thin.non_finite:
        marks["non_finite"] = thin.non_finite
    if thin.attempt_starts:
        marks["attempt_starts"] = thin.attempt_starts
    if thin.unstepped:
        marks["unstepped"] = thin.unstepped
    kind, values = pack_values(thin.values)
    marks["kind"] = kind
    return b'%s,%s,"values":"%s"' % (script_safe(thin.name), encode_json(marks)[:-1], b2a_base64(values, newline=False))


def pack_values(values: NDArray[np.float64]) -> tuple[str, bytes]:
    """Write values as little-endian numbers of the shortest kind that holds each of them exactly."""
    with np.errstate(over="ignore", invalid="ignore"):
        if _are_single(values[:PROBE]) and _are_single(values):
            return "float32", values.astype("<f4").tobytes()
        millionths = np.rint(values * 1e6)
        if (np.abs(millionths) < MAX_INT32).all() and (millionths / 1e6 == values).all():
            return "millionths", millionths.astype("<i4").tobytes()
    return "float64", values.astype("<f8", copy=False).tobytes()


def _are_single(values: NDArray[np.float64]) -> bool:
    return bool(((values.astype("<f4") == values) | (values != values)).all())


def _encode_steps(steps: Steps) -> bytes:
    numbers = steps.tolist()
    if steps.dtype.kind == "i" and (steps.max(initial=0) > MAX_EXACT_STEP or steps.min(initial=0) < -MAX_EXACT_STEP):
        return encode_json([str(n) if abs(n) > MAX_EXACT_STEP else n for n in numbers])
    return encode_json(numbers)
