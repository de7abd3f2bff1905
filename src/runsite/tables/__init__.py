"""Tables of runs: which columns they have, what stands in their cells, and in which order.

    run_table      an experiment as a RunTable: columns with all values, and the first 50 rows as cells
    script         the same as a data script, for the browser
    sort_order     in which order values stand (a twin)
    text_table     the table in a terminal
    run_text       one run, its metrics and the registered models in a terminal
    terminal       plain text that lines up, and cannot steer the terminal

`templates/parts/run_table.html` prints a RunTable. It wants `table` and `table_src`, the address of the data script
relative to the page, with its `?v=`. `table_view.js` and `table.js` (after state, format, clock and sort_order) take
the printed table over.
"""

from runsite.tables.model import Cell, Column, HeaderCell, Row, RunTable
from runsite.tables.run_table import run_table
from runsite.tables.script import table_script

__all__ = ["Cell", "Column", "HeaderCell", "Row", "RunTable", "run_table", "table_script"]
