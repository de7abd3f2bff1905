"""The cells of a run table as text: what a template prints and a terminal shows.

static/table.js fills the same cells from the same values for the rows that HTML does not hold.
"""

from collections.abc import Callable

from runsite.goal_mark import goal_mark
from runsite.model import RUNNING
from runsite.number_format import format_duration, format_number, format_param, format_time
from runsite.status_rule import NO_END, status_glyph
from runsite.tables.model import Cell, Column, HeaderCell, RunTable, TableValue

BEST_MARK, GUESSED_BEST_MARK = "★", "☆"
# What the narrowest text column shows without cutting.
MAX_PLAIN_TEXT = 20


def header_cell(column: Column, sorted_by: str) -> HeaderCell:
    """Write the header of a column."""
    mark = goal_mark(column.goal, column.goal_from)
    aggregate = "" if column.aggregate is None else f"{column.aggregate} of each run"
    unit = f"in {column.unit}" if column.unit else ""
    said = (column.id, aggregate, unit, mark.words if mark else "")
    sort = {column.id: "ascending", f"-{column.id}": "descending"}.get(sorted_by, "")
    title = "; ".join(filter(None, said))
    return HeaderCell(column.id, column.label, column_detail(column), title, column.kind, sort)


def column_detail(column: Column) -> str:
    """Write the second line of a column's header."""
    if column.group != "metric":
        return {"param": "param", "tag": "tag"}.get(column.group, "UTC" if column.kind == "time" else "")
    mark = goal_mark(column.goal, column.goal_from) if column.aggregate == "best" else None
    unit = f", {column.unit}" if column.unit else ""
    return f"{column.aggregate}{unit}{f' {mark.glyph}' if mark else ''}"


def row_cells(table: RunTable, row: int) -> tuple[Cell, ...]:
    """Write the shown cells of one row."""
    return tuple(_CELLS.get(column.id, _plain_cell)(table, column, row) for column in table.shown)


def cell_text(column: Column, value: TableValue) -> str:
    """Write a table value for people; missing is empty."""
    if value is None:
        return ""
    if column.kind == "param" or not column.is_numeric:
        return format_param(value)
    number = float(value)
    if column.kind == "time":
        return format_time(number).removesuffix(" UTC")
    return format_duration(number) if column.kind == "duration" else format_number(number)


def _plain_cell(table: RunTable, column: Column, row: int) -> Cell:
    value = column.values[row]
    text = cell_text(column, value)
    best, best_title = _best_mark(table, column, value)
    return Cell(
        column.kind,
        text,
        value="" if value is None else format_param(value),
        title=_full(column, value, text),
        best=best,
        best_title=best_title,
    )


def _name_cell(table: RunTable, column: Column, row: int) -> Cell:
    name = str(column.values[row])
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
    value, parent_row = column.values[row], table.parent_rows[row]
    name = "" if value is None else str(value)
    return Cell("link", name, title=name, href="" if parent_row is None else table.links[parent_row])


_CELLS: dict[str, Callable[[RunTable, Column, int], Cell]] = {
    "name": _name_cell,
    "status": _status_cell,
    "parent": _parent_cell,
}


def _best_mark(table: RunTable, column: Column, value: TableValue) -> tuple[str, str]:
    if value is None or column.best_value is None or value != column.best_value:
        return "", ""
    mark = goal_mark(column.goal, column.goal_from)
    guessed = column.goal_from == "guess"
    title = f"best of {table.row_count:,} runs; {mark.words}" if mark else ""
    return (GUESSED_BEST_MARK if guessed else BEST_MARK), title


def _full(column: Column, value: TableValue, text: str) -> str:
    """Say in full what a cell shows rounded or cut."""
    if value is None or column.kind in ("duration", "status"):
        return ""
    if column.kind == "time":
        return f"{text} UTC"
    full = format_param(value)
    return full if (full != text and column.is_numeric) or len(full) > MAX_PLAIN_TEXT else ""
