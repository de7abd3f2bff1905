"""Which disks tell of every change that is made to them: where one does not, somebody else's writing goes unheard.

A network disk tells of what this machine writes and of nothing else; so do folders that a virtual machine or a
container shares with its host. The kernel's own disks are named one by one, and whatever is not named tells nothing:
there everything is looked at more often, which is slower and never wrong.
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

MOUNTS = Path("/proc/self/mountinfo")
TELLING = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "f2fs", "jfs", "nilfs2", "reiserfs", "tmpfs", "zfs"}
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """A disk, and the folder that it is seen at."""

    folder: str
    kind: str


def read_mounts(file: Path = MOUNTS) -> list[Mount]:
    """List the disks of this machine, as far as it says; none where it does not."""
    try:
        lines = file.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    return [mount for line in lines if (mount := _mount(line)) is not None]


def _mount(line: str) -> Mount | None:
    # "36 35 98:0 /root /mount\040point options - ext4 /dev/vda rw"; between options and "-" stand any number of fields.
    where, _, what = line.partition(" - ")
    fields = where.split(" ")
    if len(fields) < 5 or not what:
        return None
    return Mount(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4]), what.split(" ")[0])


def tell_all(folders: Iterable[Path], mounts: Sequence[Mount]) -> bool:
    """Tell whether folders, with all that lies in them, are on disks that tell of every change."""
    places = [os.path.realpath(folder) for folder in folders]
    return all(kinds and kinds <= TELLING for kinds in (_kinds(place, mounts) for place in places))


def _kinds(place: str, mounts: Sequence[Mount]) -> set[str]:
    """Return the kinds of the disk that a folder lies on and of those that are seen below it."""
    above = [mount for mount in mounts if _is_within(place, mount.folder)]
    # Of two that are mounted at one folder the later one hides the other.
    nearest = max(reversed(above), key=lambda mount: len(mount.folder), default=None)
    below = {mount.kind for mount in mounts if mount.folder != place and _is_within(mount.folder, place)}
    return set() if nearest is None else {nearest.kind, *below}


def _is_within(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder.rstrip('/')}/")
