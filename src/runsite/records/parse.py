"""Parse one line of a run log into a record, keeping all of it that can be read.

This is the careful way: it takes every line that `fast_lines` will not, says what is wrong in words, and never
gives up a neighbour for a bad value. What a line may hold is told in docs/format.md; the choices made here:

- A metric value is a JSON number, a bare NaN / Infinity token or one of their names as a string. null is missing.
  Anything else is skipped and counted, and the line's other values are kept.
- A number too large for a double (1e400) is Infinity with a note; a lone surrogate or a byte that is not UTF-8
  becomes U+FFFD with a note (`json_object`). A metric, param or tag whose name holds a control character is skipped
  and counted; in the name of a run, dataset, artifact or model the character becomes U+FFFD with a note.
- A run_end without a status is `failed` if it has an error, else `finished`, and so is one whose status is unknown.
- An unknown type is no error: a later format may know it.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runsite.model import (
    Artifact,
    Dataset,
    Environment,
    LoggedModel,
    MetricDefinition,
    Note,
    ProblemKind,
    RunFailure,
    Source,
    Step,
)
from runsite.records import FORMAT
from runsite.records.json_object import parse_object, shortened

NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
END_STATUSES = ("finished", "failed", "killed", "pruned")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RunStart:
    """A run begins, or begins again."""

    format: int
    run: str | None
    name: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run ends."""

    status: str
    failure: RunFailure | None


@dataclass(frozen=True, slots=True)
class Params:
    """Params, each with its JSON type."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags; the last value of a name wins."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Values of several metrics at one step."""

    step: Step | None
    values: Mapping[str, float]


Body = (
    RunStart
    | RunEnd
    | Params
    | Tags
    | Metrics
    | MetricDefinition
    | Dataset
    | Artifact
    | Source
    | Environment
    | LoggedModel
    | Note
    | None
)


@dataclass(slots=True)
class Record:
    """What one line says, and what of it could not be taken as written."""

    type: str
    time: float | None
    body: Body
    """None for a heartbeat, an unknown type or a line that is no record."""
    problems: list[tuple[ProblemKind, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)


def parse_record(line: bytes) -> Record:
    """Parse one line without its newline; `type` is empty if it is not a record at all."""
    record = Record("", None, None)
    try:
        values = parse_object(line, record.problems)
        record.type = _record_type(values)
    except ValueError as error:
        record.problems.append(("line", str(error)))
        return record
    record.time = _time(values.get("time"), record)
    record.secrets = _secrets(values)
    parse_body = _PARSERS.get(record.type)
    if parse_body is not None:
        try:
            record.body = parse_body(values, record)
        except ValueError as error:
            record.problems.append(("line", str(error)))
    return record


def _record_type(values: dict[str, Any]) -> str:
    kind = values.get("type")
    if not isinstance(kind, str) or not kind:
        raise ValueError('no "type"')
    return kind


def _time(value: Any, record: Record) -> float | None:
    if value is None:
        return None
    seconds = _number(value)
    if seconds is None or not math.isfinite(seconds) or isinstance(value, str):
        record.problems.append(("value", f"time {_shown(value)} is not a number of seconds"))
        return None
    return seconds


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return NON_FINITE.get(value) if isinstance(value, str) else None


def _shown(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False))


def _secrets(value: Any) -> list[str]:
    """Collect host names, users and homes, which must be known to be kept from pages."""
    if isinstance(value, list):
        return [secret for item in value for secret in _secrets(item)]
    if not isinstance(value, dict):
        return []
    found = []
    for key, item in value.items():
        is_text = isinstance(item, str)
        if is_text and len(item) >= 3 and _KEY_SEPARATORS.split(key.lower())[-1] in _SECRET_KEYS:
            found.append(item)
        elif not is_text:
            found += _secrets(item)
    return found


_KEY_SEPARATORS = re.compile(r"[./:]")
_SECRET_KEYS = frozenset(
    {"host", "hostname", "host_name", "node", "nodename", "node_name", "fqdn", "user", "username", "user_name", "login"}
    | {"email", "home", "cwd", "ip", "ip_address", "mac"}
)


def _named_values(values: dict[str, Any], record: Record) -> dict[str, Any]:
    named = values.get("values")
    if not isinstance(named, dict):
        raise ValueError('"values" is not an object')
    if _CONTROL.search("".join(named)):
        for name in [name for name in named if _CONTROL.search(name)]:
            record.problems.append(("value", f"name {_shown(name)} holds a control character"))
            del named[name]
    return named


def _parse_params(values: dict[str, Any], record: Record) -> Params:
    return Params(_named_values(values, record))


def _parse_tags(values: dict[str, Any], record: Record) -> Tags:
    return Tags(_named_values(values, record))


def _parse_metrics(values: dict[str, Any], record: Record) -> Metrics:
    points: dict[str, float] = {}
    for name, value in _named_values(values, record).items():
        if value is None:
            continue
        number = _number(value)
        if number is None:
            record.problems.append(("value", f"metric {_shown(name)}: {_shown(value)} is not a number"))
        else:
            points[name] = number
    return Metrics(_step(values.get("step"), record), points)


def _step(value: Any, record: Record) -> Step | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)):
        return value
    record.problems.append(("value", f"step {_shown(value)} is not a number, read as missing"))
    return None


