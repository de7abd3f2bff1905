"""From bytes to a Run: `log_lines` frames a file, `log_part` folds it, `columns` makes series, `run` joins files."""

from runsite.readers.run import read_run
from runsite.readers.store_runs import list_stores, read_runs

__all__ = ["list_stores", "read_run", "read_runs"]
