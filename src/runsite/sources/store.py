"""List a run store: a folder with a run.jsonl is a run, the path to it is its experiment.

No symbolic link to a folder is followed, and a log, description, report or chart that is a link out of the store, or to
anything but a file, is not read, and counted with its reason: what a store may show is what lies in it. Below a run
further runs may lie, but not in its artifacts/, which hold whatever the run logged.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from runsite.errors import StoreError
from runsite.model import Problem, ProblemKind, RunKey
from runsite.shown_names import shown_name
from runsite.signatures import Signature, signature
from runsite.sources.links import folders_on_the_way

LOG_NAME = re.compile(r"run(\..+)?\.jsonl(\.gz)?")
DEFAULT_EXPERIMENT = "default"
"""The experiment of runs that lie in the store's root."""
RESERVED = ("models", "reports")
ARTIFACTS = "artifacts"
CHARTS = "charts"
"""A folder of charts: in the store's root for all experiments, in an experiment's for that one."""
CHART_ENDINGS = (".vl.json", ".py")
# Experiments are three or four folders deep; a disk allows some 2,000, more than Python's stack.
MAX_DEPTH = 64
_NEVER_RUNS = frozenset(
    {"__pycache__", "node_modules", ".git", ".hg", ".venv", ".runsite", ".trash", ".ipynb_checkpoints"}
)
_FOREIGN = (
    ("MLflow", ("mlruns", "meta.yaml", "mlflow.db")),
    ("Weights & Biases", ("wandb", "latest-run")),
    ("Lightning", ("lightning_logs",)),
    ("DVCLive", ("dvclive",)),
    ("Aim", (".aim",)),
)
_FOREIGN_FOLDERS = {marks[0]: tool for tool, marks in _FOREIGN}
FIRST_RUN = """with runsite.start_run("digits") as run: run.log_metrics({"loss": 0.5}, step=0)"""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run's folder and its logs, before any of them is opened."""

    key: RunKey
    path: Path
    store_path: str
    """Relative to the store, with `/`."""
    logs: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of runs."""

    path: Path

    @property
    def name(self) -> str:
        return shown_name(self.path.resolve().name)


@dataclass(slots=True)
class StoreListing:
    """What lies in a store, sorted by path."""

    store: Store
    runs: list[RunFolder] = field(default_factory=list)
    experiments: dict[str, Path] = field(default_factory=dict)
    """experiment.md by experiment."""
    charts: dict[str, list[Path]] = field(default_factory=dict)
    """Files of charts by experiment; under "" those for every experiment."""
    reports: list[Path] = field(default_factory=list)
    passed_over: int = 0
    """Folders that hold no run, neither themselves nor below."""
    foreign: list[str] = field(default_factory=list)
    """Other tools whose logs were seen."""
    folders: dict[str, Signature] = field(default_factory=dict)
    """Each folder that was listed, as it was just before."""
    links: dict[str, Signature] = field(default_factory=dict)
    """What the links among the files lead to, and the folders that say where."""
    problems: list[Problem] = field(default_factory=list)
    """Descriptions, reports and charts that are not read; what is wrong with logs is said with their runs."""

    @property
    def is_empty(self) -> bool:
        """Nothing is here that a site could show."""
        models = self.store.path / "models"
        return not (self.runs or self.experiments or self.reports or (models.is_dir() and _entries(models)))


def list_store(path: Path) -> StoreListing:
    """List a store's runs, experiments and reports; StoreError if it is none."""
    listing = StoreListing(Store(path))
    if path.resolve().name in _FOREIGN_FOLDERS:
        listing.foreign.append(_FOREIGN_FOLDERS[path.resolve().name])
    try:
        _require_store(path)
        _list_folder(path, (), listing)
        listing.reports = sorted(_reports(path / "reports", listing))
    except OSError as error:
        raise StoreError(
            Path(error.filename or path), f"cannot be listed ({error.strerror})", "make it readable or move it away"
        ) from error
    listing.runs.sort(key=lambda run: run.key)
    return listing


