"""What tests arrange with: a run written in one call, a clock that is a number, a reporter that remembers."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

START = 1_700_000_000.0
"""When test runs begin unless told otherwise: 2023-11-14 22:13:20 UTC."""

Record = Mapping[str, Any]
Item = TypeVar("Item")


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on somebody's own machine; fail where everything must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (in CI nothing is skipped)")
    pytest.skip(reason)


def run_start(*, time: float = START, **keys: Any) -> Record:
    """Make a run_start record."""
    return {"type": "run_start", "format": 1, "time": time, **keys}


def params(**values: Any) -> Record:
    """Make a params record."""
    return {"type": "params", "values": values}


def metrics(step: float | None, values: Mapping[str, Any], *, time: float | None = None) -> Record:
    """Make a metrics record; a step or time of None is left out."""
    known = {"step": step, "time": time}
    return {"type": "metrics", **{name: value for name, value in known.items() if value is not None}, "values": values}


def run_end(status: str = "finished", *, time: float = START + 60, **keys: Any) -> Record:
    """Make a run_end record."""
    return {"type": "run_end", "status": status, "time": time, **keys}


def line_of(record: Record | str | bytes) -> bytes:
    """Turn a record into its line; text and bytes are taken as they are, for torn and odd lines."""
    if isinstance(record, bytes):
        return record
    if isinstance(record, str):
        return record.encode("utf-8", "surrogatepass")
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")


def write_run(store: Path, experiment: str, run: str, *records: Record | str | bytes, writer: str = "") -> Path:
    """Write `<store>/<experiment>/<run>/run.jsonl` and return the run's folder.

    Without records it is a finished run that logged nothing. `writer` names a further writer's file.
    """
    folder = store / experiment / run
    folder.mkdir(parents=True, exist_ok=True)
    lines = records or (run_start(run=run), run_end())
    name = f"run.{writer}.jsonl" if writer else "run.jsonl"
    (folder / name).write_bytes(b"".join(line_of(record) + b"\n" for record in lines))
    return folder


def write_charts(store: Path, experiment: str, specs: Mapping[str, object]) -> None:
    """Write `<store>/<experiment>/charts/<name>.vl.json` of each spec."""
    folder = store / experiment / "charts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in specs.items():
        (folder / f"{name}.vl.json").write_text(json.dumps(spec))


def append_to_run(folder: Path, *records: Record | str | bytes, newline: bool = True, writer: str = "") -> None:
    """Append records to a run's log; without `newline` the last one is left pending."""
    name = f"run.{writer}.jsonl" if writer else "run.jsonl"
    data = b"\n".join(line_of(record) for record in records) + (b"\n" if newline else b"")
    with (folder / name).open("ab") as file:
        file.write(data)


def folder_bytes(folder: Path) -> dict[str, bytes]:
    """Read a whole folder as {path with `/`: bytes}, sorted, to compare two of them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@dataclass(slots=True)
class FakeClock:
    """A clock that stands until it is told to go on."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(slots=True)
class RecordingReporter:
    """Takes what a build tells the outside and remembers it."""

    messages: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    """What progress was shown of."""

    def message(self, text: str) -> None:
        self.messages.append(text)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterable[Item]:
        self.labels.append(f"{label} ({total})")
        return items