def _parse_run_start(values: dict[str, Any], record: Record) -> RunStart:
    number = FORMAT if values.get("format") is None else values["format"]
    if not isinstance(number, int) or isinstance(number, bool):
        record.problems.append(("value", f"format {_shown(number)} is not a whole number"))
        number = FORMAT
    if number > FORMAT:
        newer = f"format {number} is newer than this runsite reads ({FORMAT}): upgrade runsite to see all of this run"
        record.problems.append(("note", newer))
    return RunStart(number, _text(values, "run"), _name(values, record), _text(values, "parent"))


def _parse_run_end(values: dict[str, Any], record: Record) -> RunEnd:
    failure = _failure(values.get("error"))
    otherwise = "failed" if failure else "finished"
    status = otherwise if values.get("status") is None else values["status"]
    if status not in END_STATUSES:
        record.problems.append(("value", f"status {_shown(status)} is none of {', '.join(END_STATUSES)}"))
        status = otherwise
    return RunEnd(status, failure)


def _failure(error: Any) -> RunFailure | None:
    if isinstance(error, str):
        return RunFailure("Error", error) if error else None
    return RunFailure(_text(error, "type") or "Error", _text(error, "message") or "") if error else None


def _parse_metric_definition(values: dict[str, Any], record: Record) -> MetricDefinition:
    goal = values.get("goal")
    if goal not in ("maximize", "minimize", None):
        record.problems.append(("value", f"goal {_shown(goal)} is neither maximize nor minimize"))
        goal = None
    unit, step_metric, label = (_text(values, key) for key in ("unit", "step_metric", "label"))
    return MetricDefinition(_required(values, "name"), goal, unit, step_metric, label)


def _parse_dataset(values: dict[str, Any], record: Record) -> Dataset:
    context, digest, source = (_text(values, key) for key in ("context", "digest", "source"))
    _required(values, "name")
    return Dataset(_name(values, record) or "", context, digest, source, _whole(values, "rows"))


def _parse_artifact(values: dict[str, Any], record: Record) -> Artifact:
    path, uri = _text(values, "path"), _text(values, "uri")
    if not path and not uri:
        raise ValueError('an artifact needs "path" or "uri"')
    name = _name(values, record) or (path or uri or "").rstrip("/").rpartition("/")[2]
    return Artifact(
        name=name or path or uri or "",
        path=path,
        uri=None if path else uri,
        step=_step(values.get("step"), record),
        size_bytes=_whole(values, "size_bytes"),
        sha256=_text(values, "sha256"),
        kind=_text(values, "kind"),
    )


def _parse_source(values: dict[str, Any], _: Record) -> Source:
    dirty = values.get("dirty")
    command = values.get("command")
    return Source(
        command=" ".join(map(str, command)) if isinstance(command, list) else _text(values, "command"),
        commit=_text(values, "commit"),
        branch=_text(values, "branch"),
        remote=_text(values, "remote"),
        dirty=dirty if isinstance(dirty, bool) else None,
        patch=_text(values, "patch"),
    )


def _parse_environment(values: dict[str, Any], _: Record) -> Environment:
    packages = values.get("packages")
    named = {str(k): str(v) for k, v in packages.items()} if isinstance(packages, dict) else {}
    return Environment(_text(values, "python"), _text(values, "platform"), named)


def _parse_model(values: dict[str, Any], record: Record) -> LoggedModel:
    requirements = values.get("requirements")
    return LoggedModel(
        name=_name(values, record),
        path=_text(values, "path"),
        flavor=_text(values, "flavor"),
        signature=values.get("signature"),
        requirements=tuple(map(str, requirements)) if isinstance(requirements, list) else (),
        size_bytes=_whole(values, "size_bytes"),
        sha256=_text(values, "sha256"),
    )


def _parse_note(values: dict[str, Any], record: Record) -> Note:
    return Note(_required(values, "text"), record.time)


def _text(values: Any, key: str) -> str | None:
    value = values.get(key) if isinstance(values, dict) else None
    return value if isinstance(value, str) else None


def _name(values: dict[str, Any], record: Record) -> str | None:
    """Return the name of a thing that is shown, without what would garble a terminal."""
    name = _text(values, "name")
    if name is None or not _CONTROL.search(name):
        return name
    record.problems.append(("note", f"control characters in the name {_shown(name)} read as U+FFFD"))
    return _CONTROL.sub("\ufffd", name)


def _required(values: dict[str, Any], key: str) -> str:
    text = _text(values, key)
    if not text:
        raise ValueError(f'a {values["type"]} record needs "{key}"')
    return text


def _whole(values: dict[str, Any], key: str) -> int | None:
    value = values.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_PARSERS: dict[str, Callable[[dict[str, Any], Record], Body]] = {
    "run_start": _parse_run_start,
    "run_end": _parse_run_end,
    "params": _parse_params,
    "tags": _parse_tags,
    "metrics": _parse_metrics,
    "metric_definition": _parse_metric_definition,
    "dataset": _parse_dataset,
    "artifact": _parse_artifact,
    "source": _parse_source,
    "environment": _parse_environment,
    "model": _parse_model,
    "note": _parse_note,
}
KNOWN_TYPES = frozenset(_PARSERS) | {"heartbeat"}
RESERVED_TYPES = frozenset({"text", "histogram", "table", "console", "system"})