def empty_store_error(listing: StoreListing) -> StoreError:
    """Say what an empty store lacks: the line that writes a first run, or a reader for another tool's logs."""
    if not listing.foreign:
        return StoreError(listing.store.path, "no runs yet", f"write the first with: {FIRST_RUN}")
    tool = listing.foreign[0]
    article = "an" if tool[0] in "AM" else "a"
    return StoreError(
        listing.store.path,
        f"this looks like {article} {tool} store; not read yet",
        "docs/recording.md shows how to log with runsite",
    )


def _require_store(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise StoreError(path, "no such store", "give the folder your training code logs to") from None
    except OSError as error:
        raise StoreError(path, f"cannot be read ({error.strerror})", "check the path and its rights") from None
    if not stat.S_ISDIR(mode):
        raise StoreError(path, "is a file, not a store", "give the folder that holds the experiments")
    entries = _entries(path)
    if sum(entry.name in ("site.json", "index.html") and entry.is_file() for entry in entries) == 2:
        raise StoreError(path, "is a built site, not a store", "give the store it was built from")
    if any(map(_is_log, entries)):
        raise StoreError(path, "is a run, not a store", "give the folder above its experiment")


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise StoreError(path, f"cannot be listed ({error.strerror})", "make it readable or move it away") from error


def _noted_entries(path: Path, listing: StoreListing) -> list[os.DirEntry[str]]:
    listing.folders[str(path)] = signature(path)
    try:
        return _entries(path)
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):  # it went away while its store was listed
            return []
        raise


def _list_folder(path: Path, parts: tuple[str, ...], listing: StoreListing) -> bool:
    """List one folder; tell whether a run lies in it or below."""
    if len(parts) > MAX_DEPTH:
        top = listing.store.path / parts[0]
        raise StoreError(top, f"folders nested deeper than {MAX_DEPTH}", "move what is no run out of the store")
    entries = _noted_entries(path, listing)
    if parts and any(entry.name == "experiment.md" and _is_own(entry, listing) for entry in entries):
        listing.experiments["/".join(parts)] = path / "experiment.md"
    if parts and parts[-1] == CHARTS:
        _note_charts(entries, "/".join(parts[:-1]), listing)
    logs = [entry for entry in entries if _is_log(entry)]
    if logs:
        listing.runs.append(_run_folder(path, parts, logs, listing))
        return _list_below_run(entries, parts, listing)
    listing.foreign += [tool for tool in _foreign_tools(entries) if tool not in listing.foreign]
    _note_linked_folders(entries, (CHARTS,) if parts else (CHARTS, "reports"), listing)
    found = False
    for entry in _folders(entries, leave_out=() if parts else RESERVED):
        known = listing.passed_over
        below = _list_folder(Path(entry.path), (*parts, shown_name(entry.name)), listing)
        if not below:
            # A site that was built into the store is left out without a count: the next build must say the same.
            is_ours = entry.name == CHARTS or Path(entry.path, "site-files.json").is_file()
            listing.passed_over = known if is_ours else listing.passed_over + 1
        found |= below
    return found


def _note_charts(entries: list[os.DirEntry[str]], experiment: str, listing: StoreListing) -> None:
    files = [entry for entry in entries if entry.name.endswith(CHART_ENDINGS) and _is_own(entry, listing)]
    if files:
        listing.charts[experiment] = [Path(entry.path) for entry in files]


def _note_linked_folders(entries: list[os.DirEntry[str]], names: tuple[str, ...], listing: StoreListing) -> None:
    for entry in entries:
        if entry.name in names and entry.is_symlink():
            listing.links[entry.path] = signature(entry.path)
            with suppress(OSError):  # it leads round in a circle, or where nobody may look
                if entry.is_dir():
                    _note(entry, "a link to a folder", listing)


