"""A run table for programs: `runs.csv` and `runs.json` beside an experiment's page.

CSV has a column for each column of the table but the curves and the values at another metric's best, by its id; values
are written in full, times as Unix seconds, durations in seconds, what is missing as nothing. JSON is a list of the
objects that `runsite runs --json` prints; a run without an end reads "running", and what may change with a line of it
is null: its own page and the table's data have that. Such runs stand behind those that have ended, the newest first;
so a line that one of 10,000 runs writes, were it the best value of all, rewrites none of these 30 MB.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from runsite.data_script import DataFile
from runsite.model import RUNNING, RunKey, RunSummary
from runsite.number_format import format_param
from runsite.records import encode_json
from runsite.site_paths import runs_file
from runsite.summaries.run_json import run_json
from runsite.tables.model import Column, RunTable, TableValue

NOT_IN_FILES = frozenset({"curve", "at best"})


def run_files(table: RunTable, runs: Iterable[RunSummary]) -> tuple[DataFile, DataFile]:
    """Write an experiment's runs as CSV and as JSON."""
    runs = list(runs)
    rows = sorted(range(len(runs)), key=lambda row: _place(runs[row]))
    columns = [_lasting(column, runs) for column in table.columns if column.aggregate not in NOT_IN_FILES]
    lines = [encode_json(_steady_json(runs[row])) for row in rows]
    return (
        DataFile(runs_file(table.experiment, "csv"), runs_csv(columns, rows).encode()),
        DataFile(runs_file(table.experiment, "json"), b"[%s]\n" % b",\n".join(lines)),
    )


def _place(run: RunSummary) -> tuple[bool, bool, float, RunKey | None]:
    """Sort runs that have ended as the table has them, before the others."""
    if run.status != RUNNING:
        return False, False, 0.0, None
    return True, run.started is None, -(run.started or 0.0), run.key


def _lasting(column: Column, runs: Sequence[RunSummary]) -> Column:
    """Leave out the best values of runs without an end."""
    if column.aggregate != "best":
        return column
    pairs = zip(column.values, runs, strict=True)
    return replace(column, values=tuple(None if run.status == RUNNING else value for value, run in pairs))


def _steady_json(run: RunSummary) -> dict[str, Any]:
    found = run_json(run, status=run.status)
    if run.status == RUNNING:
        unknown = dict.fromkeys(("count", "finite", "last", "min", "max", "best"))
        found |= {"artifacts": None, "metrics": {name: each | unknown for name, each in found["metrics"].items()}}
    return found


def runs_csv(columns: Sequence[Column], rows: Iterable[int]) -> str:
    """Write some rows as CSV, with a header of column ids."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.id for column in columns])
    writer.writerows([csv_value(column.values[row]) for column in columns] for row in rows)
    return text.getvalue()


def csv_value(value: TableValue) -> str:
    """Write a value in full; missing is nothing."""
    return "" if value is None else format_param(value)
