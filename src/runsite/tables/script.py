"""A run table as data scripts: its head, and whole columns of all runs in shards.

The head, `receive("table", <experiment, empty for all runs>, …)`:

    row_count, sorted_by, best (key of a run), baseline
    columns      [{"id", "label", "detail", "title", "group", "kind", "is_numeric", "shown", "descending_first",
                 "block"}, …]; those of metrics also have "aggregate" and "metric", those with a goal "goal",
                 "goal_from", "best_mark" and "best_title", those at another metric's best "anchor"
    shards       [[address of the shard's `rows`, of its `more` or null], …], from the site's root
    drawn        [[key, colour, dash], …] of the runs drawn first
    repeats      {"params": [id, …], "ignored": [[param, reason], …]}
    views        [[name, {fragment name: value}], …] of the settings
    glyphs       [[status, glyph], …];  levels: the characters of a curve, least first

A shard holds the runs whose key's sha256 begins with its bits, in the order of their keys, so that one line written
changes one shard, and no shard depends on which other runs there are but for their number. Its `rows`,
`receive("table_rows", <path>, …)`:

    experiment, repeats (keys of configurations)
    columns      [[column id, place in values], …];  values: columns of table values (see sort_order), equal
                 ones once; of "experiment" there are no values, as every row has the same
    links        [before, after, [segment, …]]: a run's page is before + segment + after, from the site's root
    parents      [[row, key of the parent], …];  diverged: [row, …];  without_series: [row, …] of runs without metrics
    open_runs    [[row, time of the last record, moment from which it is stalled], …]

Its `more`, `receive("table_more", <path>, …)`, has columns, values, and distances like columns: how far a value "at
best" was logged from the best.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from runsite.data_script import DataFile, data_script, script_safe
from runsite.site_paths import table_shard
from runsite.status_rule import STATUS_GLYPHS
from runsite.summaries.curve_levels import CURVE_LEVELS
from runsite.tables.cells import best_mark, header_cell
from runsite.tables.columns import cut_text
from runsite.tables.model import Block, Column, RunTable, TableValue
from runsite.tables.views import ViewLink

# 512 runs x 40 columns x 7 bytes are 150 KB. More than 64 files take longer to ask for than to read.
MAX_SHARD_ROWS = 512
MAX_SHARD_BITS = 6
Version = Callable[[str], str]
"""From the path of a data file in the site to its content hash."""
ShardPaths = tuple[str, str | None]
"""Where a shard's `rows` and `more` lie in the site."""


def table_shards(table: RunTable) -> Iterator[DataFile]:
    """Write the data of all runs, a `rows` and a `more` for each shard."""
    early = [column for column in table.columns if column.block == "rows" and column.id != "experiment"]
    late = [column for column in table.columns if column.block == "more"]
    for name, rows in _sharded(table.keys):
        rows_path, more_path = _paths(table, name, late)
        yield DataFile(rows_path, data_script("table_rows", rows_path, _rows_payload(table, early, rows)))
        if more_path is not None:
            yield DataFile(more_path, data_script("table_more", more_path, _more_payload(late, rows)))


def shard_paths(table: RunTable) -> tuple[ShardPaths, ...]:
    """List where the shards of an experiment's table lie."""
    late = [column for column in table.columns if column.block == "more"]
    return tuple(_paths(table, name, late) for name, _ in _sharded(table.keys))


def table_head(
    table: RunTable,
    path: str,
    *,
    shards: Iterable[ShardPaths],
    version: Version,
    views: Sequence[ViewLink] = (),
) -> DataFile:
    """Write what a page needs to know of a table before its rows."""

    def address(path: str | None) -> str | None:
        return None if path is None else f"{path}?v={version(path)}"

    facts = {
        "row_count": table.row_count,
        "sorted_by": table.sorted_by,
        "best": None if table.best_row is None else table.keys[table.best_row],
        "baseline": table.baseline,
        "columns": [_column_facts(table, column) for column in table.columns],
        "shards": [[address(rows), address(more)] for rows, more in shards],
        "drawn": [[table.keys[row], swatch.colour, swatch.dash] for row, swatch in table.swatches.items()],
        "repeats": {
            "params": [f"params.{name}" for name in table.repeat_rule.key_params],
            "ignored": [[param.name, param.reason] for param in table.repeat_rule.ignored],
        },
        "views": [[view.name, list(view.fragment.items())] for view in views],
        "glyphs": list(STATUS_GLYPHS.items()),
        "levels": CURVE_LEVELS,
    }
    return DataFile(path, data_script("table", table.experiment, script_safe(facts)))


