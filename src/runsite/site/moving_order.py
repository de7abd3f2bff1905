"""In which order files go into place, so that a reader who crawls meanwhile meets no link to what is not there yet.

Whatever replaces a file may already link to what is new, so all that is new comes first. Nobody is led to it before
that; only among themselves new files link to what comes later (a run to its parent, each page to the index), and in a
first build nobody finds the site before its index, which is the last of them. Of new pages those deepest down come
first: a run's before its experiment's before the index. Data come before the pages that load them, and those that
others name (shards) before the table that names them, which their paths see to. What is removed goes the other way
round, after all that.
"""

from collections.abc import Collection

from runsite.site.written import PAGE_ENDINGS

_INDEX = "index.html"


def moving_order(paths: Collection[str], *, there: Collection[str]) -> list[str]:
    """Sort the files that are put into place; `there` are those that take the place of another."""
    new = [path for path in paths if path not in there]
    new.sort(key=lambda path: (path.endswith(PAGE_ENDINGS), -path.count("/"), path == _INDEX, path))
    return [*new, *sorted(there, key=lambda path: (path.endswith(PAGE_ENDINGS), path))]
