"""Builds of one folder take turns: two that write at once would leave pages of the one beside data of the other.

Who comes second waits until the first is done, and then finds out what is left to do. What is locked is the folder
above the site, because the site may not be there yet: so builds of two sites that lie side by side take turns too, and
no file is left behind. The system lets go of the lock when a process ends, however it ends. Where it has no such locks
(Windows, some network disks) nothing is waited for: the next build repairs what two at once may have left.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from runsite.errors import OutputError
from runsite.reporter import Reporter

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module or nothing

TICK_SECONDS = 0.05
# An hour: longer than any build we know of.
MAX_TICKS = 72_000


@contextlib.contextmanager
def in_turn(output: Path, reporter: Reporter) -> Iterator[None]:
    """Wait until no other process builds into a folder, and keep others waiting until this is left."""
    descriptor = _open(output.absolute().parent)
    if descriptor is None:
        yield
        return
    try:
        if not _lock(descriptor):
            reporter.message(f"{output}: another build is writing here; waiting for it")
            _wait(descriptor, output, reporter)
        yield
    finally:
        os.close(descriptor)


def _open(folder: Path) -> int | None:
    """Open the folder to be locked; None where that cannot be."""
    try:
        return None if fcntl is None else os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # no locks on this disk
        return True
    return True


def _wait(descriptor: int, output: Path, reporter: Reporter) -> None:
    for _ in reporter.progress(range(MAX_TICKS), label="Waiting for another build", total=MAX_TICKS):
        if _lock(descriptor):
            return
        time.sleep(TICK_SECONDS)
    raise OutputError(output, "another build has been writing here for an hour", "end it, or use -o")
