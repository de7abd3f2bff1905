"""Say where the run store is: one rule for training code and for the command line.

An argument; else the variable RUNSITE_STORE; else the folder of the nearest runsite.toml, upward from the working
directory; else `runs/` at the root of the Git repository; else `./runs`. Jobs change their working directory and
commands are typed anywhere in a repository, so the rule looks upward before it settles for here.
"""

from collections.abc import Mapping
from pathlib import Path

SETTINGS_FILE = "runsite.toml"
STORE_VARIABLE = "RUNSITE_STORE"
DEFAULT_STORE = "runs"


def find_store(argument: str | Path | None, *, cwd: Path, environ: Mapping[str, str]) -> Path:
    """Return the store's folder, absolute, whether or not it exists."""
    named = argument if argument is not None else environ.get(STORE_VARIABLE)
    if named:
        return cwd.absolute() / Path(named).expanduser()
    settings = nearest_above(cwd, SETTINGS_FILE)
    if settings is not None:
        return settings
    repository = nearest_above(cwd, ".git")
    return (repository or cwd.absolute()) / DEFAULT_STORE


def nearest_above(folder: Path, name: str) -> Path | None:
    """Return the nearest folder, from `folder` upward, that holds an entry called `name`."""
    folder = folder.absolute()
    return next((place for place in (folder, *folder.parents) if (place / name).exists()), None)
