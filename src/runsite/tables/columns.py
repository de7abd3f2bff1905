"""The columns of a run table: what each is called and its value for every run.

A column's id is what settings, links and the command line call it:

    name  id  experiment  status  parent  parent_id  started  duration  ended  attempts  steps  commit  branch
    params.<name>      tags.<name>      metrics.<name>.<best|last|min|max|mean|first|curve>
    metrics.<name>.at best of <metric>

The last is a metric's value at the step where another was best: the nearest logged step, and how far it lies from
that. `curve` is the series' shape (see summaries/curve_levels), drawn as a sparkline.

Values are *table values* (see sort_order): what is missing is None and never 0; NaN and the infinities are the texts of
the record format; whole numbers beyond 2^53, lists and objects are text. Texts are whole here; what a browser gets is
cut at 300 characters (`cut_text`): the run's own page has it whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runsite.model import Goal, GoalFrom, MetricSummary, RunKey, RunSummary
from runsite.number_format import format_param
from runsite.summaries.at_best import at_best
from runsite.tables.model import Aggregate, Block, Column, Group, Kind, TableValue, lines_up

MAX_TEXT = 300
_SAFE_INTEGER = 2**53
_GOAL_STRENGTH = {"settings": 0, "record": 1, "guess": 2}


def run_columns(runs: Sequence[RunSummary], names: Mapping[RunKey, str] | None = None) -> list[Column]:
    """Make the columns of what every run has; those that no run fills are left out.

    `names` are those of the runs that may be parents, where these are more than `runs`. How long a run lasts and how
    many steps it has come are not told of steady runs without an end; the columns are there all the same.
    """
    names = {run.key: run.name or run.key.run for run in runs} if names is None else names
    made = [
        _run_column("name", "text", [run.name or run.key.run for run in runs]),
        _run_column("status", "status", [run.status for run in runs]),
        _run_column("parent", "link", [_parent_name(run, names) for run in runs]),
        _run_column("parent_id", "text", [None if run.parent is None else run.parent.run for run in runs]),
        _run_column("started", "time", [_rounded(run.started) for run in runs], descending_first=True),
        _run_column("duration", "duration", [_rounded(run.duration_seconds) for run in runs], descending_first=True),
        _run_column("ended", "time", [_rounded(run.ended) for run in runs], descending_first=True),
        _run_column("id", "text", [run.key.run for run in runs]),
        _run_column("experiment", "text", [run.key.experiment for run in runs]),
        _run_column("steps", "number", [_last_step(run) for run in runs], descending_first=True),
        _run_column("attempts", "number", [run.attempts for run in runs], descending_first=True),
        _run_column("commit", "text", [run.source.commit if run.source else None for run in runs]),
        _run_column("branch", "text", [run.source.branch if run.source else None for run in runs]),
    ]
    always = {"name"}
    always |= {"duration"} if any(run.started is not None for run in runs) else set()
    always |= (
        {"steps"} if any(metric.first.step is not None for run in runs for metric in run.metrics.values()) else set()
    )
    return [column for column in made if column.id in always or any(value is not None for value in column.values)]


def metric_columns(name: str, runs: Sequence[RunSummary], *, block: Block = "rows") -> list[Column]:
    """Make the columns of one metric: best if it has a goal, last, least, greatest, mean, first and its curve.

    Only best and last go into `block`; the others are loaded when somebody asks for one.
    """
    metrics = [run.metrics.get(name) for run in runs]
    known = [metric for metric in metrics if metric is not None]
    goal, goal_from = metric_goal(known)
    label = next((metric.label for metric in known if metric.label), name)
    unit = next((metric.unit for metric in known if metric.unit), None)
    step_metric = next((metric.step_metric for metric in known if metric.step_metric), None)
    return [
        Column(
            id=f"metrics.{name}.{aggregate}",
            label=label,
            group="metric",
            kind="curve" if aggregate == "curve" else "number",
            values=(values := metric_values(aggregate, metrics)),
            aggregate=aggregate,
            goal=goal,
            goal_from=goal_from,
            unit=unit,
            best_value=None if aggregate == "curve" else best_value(values, goal),
            descending_first=goal != "minimize",
            is_numeric=aggregate != "curve",
            block=block if aggregate in _EARLY else "more",
            metric=name,
            step_metric=step_metric,
        )
        for aggregate in _TAKE
        if goal or aggregate != "best"
    ]


def metric_values(aggregate: Aggregate, metrics: Sequence[MetricSummary | None]) -> tuple[TableValue, ...]:
    """Take one figure of a metric from every run."""
    take = _TAKE[aggregate]
    return tuple([None if metric is None else take(metric) for metric in metrics])


def at_best_values(
    name: str, anchor: str, runs: Sequence[RunSummary]
) -> tuple[tuple[TableValue, ...], tuple[TableValue, ...]] | None:
    """Take a metric's values at another's best step, and how far from it they lie; None where no run has both."""
    if not any(_has_steps(run, name) and _has_steps(run, anchor) for run in runs):
        return None
    found = [at_best(run, name, anchor) for run in runs]
    values = tuple([None if at is None else table_number(at.value) for at in found])
    distances = tuple([None if at is None else table_number(_plain(at.distance)) for at in found])
    return values, distances if any(distances) else ()


def at_best_columns(last: Column, anchor: str, runs: Sequence[RunSummary]) -> list[Column]:
    """Make the column of a metric at another's best step, after its column `last`; none where no run has both."""
    found = at_best_values(last.metric or "", anchor, runs)
    if found is None:
        return []
    values, distances = found
    return [
        replace(
            last,
            id=f"metrics.{last.metric}.at best of {anchor}",
            values=values,
            aggregate="at best",
            best_value=best_value(values, last.goal),
            block="more",
            anchor=anchor,
            distances=distances,
        )
    ]


