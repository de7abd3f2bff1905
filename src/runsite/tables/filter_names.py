"""Which column a path of a run filter means, and how a column is written; `static/filter_names.js` is its twin.

The policy. A column's id is `params.<name>`, `tags.<name>`, `metrics.<name>.<aggregate>` or the name of a run field,
and a name may hold anything, dots too. So a path is judged by the columns there are:

- A metric's path: all of it is a metric's name (its last value is meant), else its end is an aggregate. Where the name
  is one quoted part there is nothing to judge: metrics.`a.b`.best is the best of `a.b`.
- A path without a known prefix: a run field, what MLflow calls a run field, then the param, metric or tag of that name.
  Of such a metric its best is meant if it has a goal, else its last value: who writes `metrics.` writes as MLflow does,
  to whom that is the last. Settings, links and the command line call columns by the same rule (`find_column`).
- MLflow's own tags for name, parent and commit mean those columns where no run has such a tag.
- What MLflow knows of a run and a log does not hold (its user, its datasets, its own tags) is missing in every run, but
  is no mistake.
"""

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from runsite.tables.filter_grammar import PREFIXES, Filter, Path
from runsite.tables.filter_tokens import Part

AGGREGATES = ("last", "best", "min", "max", "mean", "first")
AT_BEST_OF = "at best of "
RUN_FIELDS = (
    *(
        "name",
        "id",
        "status",
        "parent",
        "parent_id",
        "started",
        "duration",
        "ended",
        "attempts",
        "steps",
        "commit",
        "branch",
    ),
    "experiment",
)
WORD_COLUMNS = ("name", "id")
"""Where plain words are looked for."""
MILLISECOND_NAMES = frozenset({"start_time", "end_time", "created", "Created"})
_MLFLOW_FIELDS = {
    "run_id": "id",
    **dict.fromkeys(("run_name", "run name", "Run name", "Run Name"), "name"),
    **dict.fromkeys(("start_time", "created", "Created"), "started"),
    "end_time": "ended",
}
_MLFLOW_TAGS = {
    "mlflow.runName": "name",
    "mlflow.parentRunId": "parent_id",
    "mlflow.source.git.commit": "commit",
    "mlflow.source.git.branch": "branch",
}
_MLFLOW_ONLY = frozenset({"user_id", "artifact_uri", "lifecycle_stage"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Has = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A path of a filter that means no column, which counts as missing in every run."""

    name: str
    start: int
    end: int
    nearest: str | None
    """Id of the column that looks most like it."""


def resolve_names(filter: Filter, column_ids: Collection[str]) -> list[UnknownName]:
    """List the paths that mean no column."""
    ids = frozenset(column_ids)
    found = [(path, resolve_path(path, ids.__contains__)) for path in filter.paths]
    return [
        UnknownName(path.text, path.start, path.end, _nearest(path.text, id, ids))
        for path, id in found
        if id not in ids and not _is_of_mlflow(id)
    ]


def named_columns(filter: Filter, column_ids: Collection[str]) -> set[str]:
    """Tell which of the columns a filter reads."""
    ids = frozenset(column_ids)
    named = {resolve_path(path, ids.__contains__) for path in filter.paths}
    return (named | set(WORD_COLUMNS) if filter.has_words else named) & ids


def resolve_path(path: Path, has: Has) -> str:
    """Say the id of the column that a path means; if there is none, of the one it would be."""
    if len(path.parts) > 1 and path.parts[0].text in PREFIXES:
        id = _prefixed(PREFIXES[path.parts[0].text], path.parts[1:], has)
        return id if has(id) else _bare(path, has) or id
    return _bare(path, has) or path.text


def is_in_milliseconds(path: Path) -> bool:
    """Whether numbers mean milliseconds: where a time is named as MLflow names it."""
    is_attribute = len(path.parts) == 2 and PREFIXES.get(path.parts[0].text) == "attributes"
    return (len(path.parts) == 1 or is_attribute) and path.parts[-1].text in MILLISECOND_NAMES


def quote_name(id: str) -> str:
    """Write a column's id so that a filter reads it as that column."""
    prefix, dot, name = id.partition(".")
    if id in RUN_FIELDS:
        return id
    if not dot or prefix not in ("params", "tags", "metrics"):
        return _backticked(id)
    if prefix != "metrics":
        return f"{prefix}.{name if _PLAIN.fullmatch(name) else _backticked(name)}"
    name, aggregate = split_metric(name)
    return f"metrics.{_backticked(name)}" + (f".{_quoted_aggregate(aggregate)}" if aggregate else "")


def split_metric(rest: str) -> tuple[str, str]:
    """Split `<name>.<aggregate>`; without an aggregate it is all name."""
    name, dot, aggregate = rest.rpartition(".")
    if dot and aggregate in AGGREGATES:
        return name, aggregate
    name, dot, other = rest.rpartition(f".{AT_BEST_OF}")
    return (name, f"{AT_BEST_OF}{other}") if dot else (rest, "")


def _prefixed(prefix: str, parts: tuple[Part, ...], has: Has) -> str:
    name = ".".join(part.text for part in parts)
    if prefix == "metrics":
        return _metric(parts, has)
    if prefix == "attributes":
        field = _MLFLOW_FIELDS.get(name, name)
        return field if field in RUN_FIELDS else f"attributes.{name}"
    id = f"{prefix}.{name}"
    return _MLFLOW_TAGS[name] if prefix == "tags" and name in _MLFLOW_TAGS and not has(id) else id


def _metric(parts: tuple[Part, ...], has: Has) -> str:
    name = ".".join(part.text for part in parts)
    before, last = ".".join(part.text for part in parts[:-1]), parts[-1].text
    has_aggregate = len(parts) > 1 and _is_aggregate(last)
    is_certain = has_aggregate and len(parts) == 2 and parts[0].is_quoted
    is_metric = not is_certain and any(has(f"metrics.{name}.{aggregate}") for aggregate in AGGREGATES)
    return f"metrics.{before}.{last}" if has_aggregate and not is_metric else f"metrics.{name}.last"


def _bare(path: Path, has: Has) -> str | None:
    text = path.text
    field = _MLFLOW_FIELDS.get(text, text) if len(path.parts) == 1 else text
    if field in RUN_FIELDS:
        return field
    if len(path.parts) == 1 and has(text):
        return text
    metric = _metric(path.parts, has)
    best = [f"metrics.{text}.best"] if metric == f"metrics.{text}.last" else []
    return next((id for id in (f"params.{text}", *best, metric, f"tags.{text}") if has(id)), None)


def _is_of_mlflow(id: str) -> bool:
    return id.removeprefix("attributes.") in _MLFLOW_ONLY or id.startswith(("datasets.", "tags.mlflow."))


def _is_aggregate(text: str) -> bool:
    return text in AGGREGATES or text.startswith(AT_BEST_OF)


def _quoted_aggregate(aggregate: str) -> str:
    return aggregate if aggregate in AGGREGATES else _backticked(aggregate)


def _backticked(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _nearest(text: str, id: str, ids: frozenset[str]) -> str | None:
    """Compare whole ids, then the names within them, which people write alone."""
    known_ids = sorted(known for known in ids if f".{AT_BEST_OF}" not in known)
    whole = _fewest_edits((id, text), [(known, known) for known in known_ids])
    return whole or _fewest_edits((text, _short_name(id)), [(_short_name(known), known) for known in known_ids])


def _fewest_edits(wanted: Collection[str], spelled: Collection[tuple[str, str]]) -> str | None:
    """Choose the id whose spelling takes fewest edits; none if more than a third of the name is other."""
    nearest, least = None, math.inf
    for spelling, id in spelled:
        known = spelling.lower()
        for form in map(str.lower, wanted):
            most = min(least, (len(form) + 1) // 3 + 0.5)
            distance = _edit_distance(form, known) if abs(len(known) - len(form)) < most else math.inf
            if distance < most:
                nearest, least = id, distance
    return nearest


def _edit_distance(a: str, b: str) -> int:
    previous = list(range(len(b) + 1))
    for row, char in enumerate(a, 1):
        current = [row]
        for place, other in enumerate(b, 1):
            replaced = previous[place - 1] + (char != other)
            current.append(min(replaced, previous[place] + 1, current[place - 1] + 1))
        previous = current
    return previous[-1]


def _short_name(id: str) -> str:
    prefix, _, rest = id.partition(".")
    return split_metric(rest)[0] if prefix == "metrics" else rest or id
