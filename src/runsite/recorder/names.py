"""Say which names a recorder may write, and which folder an experiment or a run gets.

Params, metrics, tags and datasets may be called anything that holds no control character. Experiments and runs are
folders too, so their names must stay inside the store, on every disk, and must not hide from whoever lists it.
"""

import re
from pathlib import Path

from runsite.errors import RecordError
from runsite.model import RunKey
from runsite.shown_names import quoted

RESERVED_FOLDERS = ("models", "reports")
"""Names at the store's root that mean something else."""
RUN_FILE = "run.jsonl"
ARTIFACTS_FOLDER = "artifacts"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check_name(name: object, kind: str) -> str:
    """Return a name that format 1 allows, or raise RecordError."""
    if not isinstance(name, str):
        raise RecordError(f"{_article(kind)} {kind} name is a string, not {name!r}")
    if not name:
        raise RecordError(f"{_article(kind)} {kind} name cannot be empty")
    if _CONTROL.search(name):
        raise RecordError(f"{kind} name {name!r} holds a control character")
    return name


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def check_experiment(name: object) -> str:
    """Return an experiment's name that is fit for folders of the store, or raise RecordError."""
    name = check_folder_path(name, kind="experiment")
    if name.split("/")[0].lower() in RESERVED_FOLDERS:
        raise RecordError(f"experiment name {name!r}: `models` and `reports` have their own meaning in a store")
    return name


def check_folder_path(name: object, *, kind: str) -> str:
    """Return a name whose parts, split at `/`, can be folders inside the store, or raise RecordError."""
    name = check_name(name, kind)
    if "\\" in name:
        raise RecordError(f"{kind} name {quoted(name)} holds a backslash; nested folders are written with /")
    for part in name.split("/"):
        if part in ("", ".", "..") or part.startswith("."):
            problem = "is absolute or has an empty part" if not part else f"has the part {quoted(part)}"
            raise RecordError(f"{kind} name {quoted(name)} {problem}; it becomes a folder of the store")
    return name


def check_run_id(run_id: object) -> str:
    """Return a run id that can be one folder of its experiment, or raise RecordError."""
    run_id = check_folder_path(run_id, kind="run")
    if "/" in run_id:
        raise RecordError(f"run id {quoted(run_id)} holds a `/`; put that part into the experiment's name")
    return run_id


def refuse_run_as_experiment(store: Path, experiment: str) -> None:
    """Raise RecordError if a folder on the experiment's path is a run: nothing below a run is read as one."""
    folder = store
    for part in experiment.split("/"):
        folder = folder / part
        if (folder / RUN_FILE).exists():
            raise RecordError(f"{folder} is a run; an experiment cannot lie inside it")


def key_of(text: object, *, experiment: str) -> RunKey:
    """Read a run's key from `experiment/id`, or from an id within an experiment."""
    head, slash, run = check_name(text, "run").rpartition("/")
    return RunKey(head if slash else experiment, run)
