"""The table of all runs of a site, over the columns of all experiments.

Its rows come from the shards of the experiments' own tables, so no value is stored twice. Here are only the columns,
put together by id, and the 50 newest runs that HTML holds. Where experiments differ about a metric's goal it has none
here, and no value of it is marked. Shown first are the experiment, the status, the main metrics of the experiments
(those of most runs first, at most 4), the params that most experiments vary (at most 4), start and duration.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from runsite.model import RUNNING, ExperimentSummary, GoalFrom, RepeatRule, RunSummary
from runsite.number_format import format_count, format_count_of
from runsite.site_paths import run_page
from runsite.tables.cells import header_cell
from runsite.tables.columns import best_value, metric_columns, param_columns, run_columns, table_number, tag_columns
from runsite.tables.model import Column, RunTable, TableValue
from runsite.tables.run_table import MAX_HTML_ROWS, open_run, table_rows
from runsite.tables.shard_table import TableLayout

ALL_RUNS = ""
"""The name of the table of all runs; an experiment's name is never empty."""
MAX_MAIN_METRICS = 4
MAX_PARAMS = 4
NEWEST_FIRST = "-started"


def all_runs_table(
    experiments: Sequence[ExperimentSummary], tables: Iterable[RunTable] | Iterable[TableLayout]
) -> RunTable:
    """Lay out all runs as one table, newest first; its columns hold the values of the rows in HTML alone."""
    runs = _newest(experiments)
    columns = _columns(experiments, tables, runs)
    count = sum(len(experiment.runs) for experiment in experiments)
    diverged = frozenset().union(*(experiment.diverged for experiment in experiments))
    table = RunTable(
        experiment=ALL_RUNS,
        row_count=count,
        note=_note(count),
        order_note="newest first",
        columns=columns,
        header=tuple(header_cell(column, NEWEST_FIRST) for column in columns if column.shown),
        rows=(),
        links=tuple(run_page(run.key) for run in runs),
        parents=(None,) * len(runs),
        parent_rows=(None,) * len(runs),
        keys=tuple(str(run.key) for run in runs),
        repeats=(),
        repeat_rule=RepeatRule(),
        swatches={},
        diverged=frozenset(row for row, run in enumerate(runs) if run.key in diverged),
        without_series=frozenset(),
        open_runs={row: open_run(row, run) for row, run in enumerate(runs) if run.status == RUNNING},
        best_row=None,
        sorted_by=NEWEST_FIRST,
    )
    return replace(table, rows=table_rows(table, range(len(runs))))


def _note(count: int) -> str:
    if count > MAX_HTML_ROWS:
        return f"{MAX_HTML_ROWS} newest of {format_count(count)}"
    return f"{format_count_of(count, 'run')} by start"


def _newest(experiments: Iterable[ExperimentSummary]) -> list[RunSummary]:
    found = [run for experiment in experiments for run in experiment.runs]
    return sorted(found, key=lambda run: (run.started is None, -round(run.started or 0.0, 3), run.key))[:MAX_HTML_ROWS]


def _columns(
    experiments: Sequence[ExperimentSummary],
    tables: Iterable[RunTable] | Iterable[TableLayout],
    runs: Sequence[RunSummary],
) -> tuple[Column, ...]:
    """Put the columns of all tables together, the shown ones first and with the values of the runs in HTML."""
    merged: dict[str, Column] = {}
    # A site without runs has the name's column, as a table needs a first one.
    for column in (*run_columns(()), *(column for table in tables for column in table.columns)):
        known = merged.get(column.id)
        bare = replace(column, values=(), distances=(), shown=False, best_value=None)
        merged[column.id] = bare if known is None else _joined(known, bare)
    shown = [id for id in _shown_first(experiments) if id in merged]
    values = _values(shown, merged, runs)
    first = [
        replace(
            merged[id],
            shown=True,
            values=values.get(id, (None,) * len(runs)),
            best_value=_best_of_all(experiments, merged[id]),
        )
        for id in shown
    ]
    return (*first, *(column for id, column in merged.items() if id not in shown))


def _best_of_all(experiments: Iterable[ExperimentSummary], column: Column) -> TableValue:
    """Find the value that is marked in a column of best values, over all runs."""
    if column.aggregate != "best" or column.goal is None:
        return None
    metrics = (run.metrics.get(column.metric or "") for experiment in experiments for run in experiment.runs)
    values = [table_number(metric.best.value) for metric in metrics if metric and metric.best]
    return best_value(values, column.goal)


def _joined(known: Column, other: Column) -> Column:
    agree = known.goal == other.goal
    return replace(
        known,
        goal=known.goal if agree else None,
        goal_from=_weaker(known.goal_from, other.goal_from) if agree else None,
        is_numeric=known.is_numeric and other.is_numeric,
        block="more" if "more" in (known.block, other.block) else "rows",
    )


def _weaker(one: GoalFrom | None, other: GoalFrom | None) -> GoalFrom | None:
    """Of what two experiments say about a goal the weaker counts: a guess in one makes it a guess here."""
    return next((said for said in (None, "guess", "record") if said in (one, other)), one)


def _shown_first(experiments: Sequence[ExperimentSummary]) -> list[str]:
    largest = sorted(experiments, key=lambda experiment: (-len(experiment.runs), experiment.name))
    mains = dict.fromkeys(e.main_metric.name for e in largest if e.main_metric)
    varied = Counter(name for experiment in experiments for name in experiment.varying_params)
    params = sorted(varied, key=lambda name: (-varied[name], name))
    return [
        "name",
        "experiment",
        "status",
        *(f"metrics.{name}.best" for name in list(mains)[:MAX_MAIN_METRICS]),
        *(f"params.{name}" for name in params[:MAX_PARAMS]),
        "started",
        "duration",
    ]


def _values(
    shown: Sequence[str], columns: Mapping[str, Column], runs: Sequence[RunSummary]
) -> dict[str, tuple[TableValue, ...]]:
    metrics = dict.fromkeys(name for id in shown if (name := columns[id].metric) is not None)
    params = [id.removeprefix("params.") for id in shown if id.startswith("params.")]
    made = [
        *run_columns(runs),
        *(column for name in metrics for column in metric_columns(name, runs)),
        *param_columns(params, runs),
        *tag_columns(runs),
    ]
    return {column.id: column.values for column in made}
