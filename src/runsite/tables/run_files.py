"""A run table for programs: `runs.csv` and `runs.json` beside an experiment's page.

CSV has a column for each column of the table but the curves and the values at another metric's best, by its id; values
are written in full, times as Unix seconds, durations in seconds, what is missing as nothing. JSON is a list of the
objects that `runsite runs --json` prints; a run without an end reads "running", and what changes with each line of it
is null: its own page and the table's data have that.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from runsite.data_script import DataFile
from runsite.model import RUNNING, RunSummary
from runsite.number_format import format_param
from runsite.records import encode_json
from runsite.site_paths import runs_file
from runsite.summaries.run_json import run_json
from runsite.tables.model import Column, RunTable, TableValue

NOT_IN_FILES = frozenset({"curve", "at best"})


def run_files(table: RunTable, runs: Iterable[RunSummary]) -> tuple[DataFile, DataFile]:
    """Write an experiment's runs as CSV and as JSON."""
    columns = [column for column in table.columns if column.aggregate not in NOT_IN_FILES]
    lines = [encode_json(_steady_json(run)) for run in runs]
    return (
        DataFile(runs_file(table.experiment, "csv"), runs_csv(columns, range(table.row_count)).encode()),
        DataFile(runs_file(table.experiment, "json"), b"[%s]\n" % b",\n".join(lines)),
    )


def _steady_json(run: RunSummary) -> dict[str, Any]:
    found = run_json(run, status=run.status)
    if run.status == RUNNING:
        unknown = dict.fromkeys(("count", "finite", "last", "min", "max"))
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
