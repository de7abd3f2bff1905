"""The error for a name that nothing has: it says which name was probably meant."""

import difflib
from collections.abc import Collection

from runsite.errors import RunsiteError

MAX_LISTED = 10


def unknown_name(problem: str, wanted: str, known: Collection[str]) -> RunsiteError:
    """Make the error; `problem` is its first half: "no run has a metric 'val/ac'"."""
    return RunsiteError(f"{problem}; {nearest_hint(wanted, known)}")


def nearest_hint(wanted: str, known: Collection[str]) -> str:
    """Ask for the nearest known name, or list the known ones where none is near."""
    near = difflib.get_close_matches(wanted, sorted(known), n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    listed = ", ".join(sorted(known)[:MAX_LISTED]) + (", …" if len(known) > MAX_LISTED else "")
    return f"there is {listed or 'none'}"
