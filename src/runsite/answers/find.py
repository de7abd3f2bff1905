"""Which run somebody means: an id, a unique beginning of one, or experiment/id."""

from collections.abc import Sequence

from runsite.errors import RunNotFoundError
from runsite.shown_names import shown_name
from runsite.sources import RunFolder


def find_run(wanted: str, folders: Sequence[RunFolder]) -> RunFolder:
    """Return the one run that answers to the words; RunNotFoundError for none or several."""
    words = shown_name(wanted.rstrip("/"))
    exact = [folder for folder in folders if words in (str(folder.key), folder.key.run)]
    begun = [folder for folder in folders if folder.key.run.startswith(words) or str(folder.key).startswith(words)]
    found = exact or begun
    if len(found) != 1 or not words:
        raise RunNotFoundError(wanted, tuple(str(folder.key) for folder in found))
    return found[0]
