"""The run table of an experiment in a terminal: the same columns, order and marks as its page.

The id stands behind the name where they differ, because commands ask for it. A table wider than the terminal loses
columns from the right, never the first four, and long names are cut. What is left out is said below.
"""

from collections.abc import Sequence
from itertools import accumulate
from textwrap import wrap

from runsite.model import RUNNING
from runsite.number_format import format_count_of
from runsite.status_rule import DIVERGED, DIVERGED_GLYPH, STALLED, status_glyph
from runsite.tables.cells import cell_text, column_detail, decimals_shown
from runsite.tables.model import Column, RunTable
from runsite.tables.terminal import GAP, TextColumn, cut, lay_out, plain

MIN_COLUMNS = 4
ENDLESS_WIDTH = 1_000_000
MAX_NAME_WIDTH = 40
SHORT_NAME_WIDTH = 24
MIN_NAME_WIDTH = 12
MAX_TEXT_WIDTH = 24
MAX_WITHOUT_MATCH = 5


def text_table(
    table: RunTable, *, width: int | None, now: float, limit: int | None = None, matching: Sequence[int] | None = None
) -> str:
    """Write a run table for a terminal of that many cells, or in full where there is no terminal.

    `matching` are the rows to show, in their order, where not all are wanted.
    """
    width = width or ENDLESS_WIDTH
    wanted = range(table.row_count) if matching is None else matching
    rows = wanted[:limit]
    columns = _columns(table)
    texts = [_text_column(table, column, rows=rows, now=now) for column in columns]
    if _that_fit(texts, width) < len(texts):
        texts[0] = _cut_column(texts[0], min(SHORT_NAME_WIDTH, max(MIN_NAME_WIDTH, width // 3)))
    shown = _that_fit(texts, width)
    left_out = _left_out(columns[shown:], len(wanted) - len(rows))
    told = [text for line in left_out for text in wrap(line, max(width, MIN_NAME_WIDTH))]
    return "\n".join(
        [
            _title(table, shown=len(rows), wanted=len(wanted)),
            "",
            *lay_out(texts[:shown]),
            *([""] if told else []),
            *told,
            "",
        ]
    )


def without_match_text(experiments: Sequence[str], *, width: int | None) -> str:
    """Name the experiments of which a filter finds no run."""
    names = ", ".join(map(plain, experiments[:MAX_WITHOUT_MATCH]))
    more = len(experiments) - MAX_WITHOUT_MATCH
    text = f"No run matches in {names}{f' and {more:,} more experiments' if more > 0 else ''}."
    return "\n".join(wrap(text, max(width or ENDLESS_WIDTH, MIN_NAME_WIDTH)))


def _title(table: RunTable, *, shown: int, wanted: int) -> str:
    return f"{plain(table.experiment)}: {_count(shown, wanted, table.row_count)}, {plain(table.order_note)}"


def _count(shown: int, wanted: int, total: int) -> str:
    """Say how many runs there are to see: "60 runs", "5 of 60 runs", "12 of 60 runs match"."""
    if wanted < total:
        if shown < wanted:
            return f"{shown:,} of {wanted:,} matching runs ({total:,} in all)"
        return f"{wanted:,} of {total:,} runs match{'es' if wanted == 1 else ''}"
    count = f"{shown:,} of {total:,}" if shown < total else f"{total:,}"
    return f"{count} run{'' if total == 1 else 's'}"


def _columns(table: RunTable) -> list[Column]:
    ids = next((column for column in table.columns if column.id == "id"), None)
    name, *others = table.shown
    rest = [column for column in others if column.id != "id"]
    return [name, ids, *rest] if ids is not None and ids.values != name.values else [name, *rest]


def _text_column(table: RunTable, column: Column, *, rows: Sequence[int], now: float) -> TextColumn:
    texts = [_text(table, column, row=row, now=now) for row in rows]
    if column.is_numeric and column.kind != "duration":
        texts = _lined_up(texts)
    limit = MAX_NAME_WIDTH if column.id in ("name", "id", "status") else MAX_TEXT_WIDTH
    header = (_label(table, column), column_detail(column))
    return TextColumn(
        tuple(cut(plain(text), limit) for text in header), tuple(cut(text, limit) for text in texts), column.is_numeric
    )


def _label(table: RunTable, column: Column) -> str:
    arrow = {column.id: " ↑", f"-{column.id}": " ↓"}.get(table.sorted_by, "")
    return column.label + arrow


def _text(table: RunTable, column: Column, *, row: int, now: float) -> str:
    value = column.values[row]
    if column.kind == "status":
        return _status(table, str(value), row=row, now=now)
    text = plain(cell_text(column, value))
    is_best = value is not None and value == column.best_value
    return f"{'☆' if column.goal_from == 'guess' else '★'} {text}" if is_best else text


def _status(table: RunTable, status: str, *, row: int, now: float) -> str:
    open_run = table.open_runs.get(row)
    if status == RUNNING and open_run and open_run.stalled_at is not None and now > open_run.stalled_at:
        status = STALLED
    diverged = f" {DIVERGED_GLYPH} {DIVERGED}" if row in table.diverged else ""
    return f"{status_glyph(status)} {plain(status)}{diverged}"


def _lined_up(texts: list[str]) -> list[str]:
    """Put decimal points one below the other."""
    decimals = [decimals_shown(text.lstrip("★☆ ")) for text in texts]
    most = max((shown for shown in decimals if shown), default=0)
    room = [0 if shown is None else most - shown + (most > 0 and shown == 0) for shown in decimals]
    return [text + " " * blanks for text, blanks in zip(texts, room, strict=True)]


def _that_fit(columns: Sequence[TextColumn], width: int) -> int:
    """Count the columns that fit, the first ones always."""
    ends = accumulate(column.width + len(GAP) for column in columns)
    return max(min(MIN_COLUMNS, len(columns)), sum(end - len(GAP) <= width for end in ends))


def _cut_column(column: TextColumn, width: int) -> TextColumn:
    return TextColumn(column.header, tuple(cut(text, width) for text in column.cells), column.is_right)


def _left_out(columns: Sequence[Column], row_count: int) -> list[str]:
    lines = []
    if row_count:
        lines.append(f"{format_count_of(row_count, 'more run')}.")
    if columns:
        names = ", ".join(plain(f"{column.label} {column.aggregate or ''}".strip()) for column in columns)
        lines.append(f"No room for {names}.")
    return lines
