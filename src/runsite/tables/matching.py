"""Which runs of several experiments a filter means.

Each experiment is judged by the columns of its own table, as on its page: what it lacks is missing in all of its runs.
A name that no experiment has is refused, because it is a slip; what every run may have, such as a parent, is no slip
where none has it.
"""

from collections.abc import Iterable, Mapping, Sequence

from runsite.errors import FilterError
from runsite.tables.filter_grammar import PREFIXES, Filter, read_path
from runsite.tables.filter_names import RUN_FIELDS, UnknownName, quote_name, resolve_names
from runsite.tables.filter_rows import filter_rows
from runsite.tables.model import Column

MAX_LISTED = 10
Columns = Mapping[str, Column]
"""The columns of an experiment's table by id, whole."""


def matching_rows(filter: Filter, tables: Sequence[Columns]) -> list[list[int]]:
    """List for each experiment the rows that a filter lets through; FilterError for a name that no experiment has."""
    known = {id: column for table in tables for id, column in table.items()}
    for unknown in resolve_names(filter, {*known, *RUN_FIELDS}):
        problem = f"no run has {unknown.name!r}; {_hint(unknown, filter, known)}"
        raise FilterError(filter.text, unknown.start, unknown.end, problem)
    return [filter_rows(filter, table, len(table["name"].values)) for table in tables]


def _hint(unknown: UnknownName, filter: Filter, known: Columns) -> str:
    """Ask for the nearest name, alone if the unknown one stands alone; else list what there is."""
    if unknown.name.partition(".")[0] in PREFIXES:
        nearest = unknown.nearest and quote_name(unknown.nearest)
    else:
        alone = {column.metric or column.label for column in known.values()} | set(RUN_FIELDS)
        found = next(each for each in resolve_names(filter, alone) if each.start == unknown.start)
        nearest = found.nearest and _quoted_if_need_be(found.nearest)
    return f"did you mean {nearest}?" if nearest else _known_words(known.values())


def _quoted_if_need_be(name: str) -> str:
    path = read_path(name)
    return name if path is not None and path.text == name else quote_name(name)


def _known_words(columns: Iterable[Column]) -> str:
    names = sorted({column.metric or column.label for column in columns})
    return f"there is {', '.join(names[:MAX_LISTED]) or 'none'}{', …' if len(names) > MAX_LISTED else ''}"
