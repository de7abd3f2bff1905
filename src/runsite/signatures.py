"""Tell from a file's or folder's status, without opening it, that it is as it was.

A file is unchanged if size, mtime, inode and ctime are; a folder's listing if its mtime, inode and ctime are: its mtime
can be set back (`touch -d`, rsync), its ctime cannot. That proves nothing of what was written in the same tick of the
clock as the build that looked, or later: a second write would leave the times as they are. So a signature counts only
if its times lie before that build began (git judges its index in the same way); else it is kept as one that equals
none, and the next build looks closer. Times in the future, after a clock was set back, never count.
"""

import os
import stat

Signature = tuple[int, int, int, int] | None
"""Size (-1 of a folder), mtime and inode, ctime; None of what is not there."""
FOLDER_SIZE = -1
NEVER = (-2, 0, 0, 0)
"""Equals the signature of no file."""

# The kernel stamps files with a clock that ticks every 1 to 10 ms.
_TICK_NS = 20_000_000
# Disks that keep whole seconds only, FAT even every other one.
_COARSE_TICK_NS = 2_000_000_000
_SECOND_NS = 1_000_000_000
# Some disks number inodes with all 64 bits.
_MAX = 2**63 - 1


def signature(path: str | os.PathLike[str]) -> Signature:
    """Look at a file or folder; through a link, if it is one."""
    try:
        found = os.stat(path)  # noqa: PTH116  # a Path would cost as much as the call
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(found.st_mode):
        return FOLDER_SIZE, found.st_mtime_ns, found.st_ino & _MAX, found.st_ctime_ns
    return found.st_size, found.st_mtime_ns, found.st_ino & _MAX, found.st_ctime_ns


def is_written_since(found: Signature, *, began_ns: int, now_ns: int) -> bool:
    """Tell whether a file or folder was written since then, or so shortly before that its times do not tell.

    What is gone tells nothing; the folder that it lay in does.
    """
    if found is None:
        return False
    _, changed, _, touched = found
    return began_ns - _tick_of(changed) <= changed <= now_ns or began_ns - _TICK_NS <= touched <= now_ns


def lasting(found: Signature, *, began_ns: int) -> Signature:
    """Return a signature that a build which began then may keep: NEVER if its times are too young to prove anything."""
    if found is None:
        return None
    _, changed, _, touched = found
    return found if changed < began_ns - _tick_of(changed) and touched < began_ns - _TICK_NS else NEVER


def _tick_of(time_ns: int) -> int:
    return _TICK_NS if time_ns % _SECOND_NS else _COARSE_TICK_NS
