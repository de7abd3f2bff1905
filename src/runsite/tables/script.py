"""A run table as data scripts: its head, and whole columns of all runs in shards.

The head, `receive("table", <experiment, empty for all runs>, …)`:

    row_count, sorted_by, best (key of a run), baseline
    columns      [{"id", "label", "detail", "title", "group", "kind", "is_numeric", "shown", "descending_first",
                 "block"}, …]; those of metrics also have "aggregate" and "metric", those with a goal "goal",
                 "goal_from", "best_mark" and "best_title", those at another metric's best "anchor"; the last
                 values of one that was declared to stand on another "step_metric"
    shards       [[address of the shard's `rows`, of its `more` or null], …], from the site's root
    drawn        [[key, colour, dash], …] of the runs drawn first
    repeats      {"params": [id, …], "ignored": [[param, reason], …]}
    views        [[name, {fragment name: value}], …] of the settings
    glyphs       [[status, glyph], …];  levels: the characters of a curve, least first

A shard holds the runs whose key's sha256 begins with its bits, in the order of their keys, so that one line written
changes one shard, and no shard depends on which other runs there are but for their number. Runs without an end have
shards of their own, small ones, as these change with each line; the others are large, as each is a request. Addresses
have no `?v=`: the head is loaded by pages that must not change with each line. A column that no run of a shard fills
is left out. The `rows` of a shard, `receive("table_rows", <path>, …)`:

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
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runsite.data_script import DataFile, data_script, script_safe
from runsite.site_paths import table_shard
from runsite.status_rule import STATUS_GLYPHS
from runsite.summaries.curve_levels import CURVE_LEVELS
from runsite.tables.cells import best_mark, header_cell
from runsite.tables.columns import cut_text
from runsite.tables.model import Block, Column, RunTable, TableValue

if TYPE_CHECKING:  # brings the language of filters, 20 ms that a line appended need not pay
    from runsite.tables.views import ViewLink


# 512 runs x 40 columns x 7 bytes are 150 KB. More than 64 files take longer to ask for than to read.
MAX_SHARD_ROWS = 512
MAX_SHARD_BITS = 6
# A run of 10 metrics takes 0.5 KB in `rows` and 2.5 KB in `more`: 16 are 48 KB, which leaves 100 KB for its page and
# curves of the 150 KB that one line appended may write.
MAX_OPEN_SHARD_ROWS = 16
ShardPaths = tuple[str, str | None]
"""Where a shard's `rows` and `more` lie in the site."""


def table_shards(table: RunTable) -> Iterator[DataFile]:
    """Write the data of all runs, a `rows` and a `more` for each shard."""
    for name, rows in sharded(table.keys, open_rows=table.open_runs):
        yield from shard_scripts(table, name, rows)


def shard_scripts(table: RunTable, name: str, rows: Sequence[int]) -> Iterator[DataFile]:
    """Write one shard: these rows of a table."""
    early = [column for column in table.columns if column.block == "rows" and column.id != "experiment"]
    late = [column for column in table.columns if column.block == "more"]
    rows_path, more_path = _paths(table.experiment, name, has_more=bool(late))
    yield DataFile(rows_path, data_script("table_rows", rows_path, _rows_payload(table, early, rows)))
    if more_path is not None:
        yield DataFile(more_path, data_script("table_more", more_path, _more_payload(late, rows)))


def shard_paths(table: RunTable) -> tuple[ShardPaths, ...]:
    """List where the shards of an experiment's table lie."""
    has_more = any(column.block == "more" for column in table.columns)
    return shard_paths_of(table.experiment, table.keys, open_rows=table.open_runs, has_more=has_more)


def shard_paths_of(
    experiment: str, keys: Sequence[str], *, open_rows: Container[int], has_more: bool
) -> tuple[ShardPaths, ...]:
    """List where the shards of an experiment's runs lie; `open_rows` are those of runs without an end."""
    return tuple(_paths(experiment, name, has_more=has_more) for name, _ in sharded(keys, open_rows=open_rows))


def table_head(
    table: RunTable,
    path: str,
    *,
    shards: Iterable[ShardPaths],
    views: "Sequence[ViewLink]" = (),
) -> DataFile:
    """Write what a page needs to know of a table before its rows."""
    facts = {
        "row_count": table.row_count,
        "sorted_by": table.sorted_by,
        "best": None if table.best_row is None else table.keys[table.best_row],
        "baseline": table.baseline,
        "columns": [_column_facts(table, column) for column in table.columns],
        "shards": [list(paths) for paths in shards],
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


def sharded(keys: Sequence[str], *, open_rows: Container[int]) -> list[tuple[str, list[int]]]:
    """Part rows into shards, those of runs without an end apart: [(name of the shard, its rows), …], none empty."""
    ended = [row for row in range(len(keys)) if row not in open_rows]
    going_on = [row for row in range(len(keys)) if row in open_rows]
    return [
        *_parted(keys, ended, _bits(len(ended), MAX_SHARD_ROWS, most=MAX_SHARD_BITS), whole="all", before=""),
        *_parted(keys, going_on, _bits(len(going_on), MAX_OPEN_SHARD_ROWS), whole="open", before="open-"),
    ]


def _bits(count: int, rows: int, *, most: int = 32) -> int:
    """Say how many bits of a digest part so many runs into shards of about so many rows."""
    return min(most, max(0, (count - 1) // rows).bit_length())


def _parted(
    keys: Sequence[str], rows: Sequence[int], bits: int, *, whole: str, before: str
) -> list[tuple[str, list[int]]]:
    """Part rows by the first bits of their keys' digests."""
    shards: dict[int, list[int]] = {}
    for row in rows:
        digest = hashlib.sha256(keys[row].encode("utf-8", "surrogatepass")).digest()
        shards.setdefault(int.from_bytes(digest[:4]) >> (32 - bits), []).append(row)
    digits = (bits + 3) // 4
    return [
        (f"{before}{number:0{digits}x}" if bits else whole, sorted(found, key=keys.__getitem__))
        for number, found in sorted(shards.items())
    ]


def _paths(experiment: str, shard: str, *, has_more: bool) -> ShardPaths:
    blocks: tuple[Block, Block] = ("rows", "more")
    rows, more = (table_shard(experiment, block, shard) for block in blocks)
    return rows, more if has_more else None


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
    distances = [(c.id, c.distances) for c in columns if c.distances and any(c.distances[row] for row in rows)]
    return _with_values({}, {"columns": [(c.id, c.values) for c in columns], "distances": distances}, rows)


def _with_values(
    facts: dict[str, Any], columns: Mapping[str, Sequence[tuple[str, Sequence[TableValue]]]], rows: Sequence[int]
) -> bytes:
    """Add the columns that any row fills by their place among the distinct ones, each of which is encoded once."""
    places: dict[bytes, int] = {}
    for name, pairs in columns.items():
        found = ((id, [cut_text(values[row]) for row in rows]) for id, values in pairs)
        filled = ((id, own) for id, own in found if any(value is not None for value in own))
        facts[name] = [[id, places.setdefault(script_safe(own), len(places))] for id, own in filled]
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
    if column.step_metric is not None and column.aggregate == "last":
        facts["step_metric"] = column.step_metric
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
