"""Fold one log file: everything it says, in its own order, before other writers' files are joined to it.

The fold is made per file because files of one run grow independently: what one writer appends changes its own
part alone, and a clean build joins the same parts in the same order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runsite.model import (
    Artifact,
    Dataset,
    Environment,
    LoggedModel,
    MetricDefinition,
    Note,
    Problem,
    Series,
    Source,
)
from runsite.readers.columns import RowColumns, columns_of_rows, join_rows, last_and_longest_gap, series_of
from runsite.readers.log_lines import CHUNK_BYTES, BrokenGzipError, Digest, LineChunk, is_odd, read_chunks
from runsite.records.fast_lines import (
    MAX_SHAPE,
    METRICS,
    REFUSED,
    MetricsRow,
    RefusedLineError,
    RowShape,
    metrics_decoder,
    row_shape,
)
from runsite.records.parse import Metrics, Params, Record, RunEnd, RunStart, Tags, parse_record

# A struct for a row shape takes as long to define as some 60 rows take to decode without it.
SHAPE_LINES = 64
# 13 MB of rows of 10 metrics.
PIECE_ROWS = 32_768
# 10,000 lines of 100 bytes are parsed in 50 ms.
MAX_OTHER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A start or an end, where it stands in the file."""

    body: RunStart | RunEnd
    time: float | None
    line: int


@dataclass(frozen=True, slots=True)
class LoggedParam:
    """A param as one line has it."""

    name: str
    value: Any
    line: int


@dataclass(slots=True)
class LogPart:
    """What one file of a run says; lists in line order."""

    file: str
    """Relative to the store."""
    first_time: float | None = None
    """Of the first record that has one."""
    last_time: float | None = None
    """The greatest time of a record."""
    longest_gap_seconds: float = 0.0
    """The longest silence between two records, whatever order they were written in."""
    marks: list[Mark] = field(default_factory=list)
    params: list[LoggedParam] = field(default_factory=list)
    tags: dict[str, Any] = field(default_factory=dict)
    definitions: list[MetricDefinition] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    models: list[LoggedModel] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    series: dict[str, Series] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)


def read_part(
    path: Path,
    *,
    file: str,
    chunk_bytes: int = CHUNK_BYTES,
    digest: Digest | None = None,
    start: "HalfRead | None" = None,
    keep: "Callable[[HalfRead], None] | None" = None,
) -> LogPart:
    """Read one log file; raise OSError if it cannot be opened or read. The result is the same for any chunk size.

    `start` is what an earlier reading handed to `keep`, and stands for the lines up to there.
    """
    fold = _Fold(LogPart(file), start or HalfRead())
    place = (start.end, start.lines + 1) if start else (0, 1)
    half: HalfRead | None = None
    try:
        chunks = read_chunks(path, chunk_bytes=chunk_bytes, digest=digest, start=place[0], first_number=place[1])
        for chunk in chunks:
            if chunk.pending and keep is not None:
                half = fold.half_read()
            fold.add(chunk)
    except BrokenGzipError as error:
        fold.part.problems.append(Problem(file, 0, f"compressed file is damaged: {error}"))
    if keep is not None:
        half = half or fold.half_read()
        if half is not None:
            keep(half)
    return fold.finish()


@dataclass(frozen=True, slots=True)
class HalfRead:
    """What the first lines of a file gave, from which its fold can go on."""

    end: int = 0
    """Where they end, in bytes."""
    lines: int = 0
    rows: RowColumns | None = None
    others: tuple[tuple[int, bytes], ...] = ()
    """Number and text of each line that was no plain row: few, and quickly read again."""
    first_time: float | None = None
    first_row_time: float | None = None
    other_times: tuple[float, ...] = ()


