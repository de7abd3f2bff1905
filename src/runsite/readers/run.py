"""Join the files of one run, in log order, into a Run.

Log order is the files by the time of their first record (ties by name, run.jsonl first), each in line order; points
are never sorted by time. The status is that of the latest attempt. A run_start in another file opens an attempt
unless that file was already being written while the attempt before it still wrote: then it is a rank beside it,
whose failure is a note and whose end is not the run's end.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runsite.errors import StoreError
from runsite.model import (
    RUNNING,
    Environment,
    MetricDefinition,
    ParamConflict,
    Problem,
    Run,
    RunFailure,
    RunKey,
    Series,
    Source,
)
from runsite.readers.columns import joined_series
from runsite.readers.log_memo import KeptLogs
from runsite.readers.log_part import LogPart, read_part
from runsite.records.parse import RunEnd, RunStart
from runsite.shown_names import shown_name
from runsite.signatures import Signature, signature
from runsite.sources import RunFolder


@dataclass(frozen=True, slots=True)
class LogStatus:
    """What tells whether a log is still as it was when it was read."""

    signature: Signature
    """Taken before it was read."""
    digest: bytes
    """Of all its bytes; empty where reading went on from an earlier one."""


def read_run(
    folder: RunFolder, statuses: dict[str, LogStatus] | None = None, kept: KeptLogs | None = None
) -> Run | None:
    """Read all logs of a run; None if they are gone meanwhile, StoreError if one cannot be read.

    `statuses` takes in how each log was found, by its name; `kept` is what earlier readings left of long ones.
    """
    parts = []
    for log in folder.logs:
        found, key = signature(log), f"{folder.key}/{log.name}"
        start = kept.start(key, log, found) if kept else None
        keep = kept.keeper(key, log, found, start) if kept else None
        digest = None if statuses is None or start is not None else hashlib.sha256()
        try:
            file = f"{folder.store_path}/{shown_name(log.name)}"
            parts.append(read_part(log, file=file, digest=digest, start=start, keep=keep))
            if statuses is not None:
                statuses[log.name] = LogStatus(found, b"" if digest is None else digest.digest())
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StoreError(log, f"cannot be read ({error.strerror})", "make it readable or move it away") from error
    if not parts and not folder.problems:
        return None
    return join_parts(parts, key=folder.key, store_path=folder.store_path, problems=folder.problems)


def log_order(parts: Iterable[LogPart]) -> list[LogPart]:
    """Sort the files of a run by first time, then run.jsonl first, then by name; files without times come first."""

    def place(part: LogPart) -> tuple[float, bool, str]:
        name = part.file.rpartition("/")[2]
        first = part.first_time
        return (-math.inf if first is None else first, name not in ("run.jsonl", "run.jsonl.gz"), name)

    return sorted(parts, key=place)


def join_parts(parts: Sequence[LogPart], *, key: RunKey, store_path: str, problems: Sequence[Problem] = ()) -> Run:
    """Combine the folded files of one run."""
    parts = log_order(parts)
    beside = _written_beside(parts)
    params, conflicts = _join_params(parts)
    course = _course(parts, beside)
    starts = [mark for part in parts for mark in part.marks if isinstance(mark.body, RunStart)]
    return Run(
        key=key,
        name=next((mark.body.name for mark in starts if isinstance(mark.body, RunStart) and mark.body.name), key.run),
        store_path=store_path,
        format=max((mark.body.format for mark in starts if isinstance(mark.body, RunStart)), default=1),
        parent=_parent([mark.body for mark in starts if isinstance(mark.body, RunStart)], key),
        started=course.started,
        ended=course.ended,
        last_time=max((part.last_time for part in parts if part.last_time is not None), default=None),
        longest_gap_seconds=max((part.longest_gap_seconds for part in parts), default=0.0),
        status=course.status,
        failure=course.failure,
        attempts=max(1, course.attempts),
        params=params,
        params_conflicts=tuple(conflicts),
        tags={name: value for part in parts for name, value in part.tags.items()},
        series=_join_series(parts, beside),
        definitions=_join_definitions(parts),
        datasets=tuple(dict.fromkeys(dataset for part in parts for dataset in part.datasets)),
        artifacts=tuple(artifact for part in parts for artifact in part.artifacts),
        models=tuple(model for part in parts for model in part.models),
        source=_join_source([source for part in parts for source in part.sources]),
        environment=_join_environment([each for part in parts for each in part.environments]),
        notes=tuple(note for part in parts for note in part.notes),
        problems=(
            *problems,
            *sorted(problem for part in parts for problem in part.problems),
            *_foreign_ids(parts, key),
            *course.notes,
        ),
        secrets=tuple(sorted({secret for part in parts for secret in part.secrets})),
        log_files=tuple(part.file for part in parts),
    )


@dataclass(slots=True)
class _Course:
    """How a run went: folded over its starts and ends."""

    started: float | None = None
    ended: float | None = None
    status: str = RUNNING
    failure: RunFailure | None = None
    attempts: int = 0
    notes: tuple[Problem, ...] = ()


def _written_beside(parts: Sequence[LogPart]) -> list[bool]:
    """Tell for each file whether it began while an earlier one was still being written."""
    beside, last = [], -math.inf
    for part in parts:
        beside.append(part.first_time is not None and part.first_time < last)
        last = max(last, -math.inf if part.last_time is None else part.last_time)
    return beside


def _course(parts: Sequence[LogPart], beside: Sequence[bool]) -> _Course:
    course = _Course()
    firsts = [part.first_time for part in parts if part.first_time is not None]
    course.started = min(firsts, default=None)
    for part, is_rank in zip(parts, beside, strict=True):
        own_start = any(isinstance(mark.body, RunStart) for mark in part.marks)
        for mark in part.marks:
            if is_rank and own_start:
                course.notes += _rank_failure(part, mark.body, mark.line)
            elif isinstance(mark.body, RunStart):
                course.attempts += 1
                course.status, course.ended, course.failure = RUNNING, None, None
            else:
                course.status, course.ended, course.failure = mark.body.status, mark.time, mark.body.failure
    return course


def _rank_failure(part: LogPart, body: RunStart | RunEnd, line: int) -> tuple[Problem, ...]:
    if isinstance(body, RunStart) or body.status in ("finished", "pruned"):
        return ()
    reason = f": {body.failure.type}: {body.failure.message}" if body.failure else ""
    return (Problem(part.file, line, f"this writer ended as {body.status}{reason}", "note"),)


def _join_params(parts: Sequence[LogPart]) -> tuple[dict[str, Any], list[ParamConflict]]:
    params: dict[str, Any] = {}
    conflicts = []
    for part in parts:
        for logged in part.params:
            if logged.name not in params:
                params[logged.name] = logged.value
            elif not same_json(params[logged.name], logged.value):
                kept = params[logged.name]
                conflicts.append(ParamConflict(logged.name, kept, logged.value, part.file, logged.line))
    return params, conflicts


def same_json(left: Any, right: Any) -> bool:
    """Tell whether two JSON values are equal: 1 and 1.0 are, 1 and true are not, NaN equals itself."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right or (left != left and right != right))