def _sharded(keys: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Part rows by the first bits of their keys' digests; [(name of the shard, its rows), …] without empty ones."""
    bits = min(MAX_SHARD_BITS, max(0, (len(keys) - 1) // MAX_SHARD_ROWS).bit_length())
    shards: dict[int, list[int]] = {}
    for row, key in enumerate(keys):
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        shards.setdefault(int.from_bytes(digest[:4]) >> (32 - bits), []).append(row)
    digits = (bits + 3) // 4
    return [
        (f"{number:0{digits}x}" if bits else "all", sorted(rows, key=keys.__getitem__))
        for number, rows in sorted(shards.items())
    ]


def _paths(table: RunTable, shard: str, late: Sequence[Column]) -> ShardPaths:
    blocks: tuple[Block, Block] = ("rows", "more")
    rows, more = (table_shard(table.experiment, block, shard) for block in blocks)
    return rows, more if late else None


def _rows_payload(table: RunTable, columns: Sequence[Column], rows: Sequence[int]) -> bytes:
    places = {row: place for place, row in enumerate(rows)}
    facts = {
        "experiment": table.experiment,
        "repeats": [table.repeats[row] for row in rows],
        "links": _links([table.links[row] for row in rows]),
        "parents": [[places[row], table.parents[row]] for row in rows if table.parents[row] is not None],
        "diverged": [places[row] for row in rows if row in table.diverged],
        "without_series": [places[row] for row in rows if row in table.without_series],
        "open_runs": [
            [places[row], run.last_time, run.stalled_at] for row in rows if (run := table.open_runs.get(row))
        ],
    }
    return _with_values(facts, {"columns": [(column.id, column.values) for column in columns]}, rows)


def _more_payload(columns: Sequence[Column], rows: Sequence[int]) -> bytes:
    distances = [(column.id, column.distances) for column in columns if column.distances]
    return _with_values({}, {"columns": [(c.id, c.values) for c in columns], "distances": distances}, rows)


def _with_values(
    facts: dict[str, Any], columns: Mapping[str, Sequence[tuple[str, Sequence[TableValue]]]], rows: Sequence[int]
) -> bytes:
    """Add columns by their place among the distinct ones, each of which is encoded once."""
    places: dict[bytes, int] = {}
    for name, pairs in columns.items():
        facts[name] = [[id, places.setdefault(_encoded(values, rows), len(places))] for id, values in pairs]
    return b'%s,"values":[%s]}' % (script_safe(facts)[:-1], b",".join(places))


def _encoded(values: Sequence[TableValue], rows: Sequence[int]) -> bytes:
    return script_safe([cut_text(values[row]) for row in rows])


def _column_facts(table: RunTable, column: Column) -> dict[str, Any]:
    header = header_cell(column, table.sorted_by)
    facts: dict[str, Any] = {
        "id": column.id,
        "label": column.label,
        "detail": header.detail,
        "title": header.title,
        "group": column.group,
        "kind": column.kind,
        "is_numeric": column.is_numeric,
        "shown": column.shown,
        "descending_first": column.descending_first,
        "block": column.block,
    }
    if column.metric is not None:
        facts |= {"metric": column.metric, "aggregate": column.aggregate}
    if column.anchor is not None:
        facts["anchor"] = column.anchor
    if column.goal:
        mark, title = best_mark(column, table.row_count)
        facts |= {"goal": column.goal, "goal_from": column.goal_from, "best_mark": mark, "best_title": title}
    return facts


def _links(links: Sequence[str]) -> list[Any]:
    """Split the addresses of run pages into what they share and what they do not."""
    end = links[0].rindex("/")
    start = links[0].rindex("/", 0, end) + 1
    before, after = links[0][:start], links[0][end:]
    return [before, after, [link[len(before) : len(link) - len(after)] for link in links]]
