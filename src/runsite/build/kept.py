"""What a process that builds the same site again and again keeps in memory, beside the cache: a compiled theme.

To compile the templates of one page takes ten times as long as to print it.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runsite.build.status import is_as_it_was
from runsite.signatures import Signature, lasting, signature

if TYPE_CHECKING:  # an up-to-date build needs no theme
    from runsite.themes import Theme


class Kept:
    """A compiled theme, as long as its files are as they were."""

    def __init__(self) -> None:
        self._theme: Theme | None = None
        self._made_of: tuple[str | Path, Path | None, Mapping[str, str]] | None = None
        self._files: dict[str, Signature] = {}

    def theme(self, place: str | Path, own: Path | None, made_assets: Mapping[str, str]) -> "Theme":
        """Return the theme that lies there, the project's own folder before it."""
        made_of = (place, own, dict(made_assets))
        if self._theme is None or self._made_of != made_of or not is_as_it_was(self._files):
            from runsite.themes import Theme  # see the top

            began_ns = time.time_ns()
            self._theme, self._made_of = Theme.load(place, project_folder=own, made_assets=made_assets), made_of
            # Its templates are read when they are first printed: what is as old as that is looked at again.
            self._files = {str(file): lasting(signature(file), began_ns=began_ns) for file in self._theme.places()}
        return self._theme