def _join_series(parts: Sequence[LogPart], beside: Sequence[bool]) -> dict[str, Series]:
    if len(parts) == 1:
        return parts[0].series
    found: dict[str, list[tuple[Series, bool]]] = {}
    for part, is_rank in zip(parts, beside, strict=True):
        for name, series in part.series.items():
            found.setdefault(name, []).append((series, not is_rank))
    return {
        name: joined_series([series for series, _ in each], restarted=[fresh for _, fresh in each])
        for name, each in found.items()
    }


def _join_definitions(parts: Sequence[LogPart]) -> dict[str, MetricDefinition]:
    """Later words add to earlier ones and replace them where both speak."""
    joined: dict[str, MetricDefinition] = {}
    for part in parts:
        for new in part.definitions:
            old = joined.get(new.name, new)
            joined[new.name] = MetricDefinition(
                new.name,
                new.goal or old.goal,
                new.unit or old.unit,
                new.step_metric or old.step_metric,
                new.label or old.label,
            )
    return joined


def _join_source(sources: Sequence[Source]) -> Source | None:
    return sources[-1] if sources else None


def _join_environment(environments: Sequence[Environment]) -> Environment | None:
    if not environments:
        return None
    packages: dict[str, str] = {}
    for environment in environments:
        packages.update(environment.packages)
    return replace(environments[-1], packages=packages)


def _parent(starts: Sequence[RunStart], key: RunKey) -> RunKey | None:
    wanted = next((start.parent for start in reversed(starts) if start.parent), None)
    if wanted is None:
        return None
    experiment, slash, run = wanted.rpartition("/")
    return RunKey(experiment if slash else key.experiment, run)


def _foreign_ids(parts: Sequence[LogPart], key: RunKey) -> tuple[Problem, ...]:
    return tuple(
        Problem(part.file, mark.line, f"written as run {mark.body.run!r}; the folder's name {key.run!r} counts", "note")
        for part in parts
        for mark in part.marks
        if isinstance(mark.body, RunStart) and mark.body.run not in (None, key.run)
    )
