"""The run table of an experiment: which columns stand first, and the cells of the rows that HTML holds.

Shown first are the name (with the colour of its line, if it is drawn), the status, the main metric (best and last), up
to 3 further metrics (best if they have a goal, else last), up to 6 params that vary, start and duration; the parent
where runs have one, the id where names repeat. Settings replace that list; the name stays first, as every row needs its
header. All other columns are in the data too, hidden. A metric at the best step of another has a column for each other
metric that has a goal, the main metric first, up to 240 such columns: 45 metrics would make 2,000.

Rows keep the order of the experiment: best first by the main metric if it has a goal, else newest first. HTML holds
the first 50 of them, for readers without scripts, for print and for search; 1,000 rows of 40 columns would be 2.2 MB.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runsite.goal_mark import goal_mark
from runsite.model import RUNNING, ExperimentSummary, RunKey, RunSummary
from runsite.number_format import format_count, format_count_of
from runsite.site_paths import run_page
from runsite.summaries.repeats import repeat_keys
from runsite.tables.cells import header_cell, table_cells
from runsite.tables.columns import at_best_columns, metric_columns, param_columns, run_columns, tag_columns
from runsite.tables.filter_tokens import Part
from runsite.tables.model import Column, OpenRun, Row, RunTable, Swatch

MAX_HTML_ROWS = 50
MAX_FURTHER_METRICS = 3
MAX_VARYING_PARAMS = 6
# Best and last of further metrics are loaded when they are asked for: 50 metrics are 100 columns, 0.7 MB at 1,000 runs.
MAX_EARLY_METRICS = 50
MAX_AT_BEST_COLUMNS = 240
COLOURS = 8
"""Hues of lines; the ninth line begins again with another dash pattern."""


def run_table(experiment: ExperimentSummary, *, at_best_rows: int | None = None) -> RunTable:
    """Lay out an experiment's runs as a table.

    Columns "at best" keep the values of the first `at_best_rows` only, where no more are asked for: of 10,000 runs and
    10 metrics they are 60 MB.
    """
    runs = experiment.runs
    columns, unknown = _laid_out(experiment, at_best_rows)
    places = {run.key: row for row, run in enumerate(runs)}
    sorted_by = _sorted_by(experiment)
    table = RunTable(
        experiment=experiment.name,
        row_count=len(runs),
        note=_note(experiment),
        order_note=_order_note(experiment),
        columns=columns,
        header=tuple(header_cell(column, sorted_by) for column in columns if column.shown),
        rows=(),
        links=tuple(run_page(run.key) for run in runs),
        parents=tuple(None if run.parent is None else str(run.parent) for run in runs),
        parent_rows=tuple(places.get(run.parent) if run.parent else None for run in runs),
        keys=tuple(str(run.key) for run in runs),
        repeats=tuple(repeat_keys(runs, experiment.repeat_rule)),
        repeat_rule=experiment.repeat_rule,
        swatches=_swatches(experiment.drawn, places),
        diverged=frozenset(places[key] for key in experiment.diverged if key in places),
        without_series=frozenset(row for row, run in enumerate(runs) if not run.metrics),
        open_runs={row: open_run(row, run) for row, run in enumerate(runs) if run.status == RUNNING},
        best_row=None if experiment.best is None else places.get(experiment.best.key),
        sorted_by=sorted_by,
        unknown_columns=unknown,
        baseline=_baseline(experiment, places),
    )
    return replace(table, rows=table_rows(table, range(min(len(runs), MAX_HTML_ROWS))))


def table_rows(table: RunTable, rows: Sequence[int]) -> tuple[Row, ...]:
    """Write the shown cells of some runs."""
    cells = table_cells(table, rows)
    return tuple(Row(found, row == table.best_row) for row, found in zip(rows, cells, strict=True))


def without_values(table: RunTable) -> RunTable:
    """Forget the values of a table whose data and first rows are made."""
    return replace(
        table,
        columns=tuple(replace(column, values=(), distances=()) for column in table.columns),
        links=(),
        parents=(),
        parent_rows=(),
        keys=(),
        repeats=(),
    )


def _laid_out(experiment: ExperimentSummary, at_best_rows: int | None) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Make all columns, the shown ones first, and name what the settings ask for in vain."""
    by_id = all_columns(experiment, at_best_rows=at_best_rows)
    made = by_id.values()
    unknown: tuple[str, ...] = ()
    first = _first_columns(experiment, by_id)
    if experiment.columns:
        found = {wanted: find_column(wanted, by_id) for wanted in experiment.columns}
        unknown = tuple(wanted for wanted, column in found.items() if column is None)
        first = [column for column in found.values() if column is not None]
    hidden = {column for wanted in experiment.hidden_columns if (column := find_column(wanted, by_id))}
    shown = dict.fromkeys(["name", *(column for column in first if column not in hidden)])
    rest = [column for column in made if column.id not in shown]
    return (*(replace(by_id[column], shown=True) for column in shown), *rest), unknown


