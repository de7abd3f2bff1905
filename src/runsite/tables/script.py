"""A run table as a data script: whole columns of all runs, for sorting and for the rows that HTML does not hold.

The payload:

    row_count, sorted_by, best_row
    columns      [{"id", "label", "detail", "title", "group", "kind", "values", "shown", "descending_first"}, …];
                 "values" is an index into `values`; those with a goal also have "goal",
                 and where a value is marked "best_value", "best_mark", "best_title"
    values       columns of table values (see sort_order); columns that are equal, as best and max often are, lie once
    links        [before, after, [segment, …]]: a run's page is before + segment + after, from the site's root
    parents      [[row, row of the parent], …]
    swatches     [[row, colour, dash], …] of the runs drawn first
    diverged     [row, …]
    open_runs    [[row, time of the last record, moment from which it is stalled], …]
    glyphs       [[status, glyph], …]
"""

from collections.abc import Iterable, Sequence
from typing import Any

from runsite.data_script import DataFile, data_script, script_safe
from runsite.status_rule import STATUS_GLYPHS
from runsite.tables.cells import best_mark, header_cell
from runsite.tables.model import Column, RunTable


def table_script(table: RunTable) -> DataFile:
    """Write the script that hands all runs of a table to its page."""
    places, arrays = _stored_once(table.columns)
    facts = {
        "row_count": table.row_count,
        "sorted_by": table.sorted_by,
        "best_row": table.best_row,
        "columns": [_column_facts(table, column, place) for column, place in zip(table.columns, places, strict=True)],
        "links": _links(table.links),
        "parents": [[row, parent] for row, parent in enumerate(table.parent_rows) if parent is not None],
        "swatches": [[row, swatch.colour, swatch.dash] for row, swatch in sorted(table.swatches.items())],
        "diverged": sorted(table.diverged),
        "open_runs": [[row, run.last_time, run.stalled_at] for row, run in sorted(table.open_runs.items())],
        "glyphs": list(STATUS_GLYPHS.items()),
    }
    payload = b'%s,"values":[%s]}' % (script_safe(facts)[:-1], b",".join(arrays))
    return DataFile(table.script_path, data_script("table", table.experiment, payload))


def _stored_once(columns: Iterable[Column]) -> tuple[list[int], list[bytes]]:
    """Encode each distinct column once; return the place of each column's values."""
    places: dict[bytes, int] = {}
    found = [places.setdefault(script_safe(column.values), len(places)) for column in columns]
    return found, list(places)


def _column_facts(table: RunTable, column: Column, place: int) -> dict[str, Any]:
    header = header_cell(column, table.sorted_by)
    facts = {
        "id": column.id,
        "label": column.label,
        "detail": header.detail,
        "title": header.title,
        "group": column.group,
        "kind": column.kind,
        "is_numeric": column.is_numeric,
        "values": place,
        "shown": column.shown,
        "descending_first": column.descending_first,
    }
    if column.goal:
        facts["goal"] = column.goal
    if column.best_value is not None:
        mark, title = best_mark(column, table.row_count)
        facts.update(best_value=column.best_value, best_mark=mark, best_title=title)
    return facts


def _links(links: Sequence[str]) -> list[Any]:
    """Split the addresses of run pages into what they share and what they do not."""
    if not links:
        return ["", "", []]
    end = links[0].rindex("/")
    start = links[0].rindex("/", 0, end) + 1
    before, after = links[0][:start], links[0][end:]
    return [before, after, [link[len(before) : len(link) - len(after)] for link in links]]