class _Fold:
    """A file half read: its part, its rows so far, and the row shape it seems to repeat."""

    def __init__(self, part: LogPart, start: HalfRead) -> None:
        self.part = part
        self._rows: list[Any] = []
        self._pieces = [] if start.rows is None else [start.rows]
        self._decode_any = metrics_decoder()
        self._decode: Callable[[bytes], Any] = self._decode_any
        self._shape: RowShape | None = None
        self._misses = 0
        self._end, self._lines = start.end, start.lines
        self._others: list[tuple[int, bytes]] = []
        self._other_bytes = 0
        for number, line in start.others:
            self._add_record(line, number, pending=False, is_again=True)
        part.first_time, self._first_row_time = start.first_time, start.first_row_time
        self._other_times = list(start.other_times)
        """Times of the records that are no rows."""

    def add(self, chunk: LineChunk) -> None:
        """Fold some lines: rows as fast as they decode, whatever stands between them one by one."""
        if self._shape is None and len(chunk.lines) >= SHAPE_LINES:
            self._settle_shape(chunk.lines[:SHAPE_LINES])
        lines, number = iter(chunk.lines), chunk.first_number
        while True:
            before = len(self._rows)
            try:
                self._rows.extend(map(self._decode, lines) if chunk.plain else map(self._decode_plain, lines))
                break
            except REFUSED:
                # The rows before the refused line are taken, the iterator stands behind it.
                number += len(self._rows) - before
                self._add_refused(chunk.lines[number - chunk.first_number], number, pending=chunk.pending)
                number += 1
        if not chunk.pending:
            self._end, self._lines = chunk.end, chunk.first_number + len(chunk.lines) - 1
        if len(self._rows) >= PIECE_ROWS:
            self._fold_rows()

    def _fold_rows(self) -> None:
        """Turn the rows so far into columns, which take a tenth of the memory."""
        if self._first_row_time is None:
            self._first_row_time = next((row.time for row in self._rows if row.time is not None), None)
        if self._rows:
            self._pieces.append(columns_of_rows(self._rows, shape=self._shape))
        self._rows = []

    def half_read(self) -> HalfRead | None:
        """Return what the whole lines so far gave; None where other lines than rows make up too much of it."""
        if self._other_bytes > MAX_OTHER_BYTES:
            return None
        self._fold_rows()
        self._pieces = [join_rows(self._pieces)]
        return HalfRead(
            self._end,
            self._lines,
            self._pieces[0],
            tuple(self._others),
            self.part.first_time,
            self._first_row_time,
            tuple(self._other_times),
        )

    def finish(self) -> LogPart:
        part = self.part
        self._fold_rows()
        self._note_first_time(None)
        rows = join_rows(self._pieces)
        part.series = series_of(rows)
        part.last_time, part.longest_gap_seconds = last_and_longest_gap(rows.times, self._other_times)
        return part

    def _settle_shape(self, lines: Iterable[bytes]) -> None:
        """Take the first row's metrics for those of all rows; rows of other shapes cost one try more."""
        for line in lines:
            try:
                names = tuple(self._decode_plain(line).values)
            except REFUSED:
                continue
            if 0 < len(names) <= MAX_SHAPE:
                self._shape = row_shape(names)
                self._decode = self._shape.decode
            return

    def _decode_plain(self, line: bytes) -> Any:
        """Decode a row, but leave a line whose names may hold control characters to the careful way."""
        if is_odd(line):
            raise RefusedLineError
        return self._decode(line)

    def _add_refused(self, line: bytes, number: int, *, pending: bool) -> None:
        """Take a line that is not of the shape: a row of another shape, or any other record."""
        if self._shape is not None and not is_odd(line):
            try:
                self._rows.append(self._decode_any(line))
            except REFUSED:
                pass
            else:
                self._count_miss()
                return
        self._add_record(line, number, pending=pending)

    def _count_miss(self) -> None:
        """Go back to the general decoder where shapes change all the time."""
        self._misses += 1
        if self._misses > SHAPE_LINES and self._misses * 4 > len(self._rows) + sum(map(len, self._pieces)):
            self._decode = self._decode_any

    def _add_record(self, line: bytes, number: int, *, pending: bool, is_again: bool = False) -> None:
        """Take any line with all that it says; of one that is read again its row and its time are known."""
        if not line.strip():
            return
        if not pending:
            self._other_bytes += len(line)
            if self._other_bytes <= MAX_OTHER_BYTES:
                self._others.append((number, line))
        record = parse_record(line)
        part = self.part
        if not pending:  # of a line that is still being written, what can be read is read and nothing is complained of
            part.problems += [Problem(part.file, number, reason, kind) for kind, reason in record.problems]
        part.secrets += record.secrets
        if isinstance(record.body, Metrics):
            if is_again:
                return
            self._rows.append(MetricsRow(METRICS, dict(record.body.values), record.body.step, record.time))
            return
        _fold_body(record, number, part)
        if record.time is not None and not is_again:
            self._note_first_time(record.time)
            self._other_times.append(record.time)

    def _note_first_time(self, time: float | None) -> None:
        if self.part.first_time is None:
            first = self._first_row_time
            if first is None:
                first = next((row.time for row in self._rows if row.time is not None), None)
            self.part.first_time = time if first is None else first


def _fold_body(record: Record, line: int, part: LogPart) -> None:
    match record.body:
        case RunStart() | RunEnd() as body:
            part.marks.append(Mark(body, record.time, line))
        case Params(values):
            part.params += [LoggedParam(name, value, line) for name, value in values.items()]
        case Tags(values):
            part.tags.update(values)
        case MetricDefinition() as definition:
            part.definitions.append(definition)
        case Dataset() as dataset:
            part.datasets.append(dataset)
        case Artifact() as artifact:
            part.artifacts.append(artifact)
        case LoggedModel() as model:
            part.models.append(model)
        case Source() as source:
            part.sources.append(source)
        case Environment() as environment:
            part.environments.append(environment)
        case Note() as note:
            part.notes.append(note)
        case _:
            pass
