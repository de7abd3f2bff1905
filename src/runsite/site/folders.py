"""Folders of the output: made with those above them, told from links to folders, removed once they are empty."""

import stat
from pathlib import Path


def make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder, and note which were made on the way, outermost first."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except FileNotFoundError:
        make_folder(folder.parent, made)
        folder.mkdir()
    made.append(folder)


def is_folder(place: Path) -> bool:
    """Tell whether it is a folder itself, not a link to one."""
    try:
        return stat.S_ISDIR(place.lstat().st_mode)
    except OSError:
        return False


def remove_made(made: list[Path]) -> None:
    """Remove folders that were made, innermost first, but for those in which anything lies by now."""
    for folder in reversed(made):
        removed_if_empty(folder)


def removed_if_empty(folder: Path) -> bool:
    """Remove a folder in which nothing lies; tell whether that was so."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
