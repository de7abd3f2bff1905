"""From the address that a browser asks for to a file of the built site, and to nothing else.

The site's own list of its files decides: what it does not name is not there. So no spelling of a path leads out of the
site, no folder is ever listed, and what else lies in the folder is never served. Two more steps guard the list itself:
a path is decoded once and must be one that runsite could have written; and a file, or a folder on the way, that has
become a symbolic link is not followed.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from runsite.signatures import Signature, signature
from runsite.site.written import LIST_FILE, SITE_FILE, listed_paths, may_be_ours

INDEX = "index.html"
# A link is not followed, and a pipe not waited for.
_PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of the site, open for reading."""

    path: str
    """In the site, with `/`."""
    stream: BinaryIO
    size_bytes: int
    tag: str
    """Equal only while the content is."""


def site_path(address: str) -> str | None:
    """Decode the address below the site's root; None if no file of a site can be called so. "" is the root."""
    raw = address.partition("?")[0].partition("#")[0]
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return path if not path or may_be_ours(path) else None


class SiteFiles:
    """The files of a site, as its own list names them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list_file = folder / LIST_FILE
        self._known: tuple[Signature, frozenset[str]] = (None, frozenset())
        """What the list says, and its file as it was before that was read: one value, for several threads ask."""

    def paths(self) -> frozenset[str]:
        """Return the paths of all files, as the list on the disk has them now."""
        now = signature(self._list_file)
        seen, paths = self._known
        if now != seen or now is None:
            listed = listed_paths(self.folder)
            paths = frozenset(() if listed is None else (*listed, SITE_FILE))
            self._known = now, paths
        return paths

    def find(self, path: str) -> str | None:
        """Return the path of the file that is meant, a folder being its index page; None if there is none."""
        meant = path + INDEX if path == "" or path.endswith("/") else path
        return meant if meant in self.paths() else None

    def is_folder(self, path: str) -> bool:
        """Tell whether a page lies one slash further on."""
        return f"{path}/{INDEX}" in self.paths()

    def has_site(self) -> bool:
        """Tell whether there is a site; while the first build puts it into place there is none yet."""
        return (self.folder / INDEX).is_file()

    def open(self, path: str) -> OpenFile | None:
        """Open a file of the site; None if it is not there, or is no file, or is reached through a link."""
        file = self.folder / path
        try:
            if file.parent.resolve(strict=True) != self.folder.resolve(strict=True).joinpath(path).parent:
                return None
            descriptor = os.open(file, _PLAIN)
        except OSError:
            return None
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            return None
        tag = f'"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"'
        return OpenFile(path, os.fdopen(descriptor, "rb"), found.st_size, tag)
