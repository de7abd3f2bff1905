"""The table of some of an experiment's runs, by the columns of the whole one: what a shard of its data is made of.

A shard is made of whole summaries, the experiment's table of steady ones (summaries/steady). So a line written for one
run needs its own shard's runs alone, and the layout: the columns without their values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from runsite.model import RUNNING, MainMetric, RepeatRule, RunKey, RunSummary
from runsite.site_paths import run_page
from runsite.summaries.experiment import has_diverged
from runsite.summaries.repeats import repeat_keys
from runsite.tables.columns import at_best_columns, metric_columns, param_columns, run_columns, tag_columns
from runsite.tables.model import Column, RunTable
from runsite.tables.run_table import open_run


@dataclass(frozen=True, slots=True)
class TableLayout:
    """What an experiment's table says of each of its shards."""

    experiment: str
    columns: tuple[Column, ...]
    """Without values."""
    repeat_rule: RepeatRule
    main_metric: MainMetric | None


def table_layout(table: RunTable, main_metric: MainMetric | None) -> TableLayout:
    """Take from a table what its shards need."""
    columns = tuple(replace(column, values=(), distances=(), best_value=None) for column in table.columns)
    return TableLayout(table.experiment, columns, table.repeat_rule, main_metric)


def shard_table(layout: TableLayout, runs: Sequence[RunSummary], *, names: Mapping[RunKey, str]) -> RunTable:
    """Lay out some runs, their goals settled; `names` are those of their parents in the experiment."""
    values = _columns(layout, runs, names)
    nothing = (None,) * len(runs)
    columns = tuple(
        replace(column, values=made.values, distances=made.distances)
        if (made := values.get(column.id))
        else replace(column, values=nothing)
        for column in layout.columns
    )
    return RunTable(
        experiment=layout.experiment,
        row_count=len(runs),
        note="",
        order_note="",
        columns=columns,
        header=(),
        rows=(),
        links=tuple(run_page(run.key) for run in runs),
        parents=tuple(None if run.parent is None else str(run.parent) for run in runs),
        parent_rows=(None,) * len(runs),
        keys=tuple(str(run.key) for run in runs),
        repeats=tuple(repeat_keys(runs, layout.repeat_rule)),
        repeat_rule=layout.repeat_rule,
        swatches={},
        diverged=frozenset(row for row, run in enumerate(runs) if has_diverged(run, layout.main_metric)),
        without_series=frozenset(row for row, run in enumerate(runs) if not run.metrics),
        open_runs={row: open_run(row, run) for row, run in enumerate(runs) if run.status == RUNNING},
        best_row=None,
        sorted_by="",
    )


def _columns(layout: TableLayout, runs: Sequence[RunSummary], names: Mapping[RunKey, str]) -> dict[str, Column]:
    metrics = dict.fromkeys(column.metric for column in layout.columns if column.metric is not None)
    own = {name for run in runs for name in run.metrics}
    made = {column.id: column for name in metrics if name in own for column in metric_columns(name, runs)}
    for column in layout.columns:
        last = made.get(f"metrics.{column.metric}.last")
        if column.anchor is not None and last is not None:
            made |= {each.id: each for each in at_best_columns(last, column.anchor, runs)}
    params = [column.label for column in layout.columns if column.group == "param"]
    made |= {column.id: column for column in param_columns(params, runs)}
    made |= {column.id: column for column in (*run_columns(runs, names), *tag_columns(runs))}
    return made
