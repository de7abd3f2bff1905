"""Say who writes an event: git's user.name, never an e-mail address."""

from pathlib import Path

from runsite.errors import RegistryError
from runsite.recorder.names import check_name
from runsite.recorder.source import ask_git


def author(by: str | None, *, store: Path) -> str:
    """Return who acts; raise RegistryError if nobody said and Git does not know."""
    if by is not None:
        return check_name(by, "author")
    place = next(folder for folder in (store, *store.parents) if folder.is_dir())
    name = (ask_git(place, "config", "user.name") or "").strip()
    if not name:
        raise RegistryError("who does this? say by=, or set git's user.name")
    return name
