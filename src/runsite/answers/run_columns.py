"""The runs of several experiments as one table: its columns, which rows a filter leaves, and their order.

Columns, their ids, the filter language and the order of values are those of the site's tables; what is handed out are
the values as they were logged, whole: no text is cut, no start rounded. Beside the site's columns each run has `run`,
its id. The columns of what every run has are there even where no run fills them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runsite.errors import RunsiteError
from runsite.frames import MISSING, FrameColumn
from runsite.frames.columns import FrameKind
from runsite.model import RunSummary
from runsite.nearest import unknown_name
from runsite.tables.filter_grammar import parse_filter
from runsite.tables.filter_rows import filter_rows, quote_name, resolve_names
from runsite.tables.model import LARGE_INTEGER, Column, Kind, TableValue, lines_up
from runsite.tables.run_table import find_column
from runsite.tables.sort_order import sort_rows


@dataclass(frozen=True, slots=True)
class _Fact:
    """What every run has: how it stands in a table and in a frame, and where it comes from."""

    kind: Kind
    frame_kind: FrameKind
    take: Callable[[RunSummary], Any]


_FACTS: Mapping[str, _Fact] = {
    "experiment": _Fact("text", "text", lambda run: run.key.experiment),
    "run": _Fact("text", "text", lambda run: run.key.run),
    "name": _Fact("text", "text", lambda run: run.name),
    "status": _Fact("status", "text", lambda run: run.status),
    "started": _Fact("time", "time", lambda run: run.started),
    "duration": _Fact("duration", "number", lambda run: run.duration_seconds),
    "ended": _Fact("time", "time", lambda run: run.ended),
    "parent": _Fact("link", "text", lambda run: None if run.parent is None else str(run.parent)),
    "attempts": _Fact("number", "logged", lambda run: run.attempts),
    "commit": _Fact("text", "text", lambda run: run.source.commit if run.source else None),
    "branch": _Fact("text", "text", lambda run: run.source.branch if run.source else None),
}
_ALIASES = frozenset({"id"})
"""Columns that say what another one says: there for who asks, not among all."""
_AT_BEST = "at best"
_LIST = re.compile(r"(?:`[^`]*`|[^,`])+")
"""An item of "COL,-COL"; a comma between backquotes belongs to a name."""


def joined_columns(tables: Sequence[Mapping[str, Column]], runs: Sequence[RunSummary]) -> dict[str, Column]:
    """Put the tables of several experiments one below the other; `runs` are all their rows."""
    sizes = [len(next(iter(table.values())).values) for table in tables]
    made = {id: _joined(id, tables, sizes) for id in dict.fromkeys(id for table in tables for id in table)}
    for id, fact in _FACTS.items():
        if id not in made:
            values = tuple(map(fact.take, runs)) if id == "run" else (None,) * len(runs)
            made[id] = Column(id, id, "run", fact.kind, values)
    return made


def _joined(id: str, tables: Sequence[Mapping[str, Column]], sizes: Sequence[int]) -> Column:
    first = next(table[id] for table in tables if id in table)
    if len(tables) == 1:
        return first
    parts = [table[id].values if id in table else (None,) * size for table, size in zip(tables, sizes, strict=True)]
    values = tuple(value for part in parts for value in part)
    return replace(first, values=values, distances=(), best_value=None, is_numeric=lines_up(first.kind, values))


def chosen_columns(wanted: Sequence[str] | None, columns: Mapping[str, Column]) -> list[str]:
    """Return the ids of the columns that are asked for, or of all: facts, params, tags, then metrics."""
    if wanted is not None:
        return list(dict.fromkeys(_find(name, columns) for name in wanted))
    others = [column for id, column in columns.items() if id not in _FACTS and id not in _ALIASES]
    shown = [column for column in others if column.kind != "curve" and column.aggregate != _AT_BEST]
    groups = [[column.id for column in shown if column.group == group] for group in ("run", "param", "tag", "metric")]
    return [*_FACTS, *(id for group in groups for id in group)]


def _find(name: str, columns: Mapping[str, Column]) -> str:
    readable = {id: column for id, column in columns.items() if column.kind != "curve"}
    found = find_column(name, readable)
    if found is None:
        raise unknown_name(f"no run has a column {name!r}", name, _names(readable.values()))
    return found


def _names(columns: Iterable[Column]) -> set[str]:
    """Name columns as a person would, and in full."""
    columns = list(columns)
    return {column.id for column in columns} | {column.metric or column.label for column in columns}


def wanted_rows(
    columns: Mapping[str, Column], *, filter: str | None, sort: str | Sequence[str] | None, row_count: int
) -> list[int]:
    """Return the rows that a filter leaves, in the order asked for, else that of the table."""
    rows = list(range(row_count)) if filter is None else _filtered(filter, columns, row_count)
    for key in reversed(_sort_keys(sort)):
        descending = key.startswith("-") and key not in columns
        column = columns[_find(key.removeprefix("-") if descending else key, columns)]
        order = sort_rows([column.values[row] for row in rows], kind=column.kind, descending=descending)
        rows = [rows[place] for place in order]
    return rows


def _filtered(text: str, columns: Mapping[str, Column], row_count: int) -> list[int]:
    parsed = parse_filter(text)
    for unknown in resolve_names(parsed, columns):
        problem = f"filter, at character {unknown.start + 1}: no run has {unknown.name!r}"
        if unknown.nearest:
            raise RunsiteError(f"{problem}; did you mean {quote_name(unknown.nearest)}?")
        raise unknown_name(problem, unknown.name, _names(columns.values()))
    return filter_rows(parsed, columns, row_count)


def _sort_keys(sort: str | Sequence[str] | None) -> Sequence[str]:
    if sort is None:
        return ()
    return [key.strip() for key in _LIST.findall(sort) if key.strip()] if isinstance(sort, str) else sort


def frame_column(column: Column, runs: Sequence[RunSummary]) -> FrameColumn:
    """Hand out a column's values as they were logged."""
    fact = _FACTS.get(column.id)
    if fact is not None:
        return FrameColumn(column.id, fact.frame_kind, list(map(fact.take, runs)))
    if column.group == "metric":
        return FrameColumn(column.id, "number", [_number(value) for value in column.values])
    if column.group in ("param", "tag"):
        name = column.id.partition(".")[2]
        logged = [run.params if column.group == "param" else run.tags for run in runs]
        return FrameColumn(column.id, "logged", [values.get(name, MISSING) for values in logged])
    return FrameColumn(column.id, "logged", [MISSING if value is None else _whole(value) for value in column.values])


def _number(value: TableValue) -> float | None:
    """Undo what a table value does to NaN and the infinities."""
    return None if value is None else float(value)


def _whole(value: TableValue) -> TableValue:
    """Undo what a table value does to whole numbers beyond 2^53."""
    return int(value) if isinstance(value, str) and LARGE_INTEGER.fullmatch(value) else value
