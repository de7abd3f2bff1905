"""The nouns of run tables: columns with all their values, cells ready to print, the table itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from runsite.model import Goal, GoalFrom, RepeatRule

TableValue = bool | int | float | str | None
"""What a column hands to the browser; sort_order says how such values stand in order."""
Kind = Literal["text", "number", "status", "time", "duration", "param", "link", "curve"]
Group = Literal["run", "metric", "param", "tag"]
Block = Literal["rows", "more"]
"""Which data script holds a column: that which every page loads, or that which is loaded when it is asked for."""
LARGE_INTEGER = re.compile(r"-?[0-9]{16,300}")
"""A whole number beyond 2^53, which travels as text."""
Aggregate = Literal["best", "last", "min", "max", "mean", "first", "at best", "curve"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a run table, whole."""

    id: str
    label: str
    group: Group
    kind: Kind
    values: tuple[TableValue, ...]
    """One for each run, in the order of the table."""
    shown: bool = False
    aggregate: Aggregate | None = None
    goal: Goal | None = None
    goal_from: GoalFrom | None = None
    unit: str | None = None
    best_value: TableValue = None
    """The value that is marked in each cell that holds it; None when nothing is."""
    descending_first: bool = False
    """Whether the first click sorts greatest first: so that the best, or the newest, is on top."""
    is_numeric: bool = False
    """Whether its values line up as figures do: numbers, durations, params that are numbers or null."""
    block: Block = "rows"
    metric: str | None = None
    step_metric: str | None = None
    """The metric that its curve was declared to stand on."""
    anchor: str | None = None
    """Of a column "at best": the metric at whose best step the values were logged."""
    distances: tuple[TableValue, ...] = ()
    """Of a column "at best": how many steps from the anchor's best the value was logged; empty where always 0."""


@dataclass(frozen=True, slots=True)
class Swatch:
    """The colour and dash pattern of a run's line."""

    colour: int
    dash: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, ready to print."""

    kind: str
    text: str
    value: str = ""
    """What it is sorted by, as text; empty when missing."""
    title: str = ""
    href: str = ""
    """Path in the site."""
    is_numeric: bool = False
    classes: str = ""
    """CSS classes that line up decimal points."""
    best: str = ""
    """The mark of the best value of its column."""
    best_title: str = ""
    glyph: str = ""
    status: str = ""
    diverged: bool = False
    swatch: Swatch | None = None


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """The header of a column, ready to print."""

    id: str
    label: str
    detail: str
    """A second line that tells columns of one name apart: "best ▲", "param", "UTC"."""
    title: str
    kind: str
    sort: str
    """aria-sort; empty for a column that the rows are not sorted by."""
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run without a recorded end: what the reader's clock needs to judge it."""

    row: int
    last_time: float | None
    stalled_at: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as HTML prints it."""

    cells: tuple[Cell, ...]
    is_best: bool


@dataclass(frozen=True, slots=True)
class RunTable:
    """An experiment's runs as a table: whole columns, and the first rows as cells."""

    experiment: str
    row_count: int
    note: str
    """What HTML holds: "50 best of 300 by val/acc"."""
    order_note: str
    """Why the rows stand as they do: "best first by val/acc (higher is better, declared in the logs)"."""
    columns: tuple[Column, ...]
    """Shown ones first, in their order; the name is the first of all."""
    header: tuple[HeaderCell, ...]
    rows: tuple[Row, ...]
    """The first 50, with a cell for each shown column."""
    links: tuple[str, ...]
    """Path in the site of each run's page."""
    parents: tuple[str | None, ...]
    """For each run the key of its parent."""
    parent_rows: tuple[int | None, ...]
    """For each run the row of its parent, if the parent is in this table."""
    keys: tuple[str, ...]
    """`<experiment>/<id>` of each run."""
    repeats: tuple[str, ...]
    """For each run the key that it shares with the repeats of its configuration (see summaries/repeats)."""
    repeat_rule: RepeatRule
    swatches: Mapping[int, Swatch]
    """Row of a drawn run -> the colour and dash of its line."""
    diverged: frozenset[int]
    without_series: frozenset[int]
    """Runs that logged no metric, so that there is no curve to load."""
    open_runs: Mapping[int, OpenRun]
    best_row: int | None
    sorted_by: str
    """Id of the column that orders the rows, with `-` before it when greatest first."""
    unknown_columns: tuple[str, ...] = ()
    """What the settings ask for and no run has."""
    baseline: str | None = None
    """Key of the run that the settings compare others with."""

    @property
    def shown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.shown)


def lines_up(kind: Kind, values: Iterable[TableValue]) -> bool:
    """Tell whether a column's values line up as figures do."""
    if kind != "param":
        return kind in ("number", "duration")
    present = [value for value in values if value is not None and value != "null"]
    return bool(present) and all(map(_is_figure, present))


def _is_figure(value: TableValue) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and LARGE_INTEGER.fullmatch(value) is not None)
