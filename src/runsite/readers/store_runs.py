"""Read the runs of several stores, one after the other, so that no more than one run's columns are held."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from runsite.errors import StoreError
from runsite.model import Run, RunKey
from runsite.readers.run import read_run
from runsite.sources import RunFolder, StoreListing, list_store


def list_stores(paths: Sequence[Path]) -> list[StoreListing]:
    """List stores that are read together; StoreError if two of them hold a run of the same key."""
    listings = [list_store(path) for path in dict.fromkeys(paths)]
    seen: dict[RunKey, Path] = {}
    for listing in listings:
        for folder in listing.runs:
            if folder.key in seen:
                other = seen[folder.key]
                raise StoreError(folder.path, f"{other} is also run {folder.key}", "rename one or build them apart")
            seen[folder.key] = folder.path
    return listings


def read_runs(folders: Iterable[RunFolder]) -> Iterator[tuple[RunFolder, Run]]:
    """Read runs in the order given; one that went away meanwhile is left out."""
    for folder in folders:
        run = read_run(folder)
        if run is not None:
            yield folder, run
