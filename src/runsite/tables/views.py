"""The views that the settings name: links to a table with another filter, order, columns or groups.

A view stands as a tab over each table that has all the columns it names. Its names are what a person would write
(`val/acc`, `lr`); in its link they are column ids.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from runsite.config import View
from runsite.errors import FilterError, RunsiteError
from runsite.tables.filter_grammar import parse_filter
from runsite.tables.filter_names import UnknownName, resolve_names
from runsite.tables.model import Column
from runsite.tables.run_table import find_column

REPEATS = "repeats"
"""The group of all runs that are the same but for the seed."""
Fragment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as a table's tab."""

    name: str
    fragment: Fragment
    """View state by name, as the address holds it."""


def view_links(views: Sequence[View], columns: Mapping[str, Column]) -> list[ViewLink]:
    """Make the tabs of a table with these columns; RunsiteError for a view whose filter cannot be read."""
    return [ViewLink(view.name, fragment) for view in views if (fragment := _fragment(view, columns)) is not None]


def unknown_names(view: View, columns: Mapping[str, Column]) -> list[str]:
    """List what a view names and no run has."""
    named = [*view.columns, *(name for name in view.group if name != REPEATS)]
    return [
        *(unknown.name for unknown in _unknown_in_filter(view, columns)),
        *(key for key in view.sort if sort_id(key, columns) is None),
        *(name for name in named if find_column(name, columns) is None),
    ]


def _fragment(view: View, columns: Mapping[str, Column]) -> Fragment | None:
    if unknown_names(view, columns):
        return None
    sort = [sort_id(key, columns) for key in view.sort]
    shown = [find_column(name, columns) for name in view.columns]
    group = [name if name == REPEATS else find_column(name, columns) for name in view.group]
    parts = {
        "filter": view.filter,
        "sort": join_ids([id for id in sort if id]),
        "columns": join_ids([id for id in shown if id]),
        "group": join_ids([id for id in group if id]),
        "charts": join_ids(view.charts),
    }
    return {name: text for name, text in parts.items() if text}


def _unknown_in_filter(view: View, columns: Mapping[str, Column]) -> list[UnknownName]:
    try:
        return resolve_names(parse_filter(view.filter), columns)
    except FilterError as error:
        raise RunsiteError(f'runsite.toml: [views."{view.name}"] {error}') from error


def sort_id(key: str, columns: Mapping[str, Column]) -> str | None:
    """Find the id of the column that a person sorts by, with `-` before it when greatest first."""
    sign = "-" if key.startswith("-") and key not in columns else ""
    found = find_column(key.removeprefix(sign), columns)
    return None if found is None else sign + found


def join_ids(ids: Collection[str]) -> str:
    """Write ids as one list for an address; a comma within one is escaped, as static/table_state.js reads it."""
    return ",".join(id.replace("%", "%25").replace(",", "%2C") for id in ids)


def split_ids(text: str) -> list[str]:
    """Read what `join_ids` writes."""
    return [id.replace("%2C", ",").replace("%25", "%") for id in text.split(",")] if text else []
