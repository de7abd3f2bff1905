"""Which names a custom chart binds in vain: params, tags, metrics and columns that no run of its experiment has.

A field path of the rows of `runs` begins with `params`, `tags` or `metrics` and a name; any other field is a fact of
the run, a name of the spec's own (`usermeta.fields`), or made by the spec (`as`). What is known are the columns of the
run table, so what is said here is as steady as they are. A path of one of the three kinds is always judged; a plain
field only where every row comes from the site and no transform gives names of its own accord. Expressions are not read.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runsite.nearest import nearest_hint

RUNS, METRIC = "runs", "metric:"
_STEPS = re.compile(
    r"""\['((?:\\.|[^'\\])*)'\]|\["((?:\\.|[^"\\])*)"\]|\[([^\]'"]*)\]|((?:\\.|[^.\[\]\\])+)""", re.DOTALL
)
"""Of a field path: `metrics['val/acc'].best` has the steps metrics, val/acc, best; a dot after a backslash is one."""
_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)
_POINT_FIELDS = frozenset({"run", "name", "step", "time", "value"})
_RUN_FIELDS = frozenset({"run", "experiment", "params", "tags", "metrics"})
_NAMELESS = frozenset({"fold", "pivot", "flatten", "lookup", "density", "quantile", "regression", "loess", "impute"})
"""Transforms that make fields without `as`."""
_EVERY_METRIC = ("best", "last")


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the rows of an experiment hold."""

    facts: frozenset[str]
    """Columns that say something of the run itself."""
    params: frozenset[str]
    tags: frozenset[str]
    metrics: Mapping[str, frozenset[str]]
    """Of each metric, which of its figures stand in the rows."""
    columns: frozenset[str]
    """Ids of all columns, those that are loaded late too."""


def unbound_names(drawn: Mapping[str, Any], known: KnownNames) -> str:
    """Say which names a compiled chart (`CustomChart.spec`) binds in vain; empty where it binds none so."""
    return "; ".join(dict.fromkeys(_problems(drawn, known)))


def _problems(drawn: Mapping[str, Any], known: KnownNames) -> Iterator[str]:
    spec = drawn["vega_lite"]
    for name in drawn["data"]:
        metric = name.removeprefix(METRIC)
        if name != RUNS and metric not in known.metrics:
            yield f"no run has the metric {metric!r}; {nearest_hint(metric, known.metrics)}"
    for column in drawn["fields"].values():
        if column not in known.columns:
            yield f"usermeta.fields: no run has the column {column!r}; {nearest_hint(column, known.columns)}"
    made = set(_texts_under(spec, "as"))
    fields = dict.fromkeys(field for field in _texts_under(spec, "field") if field not in made)
    own = {*_POINT_FIELDS, *_RUN_FIELDS, *known.facts, *drawn["fields"]}
    judges_plain = _is_ours_alone(spec)
    for field in fields if RUNS in drawn["data"] else ():
        steps = path_steps(field)
        if len(steps) > 1 and steps[0] in ("params", "tags"):
            yield from _unknown(steps[0].removesuffix("s"), steps[1], getattr(known, steps[0]))
        elif len(steps) > 1 and steps[0] == "metrics":
            yield from _metric_problems(steps[1:], known)
        elif judges_plain and len(steps) == 1 and steps[0] not in own | {"*"}:
            yield f"rows of runs have no field {steps[0]!r}; {nearest_hint(steps[0], own)}"


def _unknown(noun: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"no run has the {noun} {name!r}; {nearest_hint(name, known)}"


def _metric_problems(steps: list[str], known: KnownNames) -> Iterator[str]:
    name, *figures = steps
    yield from _unknown("metric", name, known.metrics)
    figure = figures[0] if figures else ""
    if name not in known.metrics or figure in known.metrics[name] or not figure:
        return
    column = f"metrics.{name}.{figure}"
    if column in known.columns:
        yield f"{figure} of {name!r} is not in the rows by itself; name the column {column!r} in usermeta.fields"
    elif figure == "best":
        yield f"the metric {name!r} has no best, for it has no goal; take its last, or declare a goal"
    else:
        yield f"the metric {name!r} has no {figure!r}; {nearest_hint(figure, _EVERY_METRIC)}"


def path_steps(field: str) -> list[str]:
    """Part a field path into its steps."""
    found = (next(step for step in steps if step) if any(steps) else "" for steps in _STEPS.findall(field))
    return [_BACKSLASHED.sub(r"\1", step) for step in found]


def _texts_under(node: Any, name: str) -> Iterator[str]:
    """Yield each text that stands under a name, anywhere in a spec but in rows of data."""
    ahead = [node]
    while ahead:
        found = ahead.pop()
        if isinstance(found, dict):
            said = found.get(name)
            yield from (text for text in (said if isinstance(said, list) else [said]) if isinstance(text, str))
            ahead += [value for key, value in found.items() if key not in ("values", "datasets", "usermeta", "config")]
        elif isinstance(found, list):
            ahead += reversed(found)


def _is_ours_alone(spec: Any) -> bool:
    """Tell whether every field's name is ours or stands in the spec: no rows of its own, no name made by the way."""
    ahead = [spec]
    while ahead:
        found = ahead.pop()
        if isinstance(found, dict):
            data = found.get("data")
            if isinstance(data, dict) and "name" not in data:
                return False
            if "datasets" in found or _NAMELESS & set(found):
                return False
            ahead += found.values()
        elif isinstance(found, list):
            ahead += found
    return True
