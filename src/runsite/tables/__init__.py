"""Tables of runs: which columns they have, what stands in their cells, and in which order.

    run_table      an experiment as a RunTable: columns with all values, and the first 50 rows as cells
    all_runs       the same over all experiments
    script         a table as data scripts, for the browser
    run_files      a table as CSV and JSON, for programs
    views          links to a table as the settings name them
    sort_order     in which order values stand (a twin)
    filter_…       which runs a filter means (a twin)
    matching       which runs of several experiments a filter means
    group_…        figures over repeats, and what they say about a difference (a twin)
    text_table     the table in a terminal
    run_text       one run, its metrics and the registered models in a terminal
    terminal       plain text that lines up, and cannot steer the terminal

`templates/parts/run_table.html` prints a RunTable. It wants `table`, `table_name` and `table_src`, the address of the
data script relative to the page, with its `?v=`. The scripts of `parts/table_scripts.html` take the printed table over.
"""

from runsite.tables.all_runs import ALL_RUNS, all_runs_table
from runsite.tables.model import Cell, Column, HeaderCell, Row, RunTable
from runsite.tables.run_table import run_table, without_values

__all__ = [
    "ALL_RUNS",
    "Cell",
    "Column",
    "HeaderCell",
    "Row",
    "RunTable",
    "all_runs_table",
    "run_table",
    "without_values",
]
