"""Which names a custom chart binds in vain: params, tags, metrics and columns that no run of its experiment has.

A field path of the rows of `runs` begins with `params`, `tags` or `metrics` and a name; any other field is a fact of
the run, a name of the spec's own (`usermeta.fields`), or made by the spec (`as`). What is known are the columns of the
run table, so what is said here is as steady as they are. A path of one of the three kinds is always judged; a plain
field only where every row comes from the site and no transform gives names of its own accord. Fields that expressions
read (`datum.params.lr`, see `custom_expressions`) are judged alike; in an encoding, names such as `mean_value` are
those that Vega-Lite makes of the spec's fields. A chart is not drawn for what is said here: in doubt nothing is said.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runsite.charts.custom_expressions import DatumPath, datum_paths
from runsite.nearest import nearest_hint

RUNS, METRIC = "runs", "metric:"
_STEPS = re.compile(
    r"""\['((?:\\.|[^'\\])*)'\]|\["((?:\\.|[^"\\])*)"\]|\[([^\]'"]*)\]|((?:\\.|[^.\[\]\\])+)""", re.DOTALL
)
"""Of a field path: `metrics['val/acc'].best` has the steps metrics, val/acc, best; a dot after a backslash is one."""
_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)
_POINT_FIELDS = frozenset({"run", "name", "step", "attempt", "time", "value"})
_RUN_FIELDS = frozenset({"run", "experiment", "params", "tags", "metrics"})
_NAMELESS = frozenset({"fold", "pivot", "flatten", "lookup", "density", "quantile", "regression", "loess", "impute"})
"""Transforms that make fields without `as`."""
_OF_TEXT = "length"
"""What a param has beside its value, where that is a text. Lists and maps are texts, too."""
_EVERY_METRIC = ("best", "last")
_ENDS_MADE = ("", "_start", "_end", "_range")
"""A bin and a unit of time called `x` by `as` also give `x_end`."""
_AS_TEXT = "a list or a map is one text here; log what it holds as params of their own"
_NO_WORD = re.compile(r"\W+")
_OF_VEGA = frozenset({"datum", "bounds", "mark", "_vgsid_"})
"""What a drawn mark has beside its row, and a row that can be selected."""


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
    has_runs = RUNS in drawn["data"]
    has_points = any(name != RUNS for name in drawn["data"])
    own = {*drawn["fields"], *(_POINT_FIELDS if has_points else ()), *(_RUN_FIELDS | known.facts if has_runs else ())}
    rows = _Rows(known, frozenset(own), "runs" if has_runs else "points", is_judged_whole=_is_ours_alone(spec))
    made = {name + end for name in _texts_under(spec, "as") for end in _ENDS_MADE}
    fields = dict.fromkeys(
        field for field in _texts_under(spec, "field") if field not in made and ".".join(path_steps(field)) not in made
    )
    for field in fields:
        yield from _field_problems(path_steps(field), rows)
    for field in _texts_under(spec, "flatten"):
        if field not in made and path_steps(field)[:1] in (["params"], ["tags"]):
            yield f"flatten finds no list in {field!r}: {_AS_TEXT}"
    for path in datum_paths(spec):
        if not _is_made(path, made, fields):
            steps = path_steps(path.steps[0]) if len(path.steps) == 1 else list(path.steps)
            yield from _field_problems(steps, rows)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that a chart is drawn from."""

    known: KnownNames
    own: frozenset[str]
    """The first steps of their fields."""
    noun: str
    is_judged_whole: bool
    """Nothing else can have a name."""


def _field_problems(steps: list[str], rows: _Rows) -> Iterator[str]:
    known, root = rows.known, steps[0] if steps else ""
    is_of_runs = rows.noun == "runs" and len(steps) > 1
    if is_of_runs and root in ("params", "tags"):
        noun, name, *parts = root.removesuffix("s"), *steps[1:]
        yield from _unknown(noun, name, getattr(known, root))
        if name in getattr(known, root) and parts not in ([], [_OF_TEXT]):
            yield f"the {noun} {name!r} has no {'.'.join(parts)!r} in it: {_AS_TEXT}"
    elif is_of_runs and root == "metrics":
        yield from _metric_problems(steps[1:], known)
    elif rows.is_judged_whole and len(steps) == 1 and root not in rows.own | {"*"}:
        yield f"rows of {rows.noun} have no field {root!r}; {nearest_hint(root, rows.own)}"


def _is_made(path: DatumPath, made: set[str], fields: Collection[str]) -> bool:
    """Tell whether the spec, or Vega-Lite, makes what an expression reads."""
    name = ".".join(path.steps)
    if name in made or path.steps[0] in made | _OF_VEGA:
        return True
    return not path.is_in_transform and (name.startswith("__") or any(_is_from(name, field) for field in fields))


def _is_from(name: str, field: str) -> bool:
    """Tell whether a name is one that Vega-Lite makes of a field: `mean_value`, `bin_maxbins_10_lr_end`."""
    flat, made = (f"_{_NO_WORD.sub('_', text).strip('_')}_" for text in (field, name))
    return flat in made


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
