"""From bytes to a Run: `log_lines` frames a file, `log_part` folds it, `columns` makes series, `run` joins files."""

from runsite.readers.run import read_run

__all__ = ["read_run"]
