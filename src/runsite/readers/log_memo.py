"""Go on reading a long log where an earlier build stopped: logs are only ever appended to.

What the first lines gave is kept as columns. It counts as long as the file is the same one, has not become shorter, has
the same bytes at its head and before the place where reading stopped, and grew or was not touched since it was read
last. A log that was rewritten with other bytes in its middle alone, and grew before the next build, passes that; no
writer of ours does so, and `--verify` reads everything. A truncated, a rotated or an edited log is read whole.

Short logs are read whole in any case. What is kept of a long one is written anew once it grew by an eighth, so that a
line appended to 1 GB does not write 400 MB.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from runsite.readers.columns import RowColumns
from runsite.readers.log_part import HalfRead
from runsite.records.pack import pack, unpack
from runsite.signatures import Signature

# 4 MB are read in 25 ms, as fast as what is kept of them can be fetched.
MIN_LOG_BYTES = 4_000_000
# SQLite takes blobs of up to 1 GB; this is what 1 GB of rows of 10 metrics gives.
MAX_MEMO_BYTES = 500_000_000
EDGE_BYTES = 65_536
GROWN_SHARE = 8


WasRewritten = Callable[[str, Signature], bool]
"""Tells of a log, by its key and how it is found, whether it was touched since it was read last, and did not grow."""


class LogMemos(Protocol):
    """Where what was read of logs is kept, by the keys of their runs and their names."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...
    def forget(self, key: str) -> None: ...


class KeptLogs:
    """What earlier readings kept of logs of at least so many bytes."""

    def __init__(
        self, memos: LogMemos, *, min_bytes: int | None = None, was_rewritten: WasRewritten | None = None
    ) -> None:
        self._memos = memos
        self._was_rewritten = was_rewritten
        self._min_bytes = MIN_LOG_BYTES if min_bytes is None else min_bytes

    def start(self, key: str, log: Path, found: Signature) -> HalfRead | None:
        """Return what the first lines of a log gave; None, and nothing is kept any more, if it must be read whole."""
        half = self._half_read(key, log, found)
        if half is None:
            self._memos.forget(key)  # what is read now may be another content, and may be too much to be kept
        return half

    def _half_read(self, key: str, log: Path, found: Signature) -> HalfRead | None:
        if not self._is_long(log, found) or (self._was_rewritten is not None and self._was_rewritten(key, found)):
            return None
        content = self._memos.get(key)
        return None if content is None or found is None else _decoded(unpack(content), log, found)

    def keeper(
        self, key: str, log: Path, found: Signature, start: HalfRead | None
    ) -> Callable[[HalfRead], None] | None:
        """Return what takes in a reading of a log, to be gone on with later; None if it need not be kept."""
        if not self._is_long(log, found) or found is None:
            return None
        known = start.end if start else 0
        if found[0] - known < max(self._min_bytes, known // GROWN_SHARE):
            return None
        return lambda half: self._keep(key, log, found, half)

    def _is_long(self, log: Path, found: Signature) -> bool:
        return found is not None and found[0] >= self._min_bytes and log.suffix != ".gz"

    def _keep(self, key: str, log: Path, found: tuple[int, int, int, int], half: HalfRead) -> None:
        edges = _edges(log, half.end)
        if half.rows is not None and edges is not None and _size(half.rows) <= MAX_MEMO_BYTES:
            self._memos.put(key, pack([found[2], edges, *_plain_half(half), *_plain_rows(half.rows)]))


def _edges(log: Path, end: int) -> bytes | None:
    """Digest the head of a log and what stands before the place where reading stopped."""
    try:
        with log.open("rb") as file:
            total = hashlib.sha256(file.read(min(EDGE_BYTES, end)))
            file.seek(max(0, end - EDGE_BYTES))
            total.update(file.read(min(EDGE_BYTES, end)))
    except OSError:
        return None
    return total.digest()


def _decoded(row: Any, log: Path, found: tuple[int, int, int, int]) -> HalfRead | None:
    inode, edges, end, lines, others, first_time, first_row_time, other_times, *columns = row
    if inode != found[2] or end > found[0] or edges != _edges(log, end):
        return None
    known = tuple((number, line) for number, line in others)
    return HalfRead(end, lines, _rows(*columns), known, first_time, first_row_time, tuple(other_times))


def _plain_half(half: HalfRead) -> list[Any]:
    return [half.end, half.lines, half.others, half.first_time, half.first_row_time, half.other_times]


def _plain_rows(rows: RowColumns) -> list[Any]:
    points = [
        [name, None if places is None else places.astype("<i8").tobytes(), values.tobytes()]
        for name, (places, values) in rows.points.items()
    ]
    return [rows.steps.dtype.char, rows.steps.tobytes(), rows.times.tobytes(), rows.widths.tobytes(), points]


def _rows(kind: str, steps: bytes, times: bytes, widths: bytes, points: list[Any]) -> RowColumns:
    return RowColumns(
        np.frombuffer(steps, kind),
        np.frombuffer(times, np.float64),
        np.frombuffer(widths, np.int64),
        {
            name: (None if places is None else np.frombuffer(places, np.intp), np.frombuffer(values, np.float64))
            for name, places, values in points
        },
    )


def _size(rows: RowColumns) -> int:
    places = sum(values.nbytes + (0 if rows is None else rows.nbytes) for rows, values in rows.points.values())
    return rows.steps.nbytes + rows.times.nbytes + rows.widths.nbytes + places
