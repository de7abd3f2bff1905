"""Say what a new version is: the run it comes from, the file or folder it is, its digest and size."""

from pathlib import Path
from typing import Any

from runsite.errors import RegistryError
from runsite.file_digests import path_digest
from runsite.model import RunKey
from runsite.recorder.names import check_experiment, check_run_id, key_of
from runsite.recorder.redaction import Redaction
from runsite.recorder.run import ActiveRun
from runsite.recorder.run_folder import has_log
from runsite.shown_names import quoted, shown_name
from runsite.sources import list_store

RunReference = ActiveRun | RunKey | str


def version_origin(
    store: Path, *, run: RunReference | None, path: str | None, uri: str | None, digest: str | None
) -> dict[str, Any]:
    """Describe where a version comes from; raise RegistryError if that is not there."""
    if path is not None and run is None:
        raise RegistryError(f"path {quoted(path)} is relative to a run; say which run")
    if run is None and uri is None:
        raise RegistryError("a version needs the run it comes from, or the uri where it lies")
    if path is not None and uri is not None:
        raise RegistryError("a version lies at a path of its run or at a uri, not at both")
    origin: dict[str, Any] = {"uri": None if uri is None else Redaction().given(uri), "digest": digest}
    if run is not None:
        key, folder = _place_of_run(store, run)
        origin["run"] = str(key)
        if path is not None:
            origin |= _file_facts(folder, path)
    return origin


def _place_of_run(store: Path, run: RunReference) -> tuple[RunKey, Path]:
    """Return the key of a run, which may be named as it is shown, and its folder."""
    shown = shown_name(run.key if isinstance(run, ActiveRun) else str(run))
    listed = list_store(store).runs if "\\" in shown else ()  # else the key is where it lies
    found = next((folder for folder in listed if str(folder.key) == shown), None)
    if found is not None:
        return found.key, found.path
    key = run_key(run)
    return key, run_folder(store, key)


def run_key(run: RunReference) -> RunKey:
    """Return the key of a run that is named in one of three ways."""
    text = run.key if isinstance(run, ActiveRun) else str(run)
    if "/" not in text:
        raise RegistryError(f"run {quoted(text)} is named without its experiment; write experiment/{text}")
    key = key_of(text, experiment="")
    check_experiment(key.experiment)
    check_run_id(key.run)
    return key


def run_folder(store: Path, key: RunKey) -> Path:
    """Return the folder of a run that is in the store; raise RegistryError otherwise."""
    folder = store / key.experiment / key.run
    if not has_log(folder):
        raise RegistryError(f"no run {key} in {store}; `runsite runs` lists them")
    return folder


def _file_facts(folder: Path, path: str) -> dict[str, Any]:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise RegistryError(f"path {quoted(path)} leads out of the run's folder")
    if not target.exists() or target == folder.resolve():
        raise RegistryError(
            f"nothing at {quoted(path)} in {folder}; a path is relative to the run, like artifacts/model.pkl"
        )
    try:
        found = path_digest(target)
    except OSError as error:
        raise RegistryError(f"{target}: cannot be read ({error.strerror})") from error
    relative = target.relative_to(folder.resolve()).as_posix()
    return {"path": relative, "digest": f"sha256:{found.sha256}", "size_bytes": found.size_bytes}
