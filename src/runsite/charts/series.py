"""Curves as data scripts: what a browser gets of a run's series, thinned honestly.

The policy:

- Up to 1,024 points a series is kept as it is. A longer one falls into buckets of a power of two, the smallest that
  needs at most 256 of them; `thinning` says which of their points stay. Of more than 64 attempts only the last 64 are
  told apart. What is finer than this overview lies in files of its own, see `levels`.
- A missing step takes the step before it (the first ones: the first known). Without any step, points are numbered.
- A kept point carries its own step and its own time. Columns of steps are JSON lists, columns of times are packed
  (see `packing`); those that several series share are stored once. Whole steps above 2^53 travel as text.
- Whole metrics, sorted by name, lie in blocks of at most 64 KB, so that a page with ten runs loads only what it draws;
  the first block is in `series.js`, which lists the others.

The payload is `{"blocks": [[address, key, [metric, ...]], ...], "started": seconds, "steps": [[...], ...], "times":
[column, ...], "series": [[metric, {...}], ...]}`. `started` is when the run started, else the earliest first time of a
series: where relative time begins; only `series.js` has it, and only if any time is known. A series is `{"count",
"kind", "values", "steps": number of its step column}` and, where there are any, `"times": number of its column of
times, "non_finite": [[index, kind, count], ...]`, `"attempt_starts": [index, ...]`, `"unstepped": points without a
step`,
`"levels": [address, key]`.
"""

import hashlib
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from runsite import site_paths
from runsite.charts.levels import bucket_size, level_scripts, levels_place
from runsite.charts.packing import Numbers, pack_columns, pack_times, step_list
from runsite.charts.thinning import Columns, Marks, thin_points
from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import RunKey, Series
from runsite.records import encode_json

MAX_ATTEMPTS = 64
# A block loads in one round trip on a slow line, and 10 runs draw one metric from 640 KB at most.
MAX_BLOCK_BYTES = 65_536
# Of 1,024 points each, 256 KB that are tried at once for the shortest kind of number.
SLAB_SERIES = 32


@dataclass(frozen=True, slots=True)
class ThinSeries:
    """The points of a series that are drawn, as columns."""

    name: str
    steps: Numbers
    times: NDArray[np.float64]
    """Unix seconds; NaN for a point without one."""
    values: NDArray[np.float64]
    count: int
    """Points logged; `values` may hold fewer."""
    non_finite: Marks
    """Index into the columns, kind, and how many of that kind the bucket holds."""
    attempt_starts: tuple[int, ...]
    """Indices into the columns at which a later attempt begins."""
    unstepped: int
    """Points logged without a step."""


def series_scripts(key: RunKey, series: Mapping[str, Series], *, started: float | None = None) -> Iterator[DataFile]:
    """Write the curves of a run as data scripts: `series.js` first, then its blocks and finer levels if there are any.

    Made one after the other: those of a series of 10 million points are 100 MB.
    """
    if not series:
        return
    folder = site_paths.run_folder(key)
    first, *others = _blocks(key, (thin_series(series[name]) for name in sorted(series)))
    files, listing = [], []
    for number, block in enumerate(others, start=1):
        name, block_key = f"series-{number}.js", f"{key}#{number}"
        content = data_script("series_block", block_key, block.payload())
        files.append(DataFile(folder + name, content))
        listing.append([f"{name}?v={hashlib.sha256(content).hexdigest()[:10]}", block_key, block.names])
    head = b'"blocks":%s,%s' % (script_safe(listing), _started(started, series.values()))
    yield DataFile(folder + "series.js", data_script("series", str(key), first.payload(head)))
    yield from files
    for name in sorted(series):
        if levels_place(key, name, count=len(series[name].values)):
            steps, _ = _fill_steps(series[name].steps)
            points = Columns(steps, series[name].times, series[name].values)
            yield from level_scripts(key, name, points, series[name].attempt_starts)


def thin_series(series: Series) -> ThinSeries:
    """Choose the points of a series that are drawn; every extreme and every kind of non-finite value stays."""
    steps, unstepped = _fill_steps(series.steps)
    count = len(series.values)
    kept, marks, starts = thin_points(
        Columns(steps, series.times, series.values),
        size=bucket_size(count),
        starts=series.attempt_starts[-MAX_ATTEMPTS:],
    )
    return ThinSeries(series.name, kept.steps, kept.times, kept.values, count, marks, starts, unstepped)


