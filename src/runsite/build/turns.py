"""Builds of one folder take turns: two that write at once would leave pages of the one beside data of the other.

Who comes second waits until the first is done, and then finds out what is left to do. What is locked is the folder
above the site, because the site may not be there yet: so builds of two sites that lie side by side take turns too, and
no file is left behind. Windows locks files and no folders: there it is an empty file in the user's folder of temporary
files, named by a digest of that folder, so that two users of one folder do not wait for each other. The system lets go
of the lock when a process ends, however it ends; a worker that it forked, which may end later, lets go of it at once.
Where there are no locks (some network disks) nothing is waited for: the next build repairs what two at once may have
left.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from runsite.errors import OutputError
from runsite.reporter import Reporter
from runsite.site.folders import make_folder, remove_made

TICK_SECONDS = 0.05
# An hour: longer than any build we know of.
MAX_TICKS = 72_000
# A folder may go between being made, opened and locked, as often as a first build beside ours fails.
_TRIES = 10


def _module(name: str) -> Any:
    """Import a module that not every system has; None where there is none."""
    try:
        return import_module(name)
    except ImportError:
        return None


fcntl, msvcrt = _module("fcntl"), _module("msvcrt")

# What this process holds: it is the process that forks, in whatever thread.
_held: set[int] = set()


def _let_go() -> None:
    while _held:
        os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


@contextlib.contextmanager
def in_turn(output: Path, reporter: Reporter) -> Iterator[None]:
    """Wait until no other process builds into a folder, and keep others waiting until this is left."""
    folder = Path(os.path.realpath(output)).parent
    with contextlib.ExitStack() as turn:
        made: list[Path] = []
        for _ in range(_TRIES):
            descriptor = _open(folder, made)
            if descriptor is None:
                continue
            turn.callback(_close, descriptor)
            if not _lock(descriptor):
                reporter.message(f"{output}: another build is writing here; waiting for it")
                _wait(descriptor, output, reporter)
            if _is_of(descriptor, folder):
                break
        turn.callback(remove_made, made)  # which comes before the lock is let go
        yield


def _open(folder: Path, made: list[Path]) -> int | None:
    """Open what is locked for a folder, which is made if need be; None where that cannot be."""
    with contextlib.suppress(OSError):
        if fcntl is not None:
            make_folder(folder, made)
            return _hold(os.open(folder, os.O_RDONLY))
        if msvcrt is not None and "TEMP" in os.environ:
            return _hold(os.open(_lock_file(folder), os.O_RDWR | os.O_CREAT))
    return None


def _hold(descriptor: int) -> int:
    _held.add(descriptor)
    return descriptor


def _close(descriptor: int) -> None:
    _held.discard(descriptor)
    os.close(descriptor)


def _is_of(descriptor: int, folder: Path) -> bool:
    """Tell whether what was locked is still the folder of that name."""
    try:
        return fcntl is None or os.path.samestat(os.fstat(descriptor), folder.stat())
    except OSError:
        return False


def _lock_file(folder: Path) -> Path:
    digest = hashlib.sha256(os.path.normcase(folder.resolve()).encode()).hexdigest()[:16]
    return Path(os.environ["TEMP"]) / f"runsite-{digest}.lock"


def _lock(descriptor: int) -> bool:
    """Tell whether the turn is ours now."""
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except BlockingIOError:
        return False
    except PermissionError:  # how Windows says that it is locked
        return fcntl is not None
    except OSError:  # no locks on this disk
        return True
    return True


def _wait(descriptor: int, output: Path, reporter: Reporter) -> None:
    for _ in reporter.progress(range(MAX_TICKS), label="Waiting for another build", total=MAX_TICKS):
        if _lock(descriptor):
            return
        time.sleep(TICK_SECONDS)
    raise OutputError(output, "another build has been writing here for an hour", "end it, or use -o")
