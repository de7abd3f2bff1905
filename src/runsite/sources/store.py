"""List a run store: a folder with a run.jsonl is a run, the path to it is its experiment.

No symbolic link to a folder is followed, and a log that is a link out of the store is not read: what a store may
show is what lies in it.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from runsite.errors import StoreError
from runsite.model import Problem, ProblemKind, RunKey

LOG_NAME = re.compile(r"run(\..+)?\.jsonl(\.gz)?")
DEFAULT_EXPERIMENT = "default"
"""The experiment of runs that lie in the store's root."""
RESERVED = ("models", "reports")
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
        return self.path.resolve().name


@dataclass(slots=True)
class StoreListing:
    """What lies in a store, sorted by path."""

    store: Store
    runs: list[RunFolder] = field(default_factory=list)
    experiments: dict[str, Path] = field(default_factory=dict)
    """experiment.md by experiment."""
    reports: list[Path] = field(default_factory=list)
    passed_over: int = 0
    """Folders that hold no run, neither themselves nor below."""
    foreign: list[str] = field(default_factory=list)
    """Other tools whose logs were seen."""


def list_store(path: Path) -> StoreListing:
    """List a store's runs, experiments and reports; StoreError if it is none."""
    _require_store(path)
    listing = StoreListing(Store(path))
    try:
        _list_folder(path, (), listing)
        listing.reports = sorted((path / "reports").rglob("*.md")) if (path / "reports").is_dir() else []
    except OSError as error:
        raise StoreError(
            Path(error.filename or path), f"cannot be listed ({error.strerror})", "make it readable or move it away"
        ) from error
    listing.runs.sort(key=lambda run: run.key)
    return listing


def _require_store(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise StoreError(path, "no such store", "give the folder your training code logs to") from None
    except OSError as error:
        raise StoreError(path, f"cannot be read ({error.strerror})", "check the path and its rights") from None
    if not stat.S_ISDIR(mode):
        raise StoreError(path, "is a file, not a store", "give the folder that holds the experiments")
    if (path / "site.json").is_file() and (path / "index.html").is_file():
        raise StoreError(path, "is a built site, not a store", "give the store it was built from")
    if any(LOG_NAME.fullmatch(entry.name) for entry in _entries(path) if entry.is_file()):
        raise StoreError(path, "is a run, not a store", "give the folder above its experiment")


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise StoreError(path, f"cannot be listed ({error.strerror})", "make it readable or move it away") from error


def _list_folder(path: Path, parts: tuple[str, ...], listing: StoreListing) -> bool:
    """List one folder; tell whether a run lies in it or below."""
    entries = _entries(path)
    logs = [entry for entry in entries if LOG_NAME.fullmatch(entry.name) and (entry.is_symlink() or entry.is_file())]
    if logs and parts:
        listing.runs.append(_run_folder(path, parts, logs, listing.store.path))
        return True
    listing.foreign += [tool for tool in _foreign_tools(entries) if tool not in listing.foreign]
    if parts and any(entry.name == "experiment.md" and _is_own_file(entry, listing.store.path) for entry in entries):
        listing.experiments["/".join(parts)] = path / "experiment.md"
    found = False
    for entry in _folders(entries, is_root=not parts):
        below = _list_folder(Path(entry.path), (*parts, _readable(entry.name)), listing)
        listing.passed_over += not below
        found |= below
    return found


def _folders(entries: list[os.DirEntry[str]], *, is_root: bool) -> Iterator[os.DirEntry[str]]:
    for entry in entries:
        if (
            entry.name not in _NEVER_RUNS
            and not (is_root and entry.name in RESERVED)
            and entry.is_dir(follow_symlinks=False)
        ):
            yield entry


def _run_folder(path: Path, parts: tuple[str, ...], logs: list[os.DirEntry[str]], root: Path) -> RunFolder:
    store_path = "/".join(parts)
    refused = {entry.name: reason for entry in logs if (reason := _why_not_read(entry, logs, root))}
    return RunFolder(
        key=RunKey("/".join(parts[:-1]) or DEFAULT_EXPERIMENT, parts[-1]),
        path=path,
        store_path=store_path,
        logs=tuple(Path(entry.path) for entry in logs if entry.name not in refused),
        problems=tuple(Problem(f"{store_path}/{name}", 0, reason, kind) for name, (kind, reason) in refused.items()),
    )


def _why_not_read(entry: os.DirEntry[str], logs: list[os.DirEntry[str]], root: Path) -> tuple[ProblemKind, str] | None:
    if not _is_own_file(entry, root):
        return "line", "a link that leaves the store; not read"
    if entry.name.endswith(".gz") and entry.name.removesuffix(".gz") in {log.name for log in logs}:
        return "note", "the same log lies here uncompressed; that one is read"
    return None


def _is_own_file(entry: os.DirEntry[str], root: Path) -> bool:
    return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root.resolve())


def _readable(name: str) -> str:
    """A folder's name as text: bytes that are not UTF-8 become \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _foreign_tools(entries: list[os.DirEntry[str]]) -> list[str]:
    names = {entry.name for entry in entries}
    tools = [tool for tool, marks in _FOREIGN if names.intersection(marks)]
    if any(name.startswith("events.out.tfevents") for name in names):
        tools.append("TensorBoard")
    return tools
