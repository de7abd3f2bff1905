"""A run store folded with the standard library alone: an independent witness of what `runsite runs --json` says.

Written from the rules of the format, not from the package: no line of runsite is imported here. It reads plain and
compressed logs, several writers' files, values as strings, late lines without a newline. Goals come from runsite.toml
and the logs; a guessed goal is the package's own affair, so `best` is only given where one is declared.
"""

import gzip
import itertools
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOG = re.compile(r"run(\..+)?\.jsonl(\.gz)?")
NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
STALLED_AFTER = 600.0

Row = dict[str, Any]


@dataclass(slots=True)
class Log:
    """One file of a run."""

    name: str
    records: list[Row] = field(default_factory=list)
    skipped: int = 0

    @property
    def times(self) -> list[float]:
        return [record["time"] for record in self.records if _is_number(record.get("time"))]


def fold_store(store: Path, *, now: float) -> list[Row]:
    """Fold every run of a store into the shape of `runsite runs --json`, sorted by experiment and run."""
    settings = store / "runsite.toml"
    document = tomllib.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
    goals = {name: metric["goal"] for name, metric in document.get("metrics", {}).items() if "goal" in metric}
    return [fold_run(store, folder, goals=goals, now=now) for folder in run_folders(store)]


def run_folders(store: Path) -> list[Path]:
    """List the folders that hold a log; nothing below one is another run."""
    found = sorted({path.parent for path in store.rglob("run*.jsonl*") if LOG.fullmatch(path.name)})
    rooted = [folder for folder in found if folder.relative_to(store).parts[0] not in ("models", "reports")]
    return [folder for folder in rooted if not any(parent in rooted for parent in folder.parents)]


def fold_run(store: Path, folder: Path, *, goals: Mapping[str, str], now: float) -> Row:
    """Fold one run."""
    logs = sorted((read_log(path) for path in folder.iterdir() if LOG.fullmatch(path.name)), key=_log_order)
    records = [record for log in logs for record in log.records]
    experiment = folder.parent.relative_to(store).as_posix()
    starts = [record for record in records if record["type"] == "run_start"]
    params, conflicts = _fold_params(records)
    parent = next((start["parent"] for start in starts if start.get("parent")), None)
    return {
        "experiment": experiment,
        "run": folder.name,
        "name": next((start["name"] for start in starts if start.get("name")), folder.name),
        "format": max((start.get("format", 1) for start in starts), default=1),
        "started": min((log.times[0] for log in logs if log.times), default=None),
        "parent": parent if parent is None or "/" in parent else f"{experiment}/{parent}",
        "params": params,
        "params_conflicts": conflicts,
        "tags": {name: tag for record in _of(records, "tags") for name, tag in record["values"].items()},
        "metrics": _fold_metrics(records, goals),
        "artifacts": sum(record["type"] == "artifact" for record in records),
        "skipped_lines": sum(log.skipped for log in logs),
        **_fold_course(logs, now=now),
    }


def read_log(path: Path) -> Log:
    """Read one file line by line; a last line without its newline counts only if it is whole."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    log = Log(path.name)
    *lines, tail = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for line in lines:
        record = _record(line)
        if record is not None:
            log.records.append(record)
        else:
            log.skipped += bool(line.strip())
    pending = _record(tail)
    if pending is not None:
        log.records.append(pending)
    return log


def number_of(value: object) -> float | None:
    """Return a metric's value as a number, or None if it is none."""
    if isinstance(value, str):
        return NON_FINITE.get(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text_of(value: float) -> float | str:
    """Return a value as JSON can carry it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _record(line: bytes) -> Row | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("type"), str) else None


def _log_order(log: Log) -> tuple[float, bool, str]:
    return (log.times[0] if log.times else -math.inf, not log.name.startswith("run.jsonl"), log.name)


def _of(records: list[Row], kind: str) -> Iterator[Row]:
    return (record for record in records if record["type"] == kind)


def _fold_params(records: list[Row]) -> tuple[Row, list[Row]]:
    params: Row = {}
    conflicts = []
    for record in _of(records, "params"):
        for name, value in record["values"].items():
            if params.setdefault(name, value) != value:
                conflicts.append({"name": name, "kept": params[name], "ignored": value})
    return params, conflicts


def _fold_course(logs: list[Log], *, now: float) -> Row:
    """Follow starts and ends in log order; a file begun while another was written is a rank and decides nothing."""
    status, ended, last = "running", None, -math.inf
    for log in logs:
        is_rank = bool(log.times) and log.times[0] < last
        for record in [] if is_rank else log.records:
            if record["type"] == "run_start":
                status, ended = "running", None
            elif record["type"] == "run_end":
                status, ended = record["status"], record.get("time")
        last = max([last, *log.times])
    if status == "running" and last > -math.inf and now > last + max(STALLED_AFTER, 5.0 * _longest_gap(logs)):
        status = "stalled"
    return {"status": status, "ended": ended}


def _longest_gap(logs: list[Log]) -> float:
    ordered = [sorted(log.times) for log in logs]
    return max((after - before for times in ordered for before, after in itertools.pairwise(times)), default=0.0)


def _fold_metrics(records: list[Row], goals: Mapping[str, str]) -> Row:
    points: dict[str, list[tuple[Any, float]]] = {}
    for record in _of(records, "metrics"):
        for name, value in record["values"].items():
            number = number_of(value)
            if number is not None:
                points.setdefault(name, []).append((record.get("step"), number))
    declared = {record["name"]: record["goal"] for record in _of(records, "metric_definition") if record.get("goal")}
    return {name: _fold_metric(each, *_goal(name, goals, declared)) for name, each in points.items()}


def _goal(name: str, settings: Mapping[str, str], declared: Mapping[str, str]) -> tuple[str | None, str | None]:
    if name in settings:
        return settings[name], "settings"
    return (declared[name], "record") if name in declared else (None, None)


def _fold_metric(points: list[tuple[Any, float]], goal: str | None, goal_from: str | None) -> Row:
    finite = [point for point in points if math.isfinite(point[1])]
    values = [value for _, value in finite]
    return {
        "count": len(points),
        "finite": len(finite),
        "first": [points[0][0], text_of(points[0][1])],
        "last": [points[-1][0], text_of(points[-1][1])],
        "min": min(values, default=None),
        "max": max(values, default=None),
        "best": best_point(finite, goal) if goal else None,
        "goal": goal,
        "goal_from": goal_from,
    }


def best_point(finite: list[tuple[Any, float]], goal: str) -> list[Any] | None:
    """Return the best finite point; min and max both return the first of equals."""
    if not finite:
        return None
    judge = min if goal == "minimize" else max
    step, value = judge(finite, key=lambda point: point[1])
    return [step, value]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
