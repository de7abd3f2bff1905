"""The cells of a run table as text: what a template prints and a terminal shows.

static/table_grid.js fills the same cells from the same values for the rows that HTML does not hold.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from runsite.goal_mark import goal_mark
from runsite.model import RUNNING
from runsite.number_format import (
    format_count_of,
    format_duration,
    format_number,
    format_param,
    format_param_cell,
    format_time,
)
from runsite.status_rule import NO_END, status_glyph
from runsite.tables.columns import cut_text
from runsite.tables.model import Cell, Column, HeaderCell, RunTable, TableValue

BEST_MARK, GUESSED_BEST_MARK = "★", "☆"
# What the narrowest text column shows without cutting.
MAX_PLAIN_TEXT = 20
# A metric shows 7 decimals at most (0.0001234); params may show more, which would only push the others left.
MAX_LINED_DECIMALS = 7
_PLAIN_FIGURE = re.compile(r"[-\u2212]?[0-9][0-9,]*(?:\.([0-9]+))?")


def header_cell(column: Column, sorted_by: str) -> HeaderCell:
    """Write the header of a column."""
    mark = goal_mark(column.goal, column.goal_from)
    aggregate = _aggregate_words(column)
    unit = f"in {column.unit}" if column.unit else ""
    said = (column.id, aggregate, unit, mark.words if mark else "")
    sort = {column.id: "ascending", f"-{column.id}": "descending"}.get(sorted_by, "")
    title = "; ".join(filter(None, said))
    return HeaderCell(column.id, column.label, column_detail(column), title, column.kind, sort, column.is_numeric)


def _aggregate_words(column: Column) -> str:
    if column.anchor:
        return f"at the step where {column.anchor} was best"
    if column.aggregate == "curve":
        return "the course of each run, from its least value to its greatest"
    return f"{column.aggregate} of each run" if column.aggregate else ""


def column_detail(column: Column) -> str:
    """Write the second line of a column's header."""
    if column.group != "metric":
        return {"param": "param", "tag": "tag"}.get(column.group, "UTC" if column.kind == "time" else "")
    mark = goal_mark(column.goal, column.goal_from) if column.aggregate == "best" else None
    unit = f", {column.unit}" if column.unit else ""
    anchor = f" of {column.anchor}" if column.anchor else ""
    return f"{column.aggregate}{anchor}{unit}{f' {mark.glyph}' if mark else ''}"


def table_cells(table: RunTable, rows: Sequence[int]) -> list[tuple[Cell, ...]]:
    """Write the shown cells of some rows, decimal points one below the other."""
    columns = [_lined_up([_cell(table, column, row) for row in rows], column) for column in table.shown]
    return list(zip(*columns, strict=True))


def cell_text(column: Column, value: TableValue) -> str:
    """Write a table value for people; missing is empty."""
    if value is None:
        return ""
    if column.kind == "param":
        return format_param_cell(value)
    if column.kind not in ("number", "time", "duration"):
        return format_param(value)
    number = float(value)
    if column.kind == "time":
        return format_time(number).removesuffix(" UTC")
    return format_duration(number) if column.kind == "duration" else format_number(number)


def best_mark(column: Column, row_count: int) -> tuple[str, str]:
    """Return the mark of a column's best value, full where the goal is declared, and the words for it."""
    mark = goal_mark(column.goal, column.goal_from)
    glyph = GUESSED_BEST_MARK if column.goal_from == "guess" else BEST_MARK
    return glyph, f"best of {format_count_of(row_count, 'run')}; {mark.words}" if mark else ""


def _cell(table: RunTable, column: Column, row: int) -> Cell:
    return _CELLS.get(column.id, _plain_cell)(table, column, row)


def _lined_up(cells: list[Cell], column: Column) -> list[Cell]:
    """Say by classes how many digits a figure lacks behind its point; static/table.css makes them room."""
    if not column.is_numeric or column.kind == "duration":
        return cells
    decimals = [decimals_shown(cell.text) for cell in cells]
    most = min(max(filter(None, decimals), default=0), MAX_LINED_DECIMALS)
    return [
        replace(cell, classes=_room(most, shown)) if most and shown is not None else cell
        for cell, shown in zip(cells, decimals, strict=True)
    ]


def decimals_shown(text: str) -> int | None:
    """Count the digits behind the point; None for what has no place under it, as NaN and 1.2e-5."""
    found = _PLAIN_FIGURE.fullmatch(text)
    return len(found[1] or "") if found else None


def _room(most: int, shown: int) -> str:
    lacking = f"short_{most - shown}" if shown < most else ""
    return f"{lacking} whole" if not shown else lacking


def _plain_cell(table: RunTable, column: Column, row: int) -> Cell:
    value = cut_text(column.values[row])
    text = cell_text(column, value)
    is_best = value is not None and value == column.best_value
    best, best_title = best_mark(column, table.row_count) if is_best else ("", "")
    return Cell(
        column.kind,
        text,
        value="" if value is None else format_param(value),
        title=_full(column, value, text),
        is_numeric=column.is_numeric,
        classes="empty_text" if value == "" else "",
        best=best,
        best_title=best_title,
    )


def _name_cell(table: RunTable, column: Column, row: int) -> Cell:
    name = str(cut_text(column.values[row]))
    return Cell("name", name, title=name, href=table.links[row], swatch=table.swatches.get(row))


def _status_cell(table: RunTable, column: Column, row: int) -> Cell:
    status = str(column.values[row])
    open_run = table.open_runs.get(row)
    last = format_time(open_run.last_time) if open_run else ""
    return Cell(
        "status",
        NO_END if status == RUNNING else status,
        title=f"last record {last}" if last else "",
        glyph=status_glyph(status),
        status=status,
        diverged=row in table.diverged,
    )


def _parent_cell(table: RunTable, column: Column, row: int) -> Cell:
    value, parent_row = cut_text(column.values[row]), table.parent_rows[row]
    name = "" if value is None else str(value)
    return Cell("link", name, title=name, href="" if parent_row is None else table.links[parent_row])


_CELLS: dict[str, Callable[[RunTable, Column, int], Cell]] = {
    "name": _name_cell,
    "status": _status_cell,
    "parent": _parent_cell,
}


def _full(column: Column, value: TableValue, text: str) -> str:
    """Say in full what a cell shows rounded or cut."""
    if value in (None, "") or column.kind in ("duration", "status"):
        return ""
    if column.kind == "time":
        return f"{text} UTC"
    full = format_param(value)
    return full if (full != text and column.kind in ("number", "param")) or len(full) > MAX_PLAIN_TEXT else ""
