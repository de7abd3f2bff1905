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
from runsite.readers.columns import last_and_longest_gap, row_axes, series_of_rows
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


def read_part(path: Path, *, file: str, chunk_bytes: int = CHUNK_BYTES, digest: Digest | None = None) -> LogPart:
    """Read one log file; raise OSError if it cannot be opened or read. The result is the same for any chunk size."""
    fold = _Fold(LogPart(file))
    try:
        for chunk in read_chunks(path, chunk_bytes=chunk_bytes, digest=digest):
            fold.add(chunk)
    except BrokenGzipError as error:
        fold.part.problems.append(Problem(file, 0, f"compressed file is damaged: {error}"))
    return fold.finish()


class _Fold:
    """A file half read: its part, its rows so far, and the row shape it seems to repeat."""

    def __init__(self, part: LogPart) -> None:
        self.part = part
        self._rows: list[Any] = []
        self._decode_any = metrics_decoder()
        self._decode: Callable[[bytes], Any] = self._decode_any
        self._shape: RowShape | None = None
        self._misses = 0
        self._other_times: list[float] = []
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

    def finish(self) -> LogPart:
        part = self.part
        self._note_first_time(None)
        steps, times = row_axes(self._rows)
        part.series = series_of_rows(self._rows, steps=steps, times=times, shape=self._shape)
        part.last_time, part.longest_gap_seconds = last_and_longest_gap(times, self._other_times)
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
        if self._misses > SHAPE_LINES and self._misses * 4 > len(self._rows):
            self._decode = self._decode_any

    def _add_record(self, line: bytes, number: int, *, pending: bool) -> None:
        if not line.strip():
            return
        record = parse_record(line)
        part = self.part
        if not pending:  # of a line that is still being written, what can be read is read and nothing is complained of
            part.problems += [Problem(part.file, number, reason, kind) for kind, reason in record.problems]
        part.secrets += record.secrets
        if isinstance(record.body, Metrics):
            self._rows.append(MetricsRow(METRICS, dict(record.body.values), record.body.step, record.time))
            return
        _fold_body(record, number, part)
        if record.time is not None:
            self._note_first_time(record.time)
            self._other_times.append(record.time)

    def _note_first_time(self, time: float | None) -> None:
        if self.part.first_time is None:
            self.part.first_time = next((row.time for row in self._rows if row.time is not None), time)


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
