"""What a process that builds the same site again and again keeps in memory, beside the cache.

To compile the templates of one page takes ten times as long as to print it; to read the status of 40,000 files from the
cache as long as to look at them. What is kept is as much a short cut as the cache is, and is held against it.
"""

import os
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from runsite.build.status import Remembered, code_signature, decode_statuses, is_as_it_was
from runsite.cache import open_cache
from runsite.signatures import Signature, lasting, signature

if TYPE_CHECKING:  # an up-to-date build needs no theme
    from runsite.themes import CompiledTemplates, Theme


class Kept:
    """A compiled theme as long as its files are as they were, and what the last build looked at."""

    def __init__(self) -> None:
        self._theme: Theme | None = None
        self._made_of: tuple[str | Path, Path | None, Mapping[str, str]] | None = None
        self._files: dict[str, Signature] = {}
        self._last: bytes | None = None
        """Of the build whose inputs are kept."""
        self._inputs: dict[str, Signature] = {}
        self.code_signature = cache(code_signature)
        """Of the code that runs: what is edited meanwhile is not part of it."""

    def theme(
        self,
        place: str | Path,
        own: Path | None,
        *,
        made_assets: Mapping[str, str],
        compiled: "CompiledTemplates | None" = None,
        versions: Mapping[str, str] | None = None,
    ) -> "Theme":
        """Return the theme that lies there, the project's own folder before it.

        `compiled` remembers its templates; `versions` are those of its static files, if these are as they were.
        """
        made_of = (place, own, dict(made_assets))
        if self._theme is None or self._made_of != made_of or not is_as_it_was(self._files):
            from runsite.themes import Theme  # see the top

            began_ns = time.time_ns()
            self._theme = Theme.load(
                place, project_folder=own, made_assets=made_assets, compiled=compiled, versions=versions
            )
            self._made_of = made_of
            # Its templates are read when they are first printed: what is as old as that is looked at again.
            self._files = {str(file): lasting(signature(file), began_ns=began_ns) for file in self._theme.places()}
        return self._theme

    def changed_inputs(self, output: Path, folder: Path | None) -> dict[str, Signature] | None:
        """Look at all inputs of the last build; return those that changed as they are, None if none is remembered."""
        with open_cache(folder) as blobs:
            remembered = Remembered(blobs, output)
            last = remembered.get("last")
            if last is not None and last != self._last:
                buckets = remembered.get_all("inputs/").values()
                self._inputs = {path: old for content in buckets for path, old in decode_statuses(content).items()}
            self._last = last
        if last is None:
            return None
        return {path: signature(path) for path, old in self._inputs.items() if _may_differ(path, old)}


def _may_differ(path: str, old: Signature) -> bool:
    """Compare times alone, without the objects that a signature costs: of 40,000 files every few seconds."""
    try:
        found = os.stat(path)  # noqa: PTH116  # a Path would cost as much as the call
    except (OSError, ValueError):
        return old is not None
    return old is None or found.st_mtime_ns != old[1] or found.st_ctime_ns != old[3]