def _list_below_run(entries: list[os.DirEntry[str]], parts: tuple[str, ...], listing: StoreListing) -> bool:
    passed_over = listing.passed_over
    for entry in _folders(entries, leave_out=(ARTIFACTS,)):
        _list_folder(Path(entry.path), (*parts, shown_name(entry.name)), listing)
    listing.passed_over = passed_over  # what else lies in a run's folder is the run's own affair
    return True


def _is_log(entry: os.DirEntry[str]) -> bool:
    # A folder or a pipe of that name is none: opening a pipe would wait for ever.
    return bool(LOG_NAME.fullmatch(entry.name)) and (entry.is_symlink() or entry.is_file())


def _folders(entries: list[os.DirEntry[str]], *, leave_out: tuple[str, ...]) -> Iterator[os.DirEntry[str]]:
    for entry in entries:
        if entry.name not in _NEVER_RUNS and entry.name not in leave_out and entry.is_dir(follow_symlinks=False):
            yield entry


def _reports(folder: Path, listing: StoreListing, depth: int = 0) -> Iterator[Path]:
    if depth > MAX_DEPTH or folder.is_symlink() or not folder.is_dir():
        return
    for entry in _noted_entries(folder, listing):
        if entry.is_dir(follow_symlinks=False):
            yield from _reports(Path(entry.path), listing, depth + 1)
        elif entry.name.endswith(".md") and _is_own(entry, listing):
            yield Path(entry.path)


def _run_folder(path: Path, parts: tuple[str, ...], logs: list[os.DirEntry[str]], listing: StoreListing) -> RunFolder:
    store_path = "/".join(parts)
    refused = {entry.name: reason for entry in logs if (reason := _why_not_read(entry, logs, listing))}
    return RunFolder(
        key=RunKey("/".join(parts[:-1]) or DEFAULT_EXPERIMENT, parts[-1]),
        path=path,
        store_path=store_path,
        logs=tuple(Path(entry.path) for entry in logs if entry.name not in refused),
        problems=tuple(
            Problem(f"{store_path}/{shown_name(name)}", 0, reason, kind) for name, (kind, reason) in refused.items()
        ),
    )


def _why_not_read(
    entry: os.DirEntry[str], logs: list[os.DirEntry[str]], listing: StoreListing
) -> tuple[ProblemKind, str] | None:
    reason = _why_not_own(entry, listing)
    if reason:
        return "line", f"{reason}; not read"
    if entry.name.endswith(".gz") and entry.name.removesuffix(".gz") in {log.name for log in logs}:
        return "note", "the same log lies here uncompressed; that one is read"
    return None


def _is_own(entry: os.DirEntry[str], listing: StoreListing) -> bool:
    """Tell whether an entry is a file of the store; if it is none, note why."""
    reason = _why_not_own(entry, listing)
    if reason:
        _note(entry, reason, listing)
    return not reason


def _note(entry: os.DirEntry[str], reason: str, listing: StoreListing) -> None:
    place = shown_name(Path(entry.path).relative_to(listing.store.path).as_posix())
    listing.problems.append(Problem(place, 0, f"{reason}; not read"))


def _why_not_own(entry: os.DirEntry[str], listing: StoreListing) -> str | None:
    """Say why an entry is not a file of the store, if so."""
    if not entry.is_symlink():
        return None if entry.is_file() else "not a file"
    store = listing.store.path.resolve()
    for place in (entry.path, *map(str, folders_on_the_way(Path(entry.path), store))):
        listing.links[place] = signature(place)
    target = Path(os.path.realpath(entry.path))  # unlike Path.resolve, a loop of links does not raise
    if not target.is_relative_to(store):
        return "a link that leaves the store"
    try:
        return None if stat.S_ISREG(target.lstat().st_mode) else "a link that leads to no file"
    except OSError:
        return "a link that leads to no file"


def _foreign_tools(entries: list[os.DirEntry[str]]) -> list[str]:
    names = {entry.name for entry in entries}
    tools = [tool for tool, marks in _FOREIGN if names.intersection(marks)]
    if any(name.startswith("events.out.tfevents") for name in names):
        tools.append("TensorBoard")
    return tools