def all_columns(experiment: ExperimentSummary, *, at_best_rows: int | None = None) -> dict[str, Column]:
    """Make every column of an experiment's table, by id."""
    runs = experiment.runs
    metrics = [
        column
        for place, name in enumerate(experiment.metric_names)
        for column in metric_columns(name, runs, block="rows" if place < MAX_EARLY_METRICS else "more")
    ]
    made = [
        *run_columns(runs),
        *metrics,
        *_at_best(experiment, metrics, at_best_rows),
        *param_columns(experiment.param_names, runs),
        *tag_columns(runs),
    ]
    return {column.id: column for column in made}


def _at_best(experiment: ExperimentSummary, metrics: Sequence[Column], rows: int | None) -> list[Column]:
    lasts = [column for column in metrics if column.aggregate == "last"]
    anchors = [column.metric for column in lasts if column.goal and column.metric]
    made: list[Column] = []
    for anchor in anchors:
        for last in lasts:
            if last.metric != anchor and len(made) < MAX_AT_BEST_COLUMNS:
                made += (_cut(column, rows) for column in at_best_columns(last, anchor, experiment.runs))
    return made


def _cut(column: Column, rows: int | None) -> Column:
    if rows is None or len(column.values) <= rows:
        return column
    rest = (None,) * (len(column.values) - rows)
    distances = (*column.distances[:rows], *rest) if column.distances else ()
    # Which value is the best of all is worked out in the browser, which has them all.
    return replace(column, values=(*column.values[:rows], *rest), distances=distances, best_value=None)


def find_column(wanted: str, columns: Mapping[str, Column]) -> str | None:
    """Find the id that a person means: an id, or what a filter would understand by it, quoted or not."""
    if wanted in columns:
        return wanted
    # The language of filters takes 20 ms to import, and where a line was appended nobody asks for columns.
    from runsite.tables.filter_grammar import Path, read_path
    from runsite.tables.filter_names import resolve_path

    plain = wanted.replace("`", "")
    paths = [read_path(wanted), *(Path(tuple(map(Part, text.split(".")))) for text in (wanted, plain))]
    meant = [resolve_path(path, columns.__contains__) for path in paths if path is not None]
    return next((column for column in (*meant, plain, f"metrics.{plain}") if column in columns), None)


def _first_columns(experiment: ExperimentSummary, columns: Mapping[str, Column]) -> list[str]:
    main = experiment.main_metric.name if experiment.main_metric else None
    further = [name for name in experiment.metric_names if name != main and name not in experiment.quiet_metrics]
    names = [run.name for run in experiment.runs]
    wanted = [
        "name",
        "status",
        *([f"metrics.{main}.best", f"metrics.{main}.last"] if main else []),
        *(_best_or_last(name, columns) for name in further[:MAX_FURTHER_METRICS]),
        *(f"params.{name}" for name in experiment.varying_params[:MAX_VARYING_PARAMS]),
        "started",
        "duration",
        "parent",
        *(["id"] if len(set(names)) < len(names) else []),
    ]
    return [column for column in wanted if column in columns]


def _best_or_last(name: str, columns: Mapping[str, Column]) -> str:
    best = f"metrics.{name}.best"
    return best if best in columns else f"metrics.{name}.last"


def _sorted_by(experiment: ExperimentSummary) -> str:
    main = experiment.main_metric
    if main is None or main.goal is None or experiment.best is None:
        return "-started"
    return f"{'-' if main.goal == 'maximize' else ''}metrics.{main.name}.best"


def _note(experiment: ExperimentSummary) -> str:
    count = len(experiment.runs)
    main = experiment.main_metric
    order = f"by {main.name}" if main and main.goal else "by start"
    if count <= MAX_HTML_ROWS:
        return f"{format_count_of(count, 'run')} {order}"
    kind = "best" if main and main.goal else "newest"
    return f"{MAX_HTML_ROWS} {kind} of {format_count(count)}" + (f" {order}" if kind == "best" else "")


def _order_note(experiment: ExperimentSummary) -> str:
    main = experiment.main_metric
    mark = goal_mark(main.goal, main.goal_from) if main else None
    if main is None or mark is None:
        return "newest first"
    return f"best first by {main.name} ({mark.words})"


def _baseline(experiment: ExperimentSummary, places: Mapping[RunKey, int]) -> str | None:
    key = RunKey(experiment.name, experiment.baseline) if experiment.baseline else None
    return str(key) if key in places else None


def _swatches(drawn: Sequence[RunKey], places: Mapping[RunKey, int]) -> dict[int, Swatch]:
    return {places[key]: Swatch(i % COLOURS, i // COLOURS) for i, key in enumerate(drawn) if key in places}


def open_run(row: int, run: RunSummary) -> OpenRun:
    """Note what the reader's clock needs to judge a run without an end."""
    return OpenRun(row, run.last_time, run.stalled_at)