def _fill_steps(steps: Numbers) -> tuple[Numbers, int]:
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


def _started(told: float | None, series: Iterable[Series]) -> bytes:
    """Say when the run began; where it is not told, as far as its series know."""
    if told is not None:
        return b'"started":%s,' % encode_json(told)
    firsts = [float(known[0]) for one in series if len(known := one.times[:1]) and np.isfinite(known[0])]
    if not firsts:
        columns = {id(one.times): one.times[np.isfinite(one.times)] for one in series}
        firsts = [float(known[0]) for known in columns.values() if len(known)]
    return b'"started":%s,' % encode_json(min(firsts)) if firsts else b""


class _Block:
    """Whole metrics on their way into one data script."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._size = 0
        self._steps: dict[bytes, int] = {}
        self._times: dict[bytes, int] = {}
        self._series: list[bytes] = []

    def add(self, name: str, *, steps: bytes, times: bytes, text: bytes) -> bool:
        """Take a metric in, unless the block is full."""
        new_steps, new_times = steps not in self._steps, times not in self._times
        size = len(text) + new_steps * len(steps) + new_times * len(times)
        if self.names and self._size + size > MAX_BLOCK_BYTES:
            return False
        text += b',"steps":%d' % self._steps.setdefault(steps, len(self._steps))
        if times:
            text += b',"times":%d' % self._times.setdefault(times, len(self._times))
        self.names.append(name)
        self._series.append(text + b"}]")
        self._size += size
        return True

    def payload(self, head: bytes = b'"blocks":[],') -> bytes:
        columns = (b",".join(self._steps), b",".join(self._times), b",".join(self._series))
        return b'{%s"steps":[%s],"times":[%s],"series":[%s]}' % (head, *columns)


class _Texts:
    """Columns written once: series of one row shape share the very array, thinned ones at times its numbers."""

    def __init__(self) -> None:
        self._last: tuple[Numbers, bytes] | None = None
        self._known: dict[bytes, bytes] = {}

    def text(self, column: Numbers, write: Callable[[Numbers], bytes]) -> bytes:
        if self._last is None or self._last[0] is not column:
            raw = column.dtype.char.encode() + column.tobytes()
            text = self._known[raw] if raw in self._known else self._known.setdefault(raw, write(column))
            self._last = column, text
        return self._last[1]


def _blocks(key: RunKey, series: Iterable[ThinSeries]) -> Iterator[_Block]:
    block = _Block()
    step_texts, time_texts = _Texts(), _Texts()
    for thin, (kind, values) in _packed(series):
        steps = step_texts.text(thin.steps, step_list)
        times = time_texts.text(thin.times, pack_times)
        text = _encode(thin, levels_place(key, thin.name, count=thin.count), kind=kind, values=values)
        if not block.add(thin.name, steps=steps, times=times, text=text):
            yield block
            block = _Block()
            block.add(thin.name, steps=steps, times=times, text=text)
    yield block


def _packed(series: Iterable[ThinSeries]) -> Iterator[tuple[ThinSeries, tuple[str, bytes]]]:
    iterator = iter(series)
    while slab := list(islice(iterator, SLAB_SERIES)):
        yield from zip(slab, pack_columns([thin.values for thin in slab]), strict=True)


def _encode(thin: ThinSeries, levels: tuple[str, str] | None, *, kind: str, values: bytes) -> bytes:
    """Write a series as JSON, open at its end for the numbers of its columns."""
    marks: dict[str, object] = {"count": thin.count}
    if thin.non_finite:
        marks["non_finite"] = thin.non_finite
    if thin.attempt_starts:
        marks["attempt_starts"] = thin.attempt_starts
    if thin.unstepped:
        marks["unstepped"] = thin.unstepped
    if levels:
        marks["levels"] = levels
    marks["kind"] = kind
    text = b2a_base64(values, newline=False)
    return b'[%s,%s,"values":"%s"' % (script_safe(thin.name), script_safe(marks)[:-1], text)
