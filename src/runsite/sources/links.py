"""The folders of a store that say where a symbolic link leads.

A link that comes in the place of one of them leads a file elsewhere, out of the store maybe. It changes neither what is
seen of the file nor of the first link: only the folder above it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

# As many as Linux follows.
_MAX_LINKS = 40


def folders_on_the_way(
    path: Path, resolved_store: Path, *, resolve: Callable[[Path], Path] = Path.resolve
) -> list[Path]:
    """List the folders of a store that say where a path leads; none if it leads nowhere."""
    try:
        folders = {resolve(each) for place in (path, *_linked_places(path)) for each in place.parents}
    except (OSError, ValueError, RuntimeError):
        return []
    return sorted(folder for folder in folders if folder.is_relative_to(resolved_store))


def _linked_places(path: Path) -> Iterator[Path]:
    """Yield where a path leads, one link further each time."""
    for _ in range(_MAX_LINKS):
        link = next((each for each in (*reversed(path.parents), path) if each.is_symlink()), None)
        if link is None:
            return
        path = link.parent / link.readlink() / path.relative_to(link)
        yield path