def param_columns(names: Sequence[str], runs: Sequence[RunSummary]) -> list[Column]:
    """Make one column for each param."""
    params = [run.params for run in runs]
    return [_param_column(f"params.{name}", "param", param_values(name, params)) for name in names]


def tag_columns(runs: Sequence[RunSummary]) -> list[Column]:
    """Make one column for each tag that any run has."""
    names = sorted({name for run in runs for name in run.tags})
    tags = [run.tags for run in runs]
    return [_param_column(f"tags.{name}", "tag", param_values(name, tags)) for name in names]


def param_values(name: str, found: Iterable[Mapping[str, Any]]) -> tuple[TableValue, ...]:
    """Take one param or tag from those of every run."""
    return tuple([_param_value(values[name]) if name in values else None for values in found])


def metric_goal(metrics: Sequence[MetricSummary]) -> tuple[Goal | None, GoalFrom | None]:
    """Choose the goal of a column: settings before records before a guess, else the first run's."""
    with_goal = [metric for metric in metrics if metric.goal and metric.goal_from]
    if not with_goal:
        return None, None
    strongest = min(with_goal, key=lambda metric: _GOAL_STRENGTH[metric.goal_from or "guess"])
    return strongest.goal, strongest.goal_from


def best_value(values: Sequence[TableValue], goal: Goal | None) -> TableValue:
    """Find the value to mark; None where there is no goal, or nothing to tell apart."""
    finite = [value for value in values if isinstance(value, int | float)] if goal else []
    least, greatest = min(finite, default=None), max(finite, default=None)
    if least == greatest:
        return None
    return greatest if goal == "maximize" else least


def table_number(value: int | float | None) -> TableValue:
    """Turn a number into a table value."""
    if value is None or value - value == 0:
        too_large = isinstance(value, int) and abs(value) > _SAFE_INTEGER
        return str(value) if too_large else value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


_TAKE: dict[Aggregate, Callable[[MetricSummary], TableValue]] = {
    "best": lambda metric: None if metric.best is None else table_number(metric.best.value),
    "last": lambda metric: None if metric.last is None else table_number(metric.last.value),
    "min": lambda metric: table_number(metric.min),
    "max": lambda metric: table_number(metric.max),
    "mean": lambda metric: table_number(metric.mean),
    "first": lambda metric: table_number(metric.first.value),
    "curve": lambda metric: metric.curve or None,
}
_EARLY = ("best", "last")


def _run_column(id: str, kind: Kind, values: list[Any], *, descending_first: bool = False) -> Column:
    whole = tuple(values)
    return Column(id, id, "run", kind, whole, descending_first=descending_first, is_numeric=lines_up(kind, whole))


def _param_column(id: str, group: Group, values: tuple[TableValue, ...]) -> Column:
    label = id.partition(".")[2]
    return Column(id, label, group, "param", values, is_numeric=lines_up("param", values))


def _has_steps(run: RunSummary, name: str) -> bool:
    metric = run.metrics.get(name)
    return metric is not None and metric.first.step is not None


def _plain(distance: float) -> float:
    return int(distance) if distance.is_integer() else distance


def _param_value(value: Any) -> TableValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return table_number(value)
    return format_param(value)


def cut_text(value: TableValue) -> TableValue:
    """Cut a long text to what a table shows of it."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return value[: MAX_TEXT - 1] + "…"
    return value


def _parent_name(run: RunSummary, names: Mapping[RunKey, str]) -> str | None:
    return None if run.parent is None else names.get(run.parent, str(run.parent))


def _last_step(run: RunSummary) -> TableValue:
    steps = [metric.last.step for metric in run.metrics.values() if metric.last and metric.last.step is not None]
    finite = [step for step in steps if step - step == 0]
    return table_number(max(finite)) if finite else None


def _rounded(seconds: float | None) -> float | None:
    """Keep milliseconds: more only makes the data larger."""
    return None if seconds is None else round(seconds, 3)
