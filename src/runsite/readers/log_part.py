"""Fold one log file: everything it says, in its own order, before other writers' files are joined to it.

The fold is made per file because files of one run grow independently: what one writer appends changes its own
part alone, and a clean build joins the same parts in the same order.
"""

from collections.abc import Callable, Sequence
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
from runsite.readers.columns import Row, series_of_rows
from runsite.readers.log_lines import BrokenGzipError, LineChunk, read_chunks
from runsite.records.fast_lines import REFUSED, MetricsRow, metrics_decoder
from runsite.records.parse import Metrics, Params, Record, RunEnd, RunStart, Tags, parse_record


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
    times: list[float] = field(default_factory=list)
    """Of every record that has one; sorted by nothing."""
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

    @property
    def last_time(self) -> float | None:
        return max(self.times, default=None)


def read_part(path: Path, *, file: str) -> LogPart:
    """Read one log file; raise OSError if it cannot be opened or read."""
    part = LogPart(file)
    rows: list[Row] = []
    decode = metrics_decoder()
    try:
        for chunk in read_chunks(path):
            _fold_chunk(chunk, part=part, rows=rows, decode=decode)
    except BrokenGzipError as error:
        part.problems.append(Problem(file, 0, f"compressed file is damaged: {error}"))
    _note_first_time(part, rows, None)
    part.series = series_of_rows([row for row in rows if row.values])
    return part


def _note_first_time(part: LogPart, rows: Sequence[Row], time: float | None) -> None:
    if part.first_time is None:
        part.first_time = next((row.time for row in rows if row.time is not None), time)


def _fold_chunk(chunk: LineChunk, *, part: LogPart, rows: list[Row], decode: Callable[[bytes], MetricsRow]) -> None:
    known = len(rows)
    for number, line in enumerate(chunk.lines, chunk.first_number):
        try:
            if not chunk.plain and (b"\\" in line or b"\x7f" in line):
                _fold_line(line, number, part=part, rows=rows, pending=chunk.pending)
            else:
                rows.append(decode(line))
        except REFUSED:
            _fold_line(line, number, part=part, rows=rows, pending=chunk.pending)
    part.times += [row.time for row in rows[known:] if row.time is not None]


def _fold_line(line: bytes, number: int, *, part: LogPart, rows: list[Row], pending: bool) -> None:
    if not line.strip():
        return
    record = parse_record(line)
    if pending and not record.type:
        return
    part.problems += [Problem(part.file, number, reason, kind) for kind, reason in record.problems]
    part.secrets += record.secrets
    if isinstance(record.body, Metrics):
        rows.append(MetricsRow(dict(record.body.values), record.body.step, record.time))
    else:
        _fold_body(record, number, part)
        if record.time is not None:
            _note_first_time(part, rows, record.time)
            part.times.append(record.time)


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
