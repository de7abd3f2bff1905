"""What `runsite runs` lists: which runs, in which order, and by which columns.

The policy. A filter judges each experiment by the columns of its own table, with statuses judged by the clock. The text
tables are one for each experiment, so they are sorted and limited one by one; in JSON and CSV a given order puts the
runs of all experiments together, and a limit then counts all of them. Equal runs keep the order of their tables, which
stand by the experiment's name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from runsite.answers.run_columns import joined_columns
from runsite.answers.runs import experiment_summaries, judged_status
from runsite.config import Settings
from runsite.model import RunSummary
from runsite.nearest import unknown_name
from runsite.tables.filter_grammar import Filter, parse_filter
from runsite.tables.filter_names import RUN_FIELDS
from runsite.tables.matching import matching_rows
from runsite.tables.model import Column, RunTable
from runsite.tables.run_files import NOT_IN_FILES, runs_csv
from runsite.tables.run_table import find_column, run_table
from runsite.tables.sort_order import sort_rows
from runsite.tables.views import sort_id, split_ids


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs somebody wants to see, and how."""

    filter: Filter
    sort: tuple[str, ...] = ()
    """Columns as a person writes them, `-` before those that stand greatest first."""
    columns: tuple[str, ...] = ()
    """Columns as a person writes them; empty: the usual ones."""
    limit: int | None = None

    @property
    def takes_all(self) -> bool:
        """Whether every run is listed, in whatever order it is read."""
        return self.filter.root is None and not self.sort and self.limit is None


def run_query(filter: str | None, *, sort: str | None, columns: str | None, limit: int | None) -> RunQuery:
    """Read the words of a query; FilterError for a filter that cannot be read."""
    return RunQuery(parse_filter(filter or ""), _names(sort), _names(columns), limit)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name for item in split_ids(text or "") if (name := item.strip()))


@dataclass(frozen=True, slots=True)
class ListedTable:
    """An experiment's table with the columns and the order that were asked for."""

    table: RunTable
    rows: Sequence[int]
    """Those that the filter lets through, in order; a limit has cut nothing yet."""


class RunList:
    """The runs that a query finds."""

    def __init__(self, runs: Iterable[RunSummary], settings: Settings, query: RunQuery, *, now: float) -> None:
        self._query = query
        judged = []
        self._logged: dict[str, RunSummary] = {}
        for run in runs:
            status = judged_status(run, now)
            self._logged[str(run.key)] = run
            judged.append(run if status == run.status else replace(run, status=status))
        experiments = experiment_summaries(judged, settings)
        self._runs = [run for experiment in experiments for run in experiment.runs]
        self._tables = [run_table(experiment) for experiment in experiments]
        self._columns = [{column.id: column for column in table.columns} for table in self._tables]
        self._rows = matching_rows(query.filter, self._columns)
        if query.sort or query.columns:
            self._refuse_unknown()

    @property
    def is_empty(self) -> bool:
        return not any(self._rows)

    @property
    def without_match(self) -> list[str]:
        """The experiments of which the filter finds no run."""
        return [table.experiment for table, rows in zip(self._tables, self._rows, strict=True) if not rows]

    def tables(self) -> list[ListedTable]:
        """Lay out a table for each experiment that has runs to show."""
        found = zip(self._tables, self._columns, self._rows, strict=True)
        return [self._listed(table, columns, rows) for table, columns, rows in found if rows]

    def runs(self) -> list[RunSummary]:
        """Return the runs as their own logs and the settings tell them, in order."""
        return [self._logged[str(self._runs[row].key)] for row in self._ordered_rows()]

    def csv(self) -> str:
        """Write the runs as CSV: the columns asked for, else those of `runs.csv` and of every experiment."""
        return runs_csv([self._joined[id] for id in self._csv_columns()], self._ordered_rows())

    @cached_property
    def _joined(self) -> Mapping[str, Column]:
        """The columns of all experiments, one below the other; those of what every run may have are always there."""
        joined = joined_columns(self._columns, self._runs) if self._columns else {}
        nothing = (None,) * len(self._runs)
        return {id: Column(id, id, "run", "text", nothing) for id in RUN_FIELDS} | joined

    def _refuse_unknown(self) -> None:
        for name in (*self._query.columns, *self._query.sort):
            if sort_id(name, self._joined) is None:
                wanted = name.removeprefix("-")
                known = {column.metric or column.label for column in self._joined.values()} | set(self._joined)
                raise unknown_name(f"no run has a column {wanted!r}", wanted, known)

    def _csv_columns(self) -> list[str]:
        if self._query.columns:
            found = (find_column(name, self._joined) for name in self._query.columns)
            return list(dict.fromkeys(id for id in found if id is not None))
        all_columns = (column for table in self._tables for column in table.columns)
        return list(dict.fromkeys(column.id for column in all_columns if column.aggregate not in NOT_IN_FILES))

    def _ordered_rows(self) -> list[int]:
        """Return rows of all experiments, one below the other, in the order of JSON and CSV."""
        parts, before = [], 0
        limit = None if self._query.sort else self._query.limit
        for table, rows in zip(self._tables, self._rows, strict=True):
            parts += [before + row for row in rows[:limit]]
            before += table.row_count
        if not self._query.sort:
            return parts
        return _sorted(parts, _sort_ids(self._query.sort, self._joined), self._joined)[: self._query.limit]

    def _listed(self, table: RunTable, columns: Mapping[str, Column], rows: Sequence[int]) -> ListedTable:
        sort = _sort_ids(self._query.sort, columns)
        asked = [id for name in self._query.columns if (id := find_column(name, columns))]
        # What the rows are sorted by stands near their names: further right a narrow terminal would not show it.
        usual = [*map(_plain_id, sort), *(column.id for column in table.shown[1:])]
        shown = dict.fromkeys(["name", *(asked if self._query.columns else usual)])
        first = [replace(columns[id], shown=True) for id in shown]
        rest = [replace(column, shown=False) for id, column in columns.items() if id not in shown]
        table = replace(table, columns=(*first, *rest))
        if not sort:
            return ListedTable(table, rows)
        words = ", then by ".join(_order_words(columns[_plain_id(id)], id.startswith("-")) for id in sort)
        return ListedTable(
            replace(table, order_note=f"sorted by {words}", sorted_by=sort[0]), _sorted(rows, sort, columns)
        )


def _sort_ids(keys: Iterable[str], columns: Mapping[str, Column]) -> list[str]:
    return [id for key in keys if (id := sort_id(key, columns))]


def _plain_id(sorted_by: str) -> str:
    return sorted_by.removeprefix("-")


def _sorted(rows: Sequence[int], sort: Sequence[str], columns: Mapping[str, Column]) -> list[int]:
    """Order rows by columns, the first one before all others; a column's id begins with no `-`."""
    rows = list(rows)
    for id in reversed(sort):
        column = columns[_plain_id(id)]
        order = sort_rows([column.values[row] for row in rows], kind=column.kind, descending=id.startswith("-"))
        rows = [rows[place] for place in order]
    return rows


def _order_words(column: Column, is_descending: bool) -> str:
    """Say by what runs are sorted, and what comes first: "val/acc best, greatest first"."""
    anchor = f"of {column.anchor}" if column.anchor else ""
    name = " ".join(filter(None, (column.label, column.aggregate, anchor)))
    if column.kind == "time":
        return f"{name}, {'newest' if is_descending else 'oldest'} first"
    if column.kind in ("number", "duration") or column.is_numeric:
        return f"{name}, {'greatest' if is_descending else 'least'} first"
    return f"{name}, {'z to a' if is_descending else 'a to z'}"
